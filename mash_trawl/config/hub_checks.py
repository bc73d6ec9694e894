"""What must fit together in a hub file: names, one road to each source, keys outside, limits that can work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path as FilePath

from mash_trawl.config.chain import split_pin
from mash_trawl.config.look import Spot
from mash_trawl.config.problems import Found
from mash_trawl.config.tree import Tree
from mash_trawl.model.duration import Duration
from mash_trawl.model.roles import ACTS, ROLES

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_NOBODY = re.compile(r"999[0-9]{7}")
_SHORTEST = 5
_SHA256 = re.compile(r"[0-9a-f]{64}")
_QUIET = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]")
_AT_LEAST_ONE = ("rows", "parallel", "per_second", "attempts")
_TIMES = ("deadline", "fresh_for")


def check_hub(tree: Tree, folder: FilePath) -> list[Found]:
    """Every problem between parts of a hub file that stands in `folder`."""
    hub = Spot(tree.data)
    return list(
        chain(
            _names(hub),
            *(_digest(item["sha256"]) for item in hub.each("approve")),
            _profiles(hub),
            _roots(hub, folder),
            _roles(hub["roles"]),
            *(_source(source) for source in hub.each("sources")),
            *(_tls(part) for part in (hub, *hub.each("sources"))),
        )
    )


def _names(hub: Spot) -> Iterator[Found]:
    for group, key, what in (
        ("sources", "name", "source"),
        ("people", "id", "person"),
        ("people", "account", "person"),
    ):
        seen: set[str] = set()
        for item in hub.each(group):
            name = item[key].text
            if name is None or (key == "account" and item["left"].value is not None):  # whoever left gave it back
                continue
            if name in seen:
                path = item[key].path
                yield Found(path=path, what=f"another {what} already has this {key}", do="Give each its own.")
            seen.add(name)
    for spot in (hub["name"], *(source["name"] for source in hub.each("sources"))):
        if spot.text is not None and not _NAME.fullmatch(spot.text):
            yield Found(path=spot.path, what="this cannot be a name", do="Use small letters, digits, dash, underscore.")


def _digest(spot: Spot) -> Iterator[Found]:
    if spot.text is not None and not _SHA256.fullmatch(spot.text):
        do = "Write the 64 digits that `mash-trawl connectors list` shows for it."
        yield Found(path=spot.path, what="this is no sha256", do=do)


def _profiles(hub: Spot) -> Iterator[Found]:
    profiles = list(hub.each("profiles"))
    if isinstance(hub["profiles"].value, list | tuple) and not profiles:
        yield Found(path=hub["profiles"].path, what="the hub lists no profile", do="Name at least one.")
    seen: set[str] = set()
    for spot in profiles:
        name, _ = split_pin(spot.text or "")
        if name in seen:
            yield Found(path=spot.path, what="this profile is listed twice", do="Keep one.")
        seen.add(name)
    seen = set()
    for spot in hub.each("agreements"):
        if spot.text in seen:
            yield Found(path=spot.path, what="this agreement is listed twice", do="Keep one.")
        seen.add(spot.text or "")


def _roots(hub: Spot, folder: FilePath) -> Iterator[Found]:
    """A root key inside the hub would be in every copy and backup of it, and so destroy nothing."""
    spots = list(hub["root_keys"].each("paths"))
    if isinstance(hub["root_keys"]["paths"].value, list | tuple) and not spots:
        yield Found(path=hub["root_keys"]["paths"].path, what="no root key is named", do="Name one file at least.")
    home = folder.resolve()
    for spot in spots:
        if spot.text is None or "\0" in spot.text:
            continue
        if (folder / spot.text).resolve().is_relative_to(home):
            do = "Put it outside, for example ../keys/root.a."
            yield Found(path=spot.path, what="the root key lies inside the hub's own directory", do=do)


def _roles(roles: Spot) -> Iterator[Found]:
    """A hub file may take an act away from a role, and may give roles other names; it gives no role more."""
    for name, spot in roles.entries("names"):
        if name in ROLES:
            yield Found(path=spot.path, what="this role has its meaning already", do="Use a new name.")
        for role in roles["names"].each(name):
            if role.text is not None and role.text not in ROLES:
                yield Found(path=role.path, must="a role", do=f"One of {', '.join(ROLES)}.")
    for act, spot in roles.entries("may"):
        if act not in ACTS:
            yield Found(path=spot.path, what="this is no act", do=f"One of {', '.join(ACTS)}.")
            continue
        for role in roles["may"].each(act):
            if role.text is not None and role.text not in ACTS[act].roles:
                do = f"Only these can keep it: {', '.join(ACTS[act].roles)}."
                yield Found(path=role.path, what="this role cannot be given the act", do=do)


def _source(source: Spot) -> Iterator[Found]:
    roads = [key for key in ("connector", "mapping") if source[key].value is not None]
    if isinstance(source.value, dict) and len(roads) != 1:
        what = "a source needs exactly one of `connector` and `mapping`"
        yield Found(path=source[roads[1]].path if roads else source.path, what=what, do="Keep one of them.")
    limits = source["limits"]
    for key in _AT_LEAST_ONE:
        if str(limits[key].value).strip() in ("0", "-0") or str(limits[key].value).startswith("-"):
            yield Found(path=limits[key].path, what=f"`{key}` must be at least 1")
    for key in _TIMES:
        if (text := limits[key].text) and _nothing(text):
            yield Found(path=limits[key].path, what=f"`{key}` must be longer than nothing")
    yield from _received(source)
    yield from _test_person(source["test_person"])
    quiet = limits["quiet_hours"].text
    if quiet is not None and not _QUIET.fullmatch(quiet):
        do = 'Write "01:00-03:00": hours and minutes, local time; it may pass midnight.'
        yield Found(path=limits["quiet_hours"].path, what="these are not quiet hours", do=do)
    for key in ("from", "to", "as_of"):
        spot = source["coverage"][key]
        if spot.text is not None and spot.date is None:
            yield Found(path=spot.path, must="a date", do="For example 2009-04.")


def _test_person(person: Spot) -> Iterator[Found]:
    """Somebody who does not exist: of what may be asked by, the NHS number alone can prove that nobody has it."""
    number, postcode = person["nhs_number"].text, person["postcode"].text
    if number is not None and not _NOBODY.fullmatch("".join(number.split())):
        what, do = "this NHS number may be a real person's", "A test person's begins with 999; leave it out if not so."
        yield Found(path=person["nhs_number"].path, what=what, do=do)
    if postcode is not None and len("".join(postcode.split())) < _SHORTEST:
        yield Found(path=person["postcode"].path, must="a postcode", do="For example NB1 4QT.")


def _received(source: Spot) -> Iterator[Found]:
    """What is sent is read by a mapping, from the hub's own sealed copy and from nowhere else."""
    received = source["received"]
    if received.value is None:
        return
    if source["mapping"].value is None:
        yield Found(path=received.path, what="files that are sent are read by a `mapping`, and it names none")
    if source["connect"]["folder"].value is not None:
        do = "Keep `received` or `folder`."
        yield Found(path=source["connect"]["folder"].path, what="files come to a folder or are sent, not both", do=do)
    if (text := received["keep"].text) and _nothing(text):
        yield Found(path=received["keep"].path, what="`keep` must be longer than nothing")


def _nothing(text: str) -> bool:
    try:
        return Duration.parse(text).seconds == 0
    except ValueError:
        return False


def _tls(part: Spot) -> Iterator[Found]:
    until = part["tls"]["unverified"]["until"]
    if until.text is not None and not (until.date and until.date.exact):
        yield Found(path=until.path, must="one exact day", do="For example 2026-12-31.")
