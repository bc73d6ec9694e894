"""What plugins are installed, and the digest of their files; nothing of them is imported to find out."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.machinery import PathFinder
from importlib.metadata import Distribution, EntryPoint, distributions
from importlib.util import find_spec
from pathlib import Path

from mash_trawl.model.hub import Approved
from mash_trawl.sources.worker_facts import Order

_BROUGHT = {
    "adult-social-care": "adult_social_care",
    "childrens-centres": "childrens_centres",
    "district-council": "district_council",
    "early-help": "early_help",
    "education": "education education_one",
    "health": "health gp_return",
    "housing": "housing housing_civica",
    "police": "police police_desk police_file",
    "probation": "probation probation_file",
    "social-care": "social_care mosaic ssd ssd_early_help",
    "specialist": "adult_safeguarding cse domestic_abuse hate_crime missing_people",
    "youth-offending": "youth_offending",
}
OURS: Mapping[str, frozenset[str]] = {f"mash-trawl-{name}": frozenset(said.split()) for name, said in _BROUGHT.items()}
"""Distributions of this repository, each with what its connectors are called.

What any other brings is loaded in a worker, and the engine never imports it.
"""
OUR_NAMES = frozenset().union(*OURS.values())
"""Nobody else's connectors may be called so."""
GROUP = "mash_trawl"
"""The entry-point group of plugins."""
_MADE_HERE = "__pycache__"


@dataclass(frozen=True, kw_only=True)
class Found:
    """One entry point of an installed distribution; nothing of it is imported yet."""

    distribution: str
    version: str
    place: str
    entry: EntryPoint
    source: Distribution

    @property
    def order(self) -> Order:
        """How a worker loads it."""
        told = {"place": self.place, "distribution": self.distribution, "plugin": self.entry.name}
        return told | {"sha256": self.sha256}

    @property
    def ours(self) -> bool:
        """Is it of this repository?"""
        return self.distribution in OURS

    @property
    def approval(self) -> Approved:
        """What a hub file approves it by."""
        return Approved(distribution=self.distribution, plugin=self.entry.name, sha256=self.sha256)

    def is_meant(self, item: Approved) -> bool:
        """Is it what the hub file approves, by distribution and by name?"""
        return self.distribution == plain(item.distribution) and self.entry.name == item.plugin

    @property
    def tops(self) -> frozenset[str]:
        """The first names of the modules that its digest may hold."""
        files = {Path(file.parts[0]).stem for file in self.source.files or () if file.parts[0] != ".."}
        return frozenset({self.entry.module.partition(".")[0], *files})

    @cached_property
    def sha256(self) -> str:
        """The digest of every file that this plugin is made of, by its path and content, and of its entry point.

        Of the distribution the files that its own list names, and the whole package that the entry point would be
        imported from: a file more, a file less, another byte, or a folder that comes before it on the path is another
        digest. What Python compiled beside the files is left out. Empty when there is no such package, or it cannot be
        read: nobody can approve it then, and whoever asks what is installed is not held up by it.
        """
        try:
            return self._digest()
        except (AttributeError, ImportError, OSError, TypeError, ValueError):
            return ""

    def _digest(self) -> str:
        files = _package(self.entry.module)
        if not files:
            return ""
        for file in self.source.files or ():
            at = Path(str(file.locate()))
            if not file.parts[0].endswith(".dist-info") and _MADE_HERE not in file.parts and at.is_file():
                files[file.as_posix()] = at
        made = hashlib.sha256(f"{self.entry.name} = {self.entry.value}\n".encode())
        for name in sorted(files):
            made.update(f"{name}\0{hashlib.sha256(files[name].read_bytes()).hexdigest()}\n".encode())
        return made.hexdigest()


def mistrust(item: Approved, found: Found) -> str:
    """Why an installed plugin is not quite what the hub file approves; empty if nothing is to be said."""
    if item.sha256 is None:
        if found.ours:
            return "is approved without its sha256: whatever version of it is installed is loaded."
        line = f"Read its code, then write `sha256: {found.sha256}` beside it under `approve:`."
        return f"is approved without its sha256, and is not one of ours: it is not imported. {line}"
    if item.sha256 == found.sha256:
        return ""
    line = f"If that is meant, read what changed and write `sha256: {found.sha256}`."
    return f"is not what hub.yaml approves, its files have another sha256: it is not imported. {line}"


def installed(path: list[str] | None = None) -> Iterator[Found]:
    """Every entry point of the group, from metadata only; the same folder listed twice counts once.

    A distribution's own words, with its whole description, are read only of the few that have such an entry point. One
    whose words cannot be read offers nothing, and costs nobody else anything.
    """
    seen: set[tuple[str, str]] = set()
    for one in distributions(path=sys.path if path is None else path):
        entries, name, version, place = _told(one)
        if not name or (name, place) in seen:
            continue
        seen.add((name, place))
        for entry in entries:
            yield Found(distribution=name, version=version, place=place, entry=entry, source=one)


def printable(text: str) -> str:
    """A name that somebody else's metadata says, as it may stand on a screen: nothing in it moves a cursor."""
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-+! ") else "?" for sign in text)


def _told(one: Distribution) -> tuple[list[EntryPoint], str, str, str]:
    """Its plugins, name, version and folder; no name when there is no plugin, or it cannot be read."""
    try:
        entries = [entry for entry in one.entry_points if entry.group == GROUP]
        if entries:
            place = str(Path(str(one.locate_file(""))).resolve())
            return entries, plain(printable(one.metadata["Name"] or "")), printable(one.version or ""), place
    except Exception:  # whatever parsing somebody's broken files raises
        return [], "", "", ""
    return [], "", "", ""


def plain(name: str) -> str:
    """A distribution's name as installers compare it: small letters, one dash for any run of `-`, `_`, `.`."""
    return "-".join(part for part in name.lower().replace("_", "-").replace(".", "-").split("-") if part)


def _below(folder: Path) -> Iterator[Path]:
    """Every file that Python would find in it, through links to folders too; each real folder once."""
    seen: set[str] = set()
    for place, folders, names in os.walk(folder, followlinks=True, onerror=_raise):
        real = os.path.realpath(place)
        folders[:] = sorted(set(folders) - {_MADE_HERE}) if real not in seen else []
        if real in seen:
            continue
        seen.add(real)
        yield from (file for file in (Path(place, name) for name in names) if file.is_file())


def _raise(error: OSError) -> None:
    raise error


def _package(module: str) -> dict[str, Path]:
    """The files of the package, or the one file, that importing `module` would run first, by their path in it.

    Packages without a file of their own (namespaces) are gone through: importing them runs nothing.
    """
    path: list[str] | None = None
    parts = module.split(".")
    for depth, _ in enumerate(parts, start=1):
        name = ".".join(parts[:depth])
        spec = find_spec(name) if depth == 1 else PathFinder.find_spec(name, path)
        if spec is None:
            return {}
        if spec.origin is not None:
            first = Path(spec.origin)
            if not spec.submodule_search_locations:
                return {first.name: first}
            return {file.relative_to(first.parent.parent).as_posix(): file for file in _below(first.parent)}
        path = list(spec.submodule_search_locations or ())
    return {}
