"""Many small synthetic cases of a hub, and batches of them in processes of their own."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.cli.main import main

CASES = int(os.environ.get("MASH_TRAWL_BATCH_CASES", "6"))
"""Cases in a batch; `MASH_TRAWL_BATCH_CASES=100` for a long run."""


def small_case(n: int, **changes: Any) -> dict[str, Any]:
    """A mother and her child who do not exist; both agree to housing and police. Nobody else is born on their days."""
    child = date(2008 + n % 10, 1 + n // 10 % 12, 28 - n // 120)  # no day that could be a month
    mother = child.replace(year=child.year - 30)
    home = {"lines": [f"{n} Example Row"], "postcode": "NB1 4QT"}
    return {
        "version": 1, "id": f"NIGHT-2026-{n:04}", "profile": "early_help", "opened_at": "2026-11-02T09:20:00+00:00",
        "referral": {
            "source": "school", "received_at": "2026-11-02T09:05:00+00:00", "concerns": ["neglect"], "level": 2,
            "rag": "amber",
        },
        "people": [
            {"id": "p1", "roles": ["subject"], "names": [{"given": ["Synthetica"], "family": "Testfall"}],
             "born": child.isoformat(), "sex": "female", "addresses": [home]},
            {"id": "p2", "roles": ["parent", "household"], "names": [{"given": ["Fictia"], "family": "Testfall"}],
             "born": mother.isoformat(), "sex": "female", "addresses": [home]},
        ],
        "relationships": [
            {"from": "p2", "to": "p1", "kind": "parent", "nature": "birth", "parental_responsibility": "yes"},
        ],
        "consents": [{
            "id": "c1", "given_by": "p2", "capacity": "self_and_parental_responsibility", "pr_basis": "mother",
            "covers": ["p1", "p2"], "categories": {"housing": "all", "police": ["safeguarding"]},
            "given_at": "2026-11-02T10:05:00+00:00", "how": "face_to_face",
            "explained": {"notice": "privacy-notice-3.2", "understood_confirmed_by": "family support worker"},
            "expires_at": "2027-12-01T00:00:00+00:00",
        }],
    } | changes  # fmt: skip


def case_of(request: Any) -> str | None:
    """Which small case a request to the police system is about, by the day of birth; None when it names none.

    A request that was cut in the middle by a kill names nobody.
    """
    found = re.search(rb'"dob": ?"(\d{4}-\d\d-\d\d)"', request.body)
    if not found:
        return None
    day = date.fromisoformat(found[1].decode())
    n = (day.year - 1978) % 30 + (day.month - 1) * 10 + (28 - day.day) * 120
    return f"NIGHT-2026-{n:04}"


@dataclass
class Nights:
    """The batches of one hub."""

    place: Any
    home: Path
    capsys: Any
    start: Any

    def say(self, *arguments: object) -> tuple[int, str, str]:
        """A batch in this process: exit code, standard output, standard error."""
        self.capsys.readouterr()
        code = main(["--hub", str(self.place.hub), "batch", *map(str, arguments)])
        told = self.capsys.readouterr()
        return code, told.out, told.err

    @property
    def folder(self) -> Path:
        return self.place.root / "list"

    def write(self, count: int = CASES, **changes: Any) -> Path:
        """So many case files in a folder; the folder."""
        self.folder.mkdir(exist_ok=True)
        for n in range(1, count + 1):
            case = small_case(n, **changes)
            (self.folder / f"{case['id']}.json").write_text(json.dumps(case), "utf-8")
        return self.folder

    def begin(self, *arguments: object, largest: int | None = None) -> Any:
        """A batch in a process of its own; `largest` is how many bytes a file of it may have."""
        return self.start("--hub", self.place.hub, "batch", *arguments, largest=largest, HOME=str(self.home))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the hub's database says, read from outside."""
        connection = sqlite3.connect((self.place.hub / "hub.db").as_uri() + "?mode=ro", uri=True)
        try:
            return list(connection.execute(query))
        finally:
            connection.close()

    def in_state(self, *states: str) -> set[str]:
        """The ids of the cases that stand in one of these states in any batch of the hub."""
        try:
            return {case for case, state in self.rows("SELECT case_id, state FROM batch_case") if state in states}
        except sqlite3.OperationalError:
            return set()

    def products(self) -> dict[str, int]:
        """Case id to how many versions of its product were sealed."""
        return dict(self.rows("SELECT case_id, count(*) FROM record GROUP BY case_id"))


@pytest.fixture
def nights(place: Any, tmp_path: Path, capsys: Any, begin: Any) -> Nights:
    return Nights(place, tmp_path, capsys, begin)


@pytest.fixture
def about() -> Callable[[Any], str | None]:
    """Which case a request is about."""
    return case_of
