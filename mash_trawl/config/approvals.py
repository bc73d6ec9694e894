"""Every file that a decision rests on, with the digest by which a named person approves it.

A name says where a file stands and is the same on every machine: relative to the hub's folder as hub.yaml writes it,
or `package:` and its place among the profiles that come with the program.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from mash_trawl.config.chain import profile_folders, read_chain
from mash_trawl.config.files import read_text
from mash_trawl.config.profiles import profile_with_papers
from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.statement import Approval

if TYPE_CHECKING:
    from mash_trawl.model.hub import HubFile
    from mash_trawl.model.profile import Profile
    from mash_trawl.model.statement import Checked

HUB_FILE = "hub.yaml"
PACKAGED = "package:"
Parsed = tuple[str, str]
"""The name of a file that was parsed, and the digest of the bytes that it was parsed from."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Document:
    """One file: its name, the digest of its bytes, and its text (that of hub.yaml may hold a password)."""

    name: str
    sha256: str
    text: str

    def __repr__(self) -> str:
        return f"<Document {self.name} {self.sha256[:12]}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A profile and the files that it was read from. `name` is `children_in_need@2026.1`, `sha256` that of them all."""

    profile: Profile
    name: str
    documents: tuple[Document, ...]
    sha256: str


def read_policy(name: str, hub_dir: FilePath | None = None) -> Policy:
    """The profile of this name with its files, for whoever decides by it and must say by which words exactly.

    Raises Misconfigured as `load_profile`, and when a file changed while it was read.
    """
    chain = read_chain(name, profile_folders(hub_dir))
    profile, laid = profile_with_papers(chain, hub_dir)
    parsed = [(file, tree.sha256) for file, tree in zip(chain.files, chain.trees, strict=True)]
    parsed += [(laid.file, laid.sha256)] if laid else []
    found = [_document(file, hub_dir, chain.folders) for file, _ in parsed]
    for document, (_, sha256) in zip(found, parsed, strict=True):
        if document.sha256 != sha256:
            raise Misconfigured(_changed(document.name))
    documents = tuple(found)
    label = f"{profile.id}@{profile.version}"
    return Policy(profile=profile, name=label, documents=documents, sha256=policy_digest(documents))


def approved_now(spoken: Iterable[Checked]) -> Mapping[str, Approval]:
    """The approval that stands for each file, from the hub's checked statements (oldest first).

    The first approval of `hub.yaml` is trusted, and voids what anybody approved before whom it does not name. From then
    on an approval counts only by one of the `approvers` that the last one of `hub.yaml` names: nobody makes themselves
    an approver by writing it into the file, nor by being there first.
    """
    standing: dict[str, tuple[Approval, str]] = {}
    for item in spoken:
        said, by = item.statement.said, item.statement.by
        chain = standing.get(HUB_FILE)
        if not isinstance(said, Approval) or (chain is not None and by not in chain[0].approvers):
            continue
        if chain is None and said.file == HUB_FILE:
            standing = {name: before for name, before in standing.items() if before[1] in said.approvers}
        standing[said.file] = (said, by)
    return {name: said for name, (said, _) in standing.items()}


def wants_approvals(settings: HubFile, standing: Mapping[str, Approval]) -> bool:
    """Whether only approved files count. Once hub.yaml was approved, no word in hub.yaml takes that back."""
    return settings.statements == "signed" or HUB_FILE in standing


def policy_digest(documents: Iterable[Document]) -> str:
    """One digest for several files: of their names and digests, in their order."""
    lines = "".join(f"{item.sha256}  {item.name}\n" for item in documents)
    return hashlib.sha256(lines.encode("utf-8")).hexdigest()


def documents(
    settings: HubFile, folder: FilePath, profiles: Iterable[Policy] | None = None, parsed: Iterable[Parsed] = ()
) -> tuple[Document, ...]:
    """Every file that a decision of this hub rests on, each once: hub.yaml, mappings, agreements, profiles, thresholds.

    `profiles` absent: all that hub.yaml lists are read. `parsed`: what the hub already took from these files. Raises
    Misconfigured when a file cannot be read, for what cannot be approved as it is cannot count; and when it is not what
    was parsed, for then it would be approved in place of what the hub runs with.
    """
    named = [HUB_FILE, *settings.agreements, *(source.mapping for source in settings.sources if source.mapping)]
    found = [_named(name, folder) for name in dict.fromkeys(named)]
    digests = {document.name: document.sha256 for document in found}
    changed = [name for name, sha256 in parsed if digests.get(name) != sha256]
    if changed:
        raise Misconfigured(*(_changed(name) for name in dict.fromkeys(changed)))
    policies = (read_policy(name, folder) for name in settings.profiles) if profiles is None else profiles
    found += [document for policy in policies for document in policy.documents]
    return tuple({document.name: document for document in found}.values())


def _named(name: str, folder: FilePath) -> Document:
    text, sha256 = read_text(folder / name)
    return Document(name=name, sha256=sha256, text=text)


def _document(file: FilePath, hub_dir: FilePath | None, folders: Iterable[FilePath]) -> Document:
    """A file of a profile, named by the hub's folder if it lies there, else by the package's."""
    text, sha256 = read_text(file)
    return Document(name=_name(file, hub_dir, folders), sha256=sha256, text=text)


def _name(file: FilePath, hub_dir: FilePath | None, folders: Iterable[FilePath]) -> str:
    if hub_dir and file.is_relative_to(hub_dir):
        return file.relative_to(hub_dir).as_posix()
    home = next(folder for folder in folders if file.is_relative_to(folder))
    return PACKAGED + file.relative_to(home).as_posix()


def _changed(name: str) -> Problem:
    return Problem(where=name, what="the file changed while it was read.", do="Try again when nobody edits it.")
