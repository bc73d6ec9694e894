"""What is checked of a workbook before it is read: that it is a plain .xlsx, no bomb, and carries nothing that acts.

A problem's `where` is the file, or the file and the part; never a cell's value and never a name out of the file.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

from mash_trawl.errors import Misconfigured, Problem

MOST_ENTRIES = 1000
MOST_BYTES = 16 * 1024 * 1024
MOST_UNPACKED = 64 * 1024 * 1024
MOST_RATIO = 150
"""Times by which a part may grow when it is unpacked; a sheet grows ten- to fortyfold. Small parts are free."""
_SMALL = 2 * 1024 * 1024

_OLD = bytes.fromhex("d0cf11e0a1b11ae1")
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_PLAIN = "Save it in Excel as `Excel Workbook (.xlsx)` and send that file."
_ACTS = (
    (re.compile(r"vbaproject|vbadata|macrosheets/|/xlm", re.I), "the workbook holds macros"),
    (re.compile(r"externallinks/", re.I), "the workbook takes values from another workbook (external links)"),
    (re.compile(r"embeddings/|oleobject|activex|ctrlprops/|\.(?:exe|dll|ole)$", re.I),
     "the workbook holds an embedded object"),
    (re.compile(r"/connections\.xml$|querytables/|/model/|customdata/|pivotcache/", re.I),
     "the workbook is tied to a database or a pivot table"),
    (re.compile(r"\.bin$", re.I), "the workbook is of the binary kind (.xlsb), or holds a binary part"),
)  # fmt: skip
_HARMLESS = re.compile(r"xl/printersettings/[^/]+\.bin", re.I)
DO_ACTS = "Copy the values into a new workbook (Paste Special, Values), save it as `Excel Workbook (.xlsx)`, send that."


def unpack(data: bytes, name: str) -> zipfile.ZipFile:
    """The archive behind the bytes of a workbook. Raises Misconfigured with one problem; nothing is written."""
    what, do = _kind_fault(data)
    archive: zipfile.ZipFile | None = None
    if not what:
        try:
            archive = zipfile.ZipFile(BytesIO(data))
            what, do = _entries_fault(archive.infolist())
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
            what, do = "the file is cut off or damaged", "Send it again."
    if archive is None or what:
        raise Misconfigured(Problem(where=name, what=f"{what}.", do=do))
    return archive


def _kind_fault(data: bytes) -> tuple[str, str]:
    """Why these bytes are no .xlsx at all."""
    if len(data) > MOST_BYTES:
        return f"the file is larger than {MOST_BYTES // 1024 // 1024} MB", "Check that it is the right file."
    if data[:8] == _OLD and _LOCKED in data:
        return "the workbook is protected by a password", "Take the password off in Excel, save, and send it safely."
    if data[:8] == _OLD:
        return "this is a very old Excel file (.xls)", _PLAIN
    if data[:2] != b"PK":
        return "this is not an Excel workbook", _PLAIN
    return "", ""


def _entries_fault(entries: list[zipfile.ZipInfo]) -> tuple[str, str]:
    """The first fault in the archive's table of contents."""
    if len(entries) > MOST_ENTRIES:
        return "the workbook is made of too many parts", "Send a plain one."
    seen: set[str] = set()
    for entry in entries:
        if _leads_out(entry.filename) or entry.filename.lower() in seen:
            return "a part of the workbook has a name that leads elsewhere, or stands there twice", "Make a new one."
        seen.add(entry.filename.lower())
        if entry.flag_bits & 1:
            return "the workbook is protected by a password", "Take the password off in Excel, and save it."
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return "the workbook is packed in a way that Excel does not use", _PLAIN
        if entry.file_size > max(_SMALL, entry.compress_size * MOST_RATIO):
            return "the workbook would grow far too large when it is unpacked", "Do not open it; ask who sent it."
        for sign, what in _ACTS:
            if sign.search(entry.filename) and not _HARMLESS.fullmatch(entry.filename):
                return what, DO_ACTS
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        return f"the workbook is larger than {MOST_UNPACKED // 1024 // 1024} MB when it is unpacked", "Send less."
    if "[content_types].xml" not in seen:
        return "this is a zip file, and no Excel workbook", _PLAIN
    return "", ""


def _leads_out(name: str) -> bool:
    parts = name.split("/")
    return not name or "\\" in name or ":" in name or "\0" in name or parts[0] == "" or ".." in parts


def type_fault(kind: str, place: str = "") -> str:
    """What is wrong with a content type or a relation's type, by its words; empty if nothing."""
    kind, place = kind.lower(), place.lower()
    for words, what in (
        (("macro", "vbaproject"), "the workbook holds macros"),
        (("externallink",), "the workbook takes values from another workbook (external links)"),
        (
            ("oleobject", "activex", "ctrlprop", "relationships/package", "control"),
            "the workbook holds an embedded object",
        ),
        (("sheet.binary",), "the workbook is of the binary kind (.xlsb)"),
        (("connections", "querytable", "pivot"), "the workbook is tied to a database or a pivot table"),
    ):
        if any(word in kind for word in words):
            return what
    if place == "external" and not kind.endswith("/hyperlink"):
        return "the workbook fetches something from outside"
    return ""
