"""The parts of a workbook around its sheets: which sheets there are, the shared texts, how numbers are shown."""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass
from datetime import datetime

from mash_trawl.config.workbook_cells import MOST_TEXT, Look, look_of, unescaped
from mash_trawl.config.workbook_xml import DAMAGED, Bad, Part, Purse, parse
from mash_trawl.config.workbook_zip import DO_ACTS, type_fault

MOST_STRINGS_TEXT = 8 * 1024 * 1024
"""Characters of all shared texts together; they are held in memory."""
MOST_STRINGS = 200_000
MOST_FORMATS = 66_000
"""Cell formats; Excel writes at most 65,490."""
MOST_CODES = 5000
_BOOK_TYPES = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A sheet as the workbook lists it: its title, its part, and whether it is hidden."""

    title: str
    part: str
    hidden: bool


class Types(Part):
    """`[Content_Types].xml`: what each part is. Anything that acts is refused."""

    def __init__(self) -> None:
        self.book = ""

    def start(self, name: str, values: dict[str, str]) -> None:
        kind = values.get("ContentType", "")
        if what := type_fault(kind):
            raise Bad(what, DO_ACTS)
        if name == "Override" and kind in _BOOK_TYPES:
            self.book = values.get("PartName", "").lstrip("/")


class Relations(Part):
    """A `.rels` part: targets by id. Links to outside that are more than a hyperlink are refused."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.targets: dict[str, str] = {}
        self.by_kind: dict[str, str] = {}

    def start(self, name: str, values: dict[str, str]) -> None:
        if name != "Relationship":
            return
        kind, target, outside = values.get("Type", ""), values.get("Target", ""), values.get("TargetMode", "")
        if what := type_fault(kind, outside):
            raise Bad(what, DO_ACTS)
        if outside.lower() != "external":
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{self.folder}/{target}")
            self.targets[values.get("Id", "")] = path
            self.by_kind.setdefault(kind.rpartition("/")[2], path)


class Book(Part):
    """`workbook.xml`: the sheets in their order, and the day from which days are counted."""

    def __init__(self, relations: Relations) -> None:
        self._relations = relations
        self.sheets: list[Listed] = []
        self.epoch = datetime(1899, 12, 30)
        self._inside: list[str] = []

    def start(self, name: str, values: dict[str, str]) -> None:
        self._inside.append(name)
        if name == "workbookPr" and values.get("date1904", "").lower() in ("1", "true"):
            self.epoch = datetime(1904, 1, 1)
        if name == "sheet" and self._inside[-2:-1] == ["sheets"]:
            ident = next((value for key, value in values.items() if key.endswith("relationships id")), "")
            if ident not in self._relations.targets:
                raise Bad(DAMAGED)
            hidden = values.get("state", "visible") != "visible"
            self.sheets.append(Listed(title=values.get("name", ""), part=self._relations.targets[ident], hidden=hidden))

    def end(self, name: str) -> None:
        self._inside.pop()


class Strings(Part):
    """`sharedStrings.xml`: the texts that cells name by number. Reading aids for Japanese (rPh) are not text."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._now: list[str] = []
        self._take = False
        self._aid = False
        self._total = 0

    def start(self, name: str, values: dict[str, str]) -> None:
        if name == "si":
            self._now = []
            if len(self.texts) >= MOST_STRINGS:
                raise Bad("the workbook holds more texts than can be read")
        self._aid = self._aid or name == "rPh"
        self._take = name == "t" and not self._aid

    def text(self, data: str) -> None:
        if self._take:
            self._now.append(data)
            self._total += len(data)
            if self._total > MOST_STRINGS_TEXT:
                raise Bad("the workbook holds more text than can be read")

    def end(self, name: str) -> None:
        self._take = False
        if name == "rPh":
            self._aid = False
        if name == "si":
            whole = "".join(self._now)
            if len(whole) > MOST_TEXT:
                raise Bad("a text in the workbook is longer than a cell can hold")
            self.texts.append(unescaped(whole))


class Styles(Part):
    """`styles.xml`: how the numbers of each cell format are shown."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._ids: list[str] = []
        self._in_cells = False

    def start(self, name: str, values: dict[str, str]) -> None:
        if name == "numFmt":
            self._codes[values.get("numFmtId", "")] = values.get("formatCode", "")[:255]
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self._ids.append(values.get("numFmtId", "0"))
        if len(self._ids) > MOST_FORMATS or len(self._codes) > MOST_CODES:
            raise Bad("the workbook holds more formats than can be read")

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False

    def looks(self) -> list[Look]:
        """One for each cell format, in the order in which cells name them."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS

        codes = {str(number): code for number, code in BUILTIN_FORMATS.items()} | self._codes
        known = {ident: look_of(codes[ident]) for ident in set(self._ids) & codes.keys()}
        plain = Look()
        return [known.get(ident, plain) for ident in self._ids]


def parsed(archive: zipfile.ZipFile, name: str, part: Part, purse: Purse) -> None:
    """Read a part that may be missing."""
    if name in archive.NameToInfo:
        parse(archive, name, part, purse)
