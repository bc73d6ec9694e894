"""The threshold document of a partnership: found beside the profile, read strictly, laid into it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from mash_trawl.config.files import read_tree
from mash_trawl.config.problems import Found, nearest, report
from mash_trawl.config.read import validate
from mash_trawl.config.tree import Tree
from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.profile import Level
from mash_trawl.model.threshold import ThresholdDocument

if TYPE_CHECKING:
    from mash_trawl.model.profile import Profile

_LEVEL = re.compile(r"[0-9]{1,2}")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_CLAUSE = re.compile(r"[A-Za-z0-9]{1,8}(\.[A-Za-z0-9]{1,8}){0,4}")


def load_thresholds(path: str | FilePath) -> ThresholdDocument:
    """The document in a file. Raises Misconfigured with every problem at file:line:column."""
    return _read(path)[0]


def _read(path: str | FilePath) -> tuple[ThresholdDocument, str]:
    tree = read_tree(path)
    document = validate(ThresholdDocument, tree)
    report(_faults(document), tree)
    return document, tree.sha256


def _faults(document: ThresholdDocument) -> Iterator[Found]:
    """What is wrong with a document whose parts are each well formed."""
    for name in ("id", "edition"):
        if not _WORD.fullmatch(getattr(document, name)):
            do = "Letters, digits, dot, dash and underscore: a case names the document as ID@EDITION."
            yield Found(path=(name,), what=f"`{name}` cannot be cited as it is written", do=do)
    if document.review_on <= document.agreed_on:
        what = "the document would be reviewed before it was agreed"
        yield Found(path=("review_on",), what=what, do="Mend one of the two days.")
    if not document.levels:
        yield Found(path=("levels",), what="there is no level of need", do="Give at least one.")
    seen: set[str] = set()
    for level, said in document.levels.items():
        if not _LEVEL.fullmatch(level):
            yield Found(path=("levels", level), what="a level is a number", do='Write "1", "2" and so on.', key=True)
        for number, words in said.clauses.items():
            at = ("levels", level, "clauses", number)
            if not _CLAUSE.fullmatch(number):
                yield Found(path=at, what="this number cannot be cited", do='Write it like "4.2".', key=True)
            elif number in seen:
                yield Found(path=at, what="this clause stands in two levels", do="Number each clause once.", key=True)
            elif not words.strip():
                yield Found(path=at, what="this clause says nothing", do="Write its words, or leave it out.")
            seen.add(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """The file of a threshold document, and the digest of the very bytes that were laid into a profile."""

    file: FilePath
    sha256: str


def laid_thresholds(profile: Profile, tree: Tree, folders: Sequence[FilePath]) -> tuple[Profile, Laid | None]:
    """The profile with the document that it names, and where that came from; None for a profile that names none.

    Its levels then have the document's titles and meanings. `folders` are where the file is looked for, nearest first.
    Raises Misconfigured: no such file, a level that the profile takes or one of its rules names and the document does
    not know, anything wrong in the document itself.
    """
    if not profile.thresholds:
        return profile, None
    file = threshold_file(profile.thresholds, folders)
    if file is None:
        known = sorted({item.name for folder in folders for item in folder.glob("thresholds/*.yaml")})
        known = [f"thresholds/{name}" for name in known]
        what = "the threshold document that the profile names is not there."
        raise Misconfigured(
            Problem(where=tree.where(("thresholds",)), what=what, do=nearest(profile.thresholds, known))
        )
    document, sha256 = _read(file)
    report(_unknown_levels(profile, document), tree)
    levels = {key: Level(title=said.title, meaning=said.meaning) for key, said in document.levels.items()}
    return replace(profile, levels=levels, document=document), Laid(file=file, sha256=sha256)


def threshold_file(name: str, folders: Sequence[FilePath]) -> FilePath | None:
    """The file of this name, relative to the first of the folders that has it; never one outside of them."""
    parts = FilePath(name)
    if parts.is_absolute() or ".." in parts.parts or ":" in name or "\\" in name:
        return None
    return next((folder / parts for folder in folders if (folder / parts).is_file()), None)


def written_in_file(tree: Tree) -> Iterator[Found]:
    """A profile file names its document; it never holds it, or two editions would be mixed by an overlay."""
    if isinstance(tree.data, dict) and "document" in tree.data:
        do = "Write the document in a file of its own, and name that under `thresholds:`."
        yield Found(path=("document",), what="this key is not known here", do=do, key=True)


def _unknown_levels(profile: Profile, document: ThresholdDocument) -> Iterator[Found]:
    """Every level that the profile's rules speak of and the document does not."""
    places: list[tuple[tuple[str, ...], tuple[int, ...]]] = [(("scope", "levels"), profile.scope.levels)]
    places += [(("gateways", name, "levels"), gateway.levels) for name, gateway in profile.gateways.items()]
    places += [(("routing", name, "levels"), route.levels) for name, route in profile.routing.items()]
    for path, levels in places:
        if missing := [str(level) for level in levels if str(level) not in document.levels]:
            what = f"{document.name} has no level {' or '.join(missing)}"
            yield Found(path=path, what=what, do=f"It has: {', '.join(document.levels)}.")
