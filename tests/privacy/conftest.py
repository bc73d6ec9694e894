"""A demo case full of canaries, a scanner that knows many disguises, and a listener that hears everything said."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import logging
import quopri
import shutil
import tempfile
import threading
import traceback
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import pytest
import yaml

from mash_trawl.cli import main as command_line
from mash_trawl.cli.demo_command import PROFILES
from mash_trawl.cli.new_hub import NewHub, create_hub
from mash_trawl.errors import TrawlError
from mash_trawl.hub import Hub
from mash_trawl.system import account_name
from mash_trawl_county import cases, traces
from mash_trawl_county.agreement import AGREEMENT
from mash_trawl_county.build import Built, write_county
from mash_trawl_county.demo_families import decoys, demo_families
from mash_trawl_county.hub_sources import FIRST_APPROVE, FIRST_SOURCES
from mash_trawl_county.people import Family, Home, Maker
from mash_trawl_county.serving import Running, served

GIVEN = {"D2-1": "Morwennith", "D2-2": "Uldrikus", "D2-3": "Brontefax", "D2-4": "Zyxelinda", "D2-5": "Wyndolfo"}
FAMILY, FORMER, PARTNER = "Qvarnströmska", "Tregwhistle", "Ipswadenko"
BORN = date(2013, 4, 19)
LINE, POSTCODE = "7 Kanaripiggen Row", "NB9 9XW"
NARRATIVE, GROUNDS, SECRET = "Narratiffleton", "Groundswellington", "Sikkretissimo-4711"
PLACES = {"pathname", "filename", "module", "funcName", "lineno", "levelname", "levelno", "created", "msecs"}
PLACES |= {"relativeCreated", "thread", "process"}
"""What a log record has of its place in the code and of its moment: nothing that somebody said."""
LOUD = ("sqlalchemy", "urllib3", "requests", "psycopg", "asyncio", "mash_trawl", "pluggy", "tenacity", "hypothesis")


def _shifts(value: bytes) -> Iterator[bytes]:
    """What base64 makes of the value wherever it stands in a longer text: the letters that no neighbour changes."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + value)
        first = -(-before * 8 // 6)
        last = (before + len(value)) * 8 // 6
        yield coded[first:last]


DISGUISES: Mapping[str, Callable[[str], list[bytes]]] = {
    "utf-8": lambda text: [text.encode()],
    "utf-16-le": lambda text: [text.encode("utf-16-le")],
    "utf-16-be": lambda text: [text.encode("utf-16-be")],
    "utf-32-le": lambda text: [text.encode("utf-32-le")],
    "latin-1": lambda text: [text.encode("latin-1")],
    "decomposed": lambda text: [unicodedata.normalize("NFD", text).encode()],
    "json": lambda text: [json.dumps(text)[1:-1].encode()],
    "html": lambda text: [html.escape(text).encode("ascii", "xmlcharrefreplace")],
    "url": lambda text: [quote(text, safe="").encode()],
    "form": lambda text: [quote_plus(text).encode()],
    "quoted-printable": lambda text: [quopri.encodestring(text.encode(), quotetabs=True)],
    "python bytes": lambda text: [repr(text.encode())[2:-1].encode()],
    "base64": lambda text: list(_shifts(text.encode())),
    "base64 in addresses": lambda text: [one.replace(b"+", b"-").replace(b"/", b"_") for one in _shifts(text.encode())],
    "hex": lambda text: [text.encode().hex().encode()],
    "backwards": lambda text: [text[::-1].encode()],
    "sha256": lambda text: [hashlib.sha256(text.encode()).hexdigest().encode()],
    "md5": lambda text: [hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().encode()],
}  # fmt: skip


@dataclass(frozen=True)
class Scanner:
    """Finds canaries in bytes; `found` names the canary and its disguise, so that a failing test says where to look."""

    canaries: Mapping[str, str]

    def found(self, heap: bytes | str) -> list[str]:
        """Every canary in the heap, with its first disguise. Letters' case is ignored except where base64 needs it."""
        raw = heap if isinstance(heap, bytes) else heap.encode("utf-8", "surrogatepass")
        low, told = raw.lower(), {}
        for (needle, as_it_is), (name, disguise) in self._needles.items():
            if needle in (raw if as_it_is else low):
                told.setdefault(name, f"{name} as {disguise}")
        return list(told.values())

    @cached_property
    def _needles(self) -> Mapping[tuple[bytes, bool], tuple[str, str]]:
        """What to look for, each once, and whether the case of its letters counts; whose it is, in which disguise."""
        made: dict[tuple[bytes, bool], tuple[str, str]] = {}
        for disguise, make in DISGUISES.items():
            as_it_is = disguise.startswith("base64")
            for name, text in self.canaries.items():
                for needle in make(text):
                    made.setdefault((needle if as_it_is else needle.lower(), as_it_is), (name, disguise))
        return made

    def files(self, folder: Path, but: tuple[str, ...] = ()) -> list[str]:
        """Canaries in the names and contents of all files below the folder, except below the folders named in `but`."""
        told = []
        for file in sorted(folder.rglob("*")):
            place = file.relative_to(folder).as_posix()
            if any(place == part or place.startswith(f"{part}/") for part in but):
                continue
            told += [f"name of {place}: {hit}" for hit in self.found(place)]
            if file.is_file():
                told += [f"in {place}: {hit}" for hit in self.found(file.read_bytes())]
        return told


def _canaries(family: Family) -> Family:
    """This family under names that occur nowhere else, at an address of its own."""
    home = Home(uprn="100987654321", line=LINE, postcode=POSTCODE)
    for human in family.everyone():
        human.given = GIVEN.get(human.id, human.given)
        human.family = PARTNER if human.id in ("D2-3", "D2-6") else FAMILY
        human.home = home
    family.mother.former, family.home = FORMER, home
    family.children[0].born = BORN
    return family


def _case(family: Family) -> dict[str, Any]:
    case = cases.children_in_need_case(family)
    case["referral"]["narrative"] = f"The school rang. {NARRATIVE}."
    case["gateways"][0] |= {
        "grounds": f"Harm disclosed: {GROUNDS}.",
        "why_not": f"Danger: {GROUNDS}.",
        "health_reasons": {"p1": f"Injury: {GROUNDS}."},
    }
    return case


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub and a county in which every word about the family is a canary; tests get a copy."""
    root = tmp_path_factory.mktemp("planted")
    maker = Maker(3)
    early, need, door = demo_families(maker)
    family = _canaries(need)
    told = [replace(item, words=f"{NARRATIVE}: {item.words}") for item in traces.children_in_need_traces(family)]
    case = _case(family)
    three = (cases.early_help_case(early), case, cases.front_door_case(door))
    built = Built(families=[early, family, door], strangers=decoys(maker, family), records=told, cases=three)
    (root / "county").mkdir()
    for system in ("police", "health"):
        (root / "county" / f"{system}.secret").write_text(f"{SECRET}-{system}", "utf-8")
    write_county(root / "county", built)
    account = account_name()
    create_hub(
        NewHub(folder=root / "hub", keys=root / "keys", profiles=PROFILES, person=account, account=account,
               passphrase=None, approve=FIRST_APPROVE, sources=FIRST_SOURCES, agreement=AGREEMENT)
    )  # fmt: skip
    text = yaml.safe_dump(case, sort_keys=False, allow_unicode=True)
    (root / "hub" / "cases" / "case.yaml").write_text(text, "utf-8")
    (root / "nhs.txt").write_text(family.children[0].nhs, "utf-8")
    Hub.open(root / "hub").close()
    return root


@pytest.fixture(scope="session")
def scanner(planted: Path) -> Scanner:
    nhs = (planted / "nhs.txt").read_text("utf-8")
    return Scanner(
        {f"given name {ident}": name for ident, name in GIVEN.items()}
        | {"family name": FAMILY, "former name": FORMER, "partner's name": PARTNER, "NHS number": nhs}
        | {"NHS number, spaced": f"{nhs[:3]} {nhs[3:6]} {nhs[6:]}", "UPRN": "100987654321"}
        | {"born, ISO": BORN.isoformat(), "born, UK": BORN.strftime("%d/%m/%Y"), "born, words": "19 April 2013"}
        | {"born, digits": BORN.strftime("%Y%m%d"), "address": "Kanaripiggen", "postcode": POSTCODE}
        | {"postcode, closed": POSTCODE.replace(" ", ""), "narrative": NARRATIVE, "grounds": GROUNDS, "secret": SECRET}
    )


@dataclass
class Heard:
    """Everything that one scene said: log records with arguments, errors with causes, outputs, addresses."""

    logs: list[str] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)
    threads: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    out: str = ""
    err: str = ""

    def heap(self) -> str:
        """All of it as one text. What stands behind `from None` is not shown by anybody, and is left out."""
        told = ["".join(traceback.format_exception(error)) + repr(error.args) for error in self.errors]
        parts = (*self.logs, *told, *self.warned, *self.threads, *self.addresses, self.out, self.err)
        return "\n".join(parts)


class _Listener(logging.Handler):
    def __init__(self, heard: Heard) -> None:
        super().__init__(logging.NOTSET)
        self._heard, self._words = heard, logging.Formatter()

    def emit(self, record: logging.LogRecord) -> None:
        rest = {name: value for name, value in vars(record).items() if name not in PLACES}
        self._heard.logs.append(f"{self._words.format(record)} {rest!r}")


@dataclass
class Stage:
    """One installation with its county's servers up; `listen()` is a scene in which everything is heard."""

    root: Path
    running: Running
    temp: Path
    capfd: pytest.CaptureFixture[str]

    @property
    def case(self) -> Path:
        return self.root / "hub" / "cases" / "case.yaml"

    @contextmanager
    def listen(self) -> Iterator[Heard]:
        """Turn every logger up to DEBUG, keep every error that is made, every warning, every request's address."""
        heard, levels = Heard(), {}
        listener, made = _Listener(heard), TrawlError.__init__
        patch = pytest.MonkeyPatch()

        def keep(error: TrawlError, *words: Any) -> None:
            made(error, *words)
            heard.errors.append(error)

        for logger in (root := logging.getLogger(), *map(logging.getLogger, LOUD)):
            levels[logger] = logger.level
            logger.setLevel(logging.DEBUG)
        others, root.handlers = root.handlers, [listener]
        patch.setattr(TrawlError, "__init__", keep)
        patch.setattr(threading, "excepthook", lambda said: heard.threads.append(f"{said.exc_type} {said.exc_value!r}"))
        self._record(patch, heard)
        self.capfd.readouterr()
        try:
            with warnings.catch_warnings(record=True) as warned:
                warnings.simplefilter("always")
                yield heard
        finally:
            patch.undo()
            root.handlers = others
            for logger, level in levels.items():
                logger.setLevel(level)
            heard.out, heard.err = self.capfd.readouterr()
            heard.warned += [f"{one.category} {one.message}" for one in warned]

    def _record(self, patch: pytest.MonkeyPatch, heard: Heard) -> None:
        """Keep every request's line and headers, as the servers got them; the login's own header is left out."""
        for server in (self.running.police, self.running.health):
            answer = server.answer

            def recorded(request: Any, answer: Callable[[Any], Any] = answer) -> Any:
                headers = {name: value for name, value in request.headers.items() if name != "authorization"}
                heard.addresses.append(f"{request.method} {request.path}?{urlencode(request.query)} {headers}")
                return answer(request)

            patch.setattr(server, "answer", recorded)

    def say(self, *arguments: object) -> int:
        """One command on this hub, in this process."""
        return command_line.main(["--hub", str(self.root / "hub"), *map(str, arguments)])

    def left_behind(self, scanner: Scanner) -> list[str]:
        """Canaries in the files that we wrote: hub without its case files, keys, account folder, temporary folder."""
        return scanner.files(self.root, but=("county", "hub/cases", "nhs.txt")) + scanner.files(self.temp)


@pytest.fixture
def stage(
    planted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Stage]:
    root, temp = tmp_path / "north", tmp_path / "temp"
    shutil.copytree(planted, root)
    temp.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(temp))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(command_line, "_private_process", lambda: None)
    with served(root / "county") as running:
        yield Stage(root, running, temp, capfd)
    tempfile.tempdir = None


@pytest.fixture
def disguises() -> Mapping[str, Callable[[str], list[bytes]]]:
    return DISGUISES
