"""Workbooks made to exhaust a machine: refused in seconds and a few megabytes, measured in a process of their own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile

import pytest

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
FRAME = {
    "[Content_Types].xml": f'<Types><Override PartName="/xl/workbook.xml" ContentType="{SHEET}"/></Types>',
    "xl/workbook.xml": f'<workbook xmlns:r="{LINKS}"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": "<Relationships>" + "".join(
        f'<Relationship Id="r{at}" Type="{LINKS}/{kind}" Target="{kind}.xml"/>'
        for at, kind in enumerate(("worksheet", "sharedStrings", "styles"), start=1)
    ) + "</Relationships>",
}  # fmt: skip


def package(**parts: str | bytes) -> bytes:
    """A workbook of one sheet with these parts: `worksheet`, `sharedStrings`, `styles`; others are never read."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in ({"worksheet": "<worksheet/>"} | parts).items():
            archive.writestr(f"xl/{name}.xml", data)
        for name, data in FRAME.items():
            archive.writestr(name, data)
    return made.getvalue()


BOMBS = """
import json, sys, time
from pathlib import Path
import openpyxl.styles.numbers, openpyxl.utils.datetime
from mash_trawl.config.workbook import read_workbook
from mash_trawl.errors import Misconfigured
def peak():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
data = sys.stdin.buffer.read()
Path("/proc/self/clear_refs").write_text("5")
before, begin = peak(), time.process_time()
try:
    for sheet in read_workbook(data).sheets:
        for row in sheet.rows():
            pass
    told = "read"
except Misconfigured as problem:
    told = str(problem)
taken = time.process_time() - begin
print(json.dumps([told, taken, peak() - before]))
"""


def long_text() -> str:
    """40 MB that grow fortyfold when they are unpacked: no ratio refuses them."""
    return "".join(f"{'abcdefghij' * 20}{at}" for at in range(190_000))


def bomb(kind: str) -> bytes:
    if kind == "one part unpacks to 50 MB of nothing":
        return package(worksheet=b"<a>" + bytes(50 * 1024 * 1024))
    if kind == "200,000 rows":
        rows = "".join(f"<row><c><v>{at * 7919 % 1_000_003}</v></c></row>" for at in range(200_000))
        return package(worksheet=f"<worksheet><sheetData>{rows}</sheetData></worksheet>")
    if kind == "elements that nobody reads":
        return package(app="<a>" + "".join(f"<e{at}/>" for at in range(900_000)) + "</a>")
    if kind == "elements of one name":
        return package(**{f"a{at}": "<a>" + "<e/>" * 480_000 + "</a>" for at in range(4)})
    if kind == "one text of 40 MB":
        return package(sharedStrings=f'<sst xmlns="{MAIN}"><si><t>{long_text()}</t></si></sst>')
    if kind == "one attribute of 40 MB":
        return package(app=f'<a b="{long_text()}"/>')
    if kind == "one comment of 40 MB":
        return package(app=f"<a><!--{long_text()}--></a>")
    if kind == "many texts":
        texts = "".join(f"<si><t>{at * 7919}</t></si>" for at in range(300_000))
        return package(sharedStrings=f'<sst xmlns="{MAIN}">{texts}</sst>')
    if kind == "many formats":
        forms = "".join(f'<xf numFmtId="{at}"/>' for at in range(100_000))
        return package(styles=f"<styleSheet><cellXfs>{forms}</cellXfs></styleSheet>")
    assert kind == "many merged blocks"
    blocks = "".join(f'<mergeCell ref="A{at}:B{at}"/>' for at in range(1, 100_000))
    return package(worksheet=f"<worksheet><sheetData/><mergeCells>{blocks}</mergeCells></worksheet>")


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc, which only Linux has")
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("one part unpacks to 50 MB of nothing", "far too large when it is unpacked"), ("200,000 rows", "50000 rows"),
        ("elements that nobody reads", "far more parts"), ("elements of one name", "far more parts"),
        ("one text of 40 MB", "more text than"), ("one attribute of 40 MB", "far too long"),
        ("one comment of 40 MB", "far too long"), ("many texts", "more texts than"), ("many formats", "more formats"),
        ("many merged blocks", "more merged cells"),
    ],
)  # fmt: skip
def test_a_bomb_costs_little_time_and_memory(kind: str, words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BOMBS],
        input=bomb(kind),
        capture_output=True,
        timeout=100,
        check=True,
        env={**os.environ},
    )
    told, seconds, megabytes = json.loads(done.stdout)
    assert words in told and megabytes < 60, (told, seconds, megabytes)
    assert seconds < 8, "processor time; about a second on an idle machine"
