"""RECORD, as people name it: a sealed file, the id of a case (its newest product), or the opaque id of a record.

A record's id is 32 hexadecimal digits; with `-v<N>`, as its files are called, it is that version, else the newest.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl.cli.find_case import case_id, is_file
from mash_trawl.errors import Misconfigured, Problem, Refused

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.vault.custody import KnownRecord

_RECORD = re.compile(r"([0-9a-f]{32})(?:-v([1-9][0-9]{0,5})(?:\.mtr)?)?")
_CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def find_record(hub: Hub, text: str) -> KnownRecord:
    """What this hub sealed under this name; it may be destroyed, or its file may lie elsewhere by now.

    A file is told by its bytes, never by its name. Misconfigured when nothing fits, or when an id could be that of a
    record and that of another case. Refused when there is such a file and it is no whole record of this hub.
    """
    if is_file(text):
        return hub.custody.sealed_as(Path(text))
    found = [known for known in (_by_record(hub, text), _by_case(hub, text)) if known is not None]
    if len({known.case for known in found}) > 1:
        what = "this is the id of a record, and that of another case too."
        raise Misconfigured(Problem(where="RECORD", what=what, do="Name the file."))
    if not found:
        raise Misconfigured(_none())
    return found[0]


def file_of(hub: Hub, text: str) -> Path:
    """The sealed file to open. A named file is taken as it is: custody says what is wrong with it, and notes it.

    Misconfigured when nothing fits or the file is not where it was sealed to; Refused("destroyed").
    """
    if is_file(text):
        return Path(text)
    known = find_record(hub, text)
    if known.state == "destroyed":
        raise Refused("destroyed", "the records of this case were destroyed")
    if known.path is None or not known.path.is_file():
        what = f"version {known.version} of the record is not where it was sealed to."
        raise Misconfigured(Problem(where="RECORD", what=what, do="Name the .mtr file where it lies now."))
    return known.path


def newest_of(hub: Hub, text: str) -> KnownRecord:
    """The record whose readers are meant. Misconfigured when an older version is named: readers open the newest."""
    known = find_record(hub, text)
    if known.state in ("superseded", "closed"):
        what = f"this is version {known.version}, and a newer one was sealed: readers are kept for the newest."
        raise Misconfigured(Problem(where="RECORD", what=what, do="Name the case, or the record's id without `-v`."))
    return known


def case_of(hub: Hub, text: str) -> str:
    """The id of the case that is meant: a case id, the file of a draft, or a record's id.

    An id that this hub never sealed anything for is given back as it is, so that custody refuses it. Misconfigured for
    what cannot be an id, for a name with two meanings, and for one version or one sealed file: a case is more.
    """
    case, record = _by_case(hub, text), _by_record(hub, text)
    if record is not None and text != record.record:
        what = "this is one sealed version, and the whole case is meant here."
        raise Misconfigured(Problem(where="CASE", what=what, do="Name the case's id, or the record's id without `-v`."))
    meant = {known.case for known in (case, record) if known is not None}
    if is_file(text):
        meant.add(_stated(Path(text)))
    if len(meant) > 1:
        what = "this could be more than one case."
        raise Misconfigured(
            Problem(where="CASE", what=what, do="Name the case's id, from a folder without such a file.")
        )
    if not meant and not _CASE.fullmatch(text):
        what = "there is no such file, and this cannot be the id of a case."
        raise Misconfigured(Problem(where="CASE", what=what, do="Name a case id; the command `case list` shows them."))
    return next(iter(meant), text)


def _by_record(hub: Hub, text: str) -> KnownRecord | None:
    found = _RECORD.fullmatch(text)
    if found is None:
        return None
    record, number = found.groups()
    return _known(lambda: hub.custody.version(record, int(number) if number else None))


def _by_case(hub: Hub, text: str) -> KnownRecord | None:
    return _known(lambda: hub.custody.newest(text)) if _CASE.fullmatch(text) else None


def _known(ask: Callable[[], KnownRecord]) -> KnownRecord | None:
    try:
        return ask()
    except Refused as refusal:
        if refusal.why in ("unknown_case", "unknown_record"):
            return None
        raise


def _stated(file: Path) -> str:
    """The id of the case that a draft states; Misconfigured for any other file."""

    ident = case_id(file)
    if ident is None or not _CASE.fullmatch(ident):
        what = "this file is no case file: it states no case id."
        raise Misconfigured(Problem(where="CASE", what=what, do="Name a case id, a record's id or a case file."))
    return ident


def _none() -> Problem:
    what = "there is no such file, and no case of this id has a product here, nor is it the id of a record here."
    return Problem(where="RECORD", what=what, do="Name a .mtr file, a case id or a record id.")
