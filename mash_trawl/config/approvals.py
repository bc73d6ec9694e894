"""Every file that a decision rests on, with the digest by which a named person approves it.

A name says where a file stands and is the same on every machine: relative to the hub's folder as hub.yaml writes it,
or `package:` and its place among the profiles that come with the program.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from mash_trawl.config.chain import profile_folders, read_chain
from mash_trawl.config.files import read_text
from mash_trawl.config.profiles import beside, profile_of_chain
from mash_trawl.config.thresholds import threshold_file
from mash_trawl.errors import Misconfigured, Problem

if TYPE_CHECKING:
    from mash_trawl.model.hub import HubFile
    from mash_trawl.model.profile import Profile

HUB_FILE = "hub.yaml"
PACKAGED = "package:"


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
    profile = profile_of_chain(chain, hub_dir)
    found = [_document(file, hub_dir, chain.folders) for file in chain.files]
    for document, tree in zip(found, chain.trees, strict=True):
        if document.sha256 != tree.sha256:
            raise Misconfigured(_changed(document.name))
    if profile.thresholds and (file := threshold_file(profile.thresholds, beside(hub_dir, chain))):
        found.append(_document(file, hub_dir, chain.folders))
    documents = tuple(found)
    label = f"{profile.id}@{profile.version}"
    return Policy(profile=profile, name=label, documents=documents, sha256=policy_digest(documents))


def policy_digest(documents: Iterable[Document]) -> str:
    """One digest for several files: of their names and digests, in their order."""
    lines = "".join(f"{item.sha256}  {item.name}\n" for item in documents)
    return hashlib.sha256(lines.encode("utf-8")).hexdigest()


def documents(settings: HubFile, folder: FilePath, profiles: Iterable[Policy] | None = None) -> tuple[Document, ...]:
    """Every file that a decision of this hub rests on, each once: hub.yaml, mappings, agreements, profiles, thresholds.

    `profiles` absent: all that hub.yaml lists are read. Raises Misconfigured when a file cannot be read: what cannot be
    approved as it is cannot count.
    """
    named = [HUB_FILE, *settings.agreements, *(source.mapping for source in settings.sources if source.mapping)]
    found = [_named(name, folder) for name in dict.fromkeys(named)]
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
