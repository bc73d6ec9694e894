"""A clause is chosen, a keyworker is named, by answering questions; what is there stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mash_trawl.cli.main import group
from mash_trawl.config.case import load_case
from mash_trawl.config.write import write_case
from mash_trawl.errors import Misconfigured

AT = "2026-11-03T09:00:00+00:00"


def draft(**more: Any) -> dict[str, Any]:
    return {
        "version": 1, "id": "MASH-1", "profile": "early_help", "opened_at": AT,
        "referral": {"source": "school", "received_at": AT, "level": 2, "narrative": "Late every day."},
        "people": [{"id": "p1", "roles": ["subject"], "names": [{"given": ["Tom"], "family": "Testfall"}]}],
    } | more  # fmt: skip


@pytest.fixture
def command(hub: Path) -> Callable[..., Result]:
    def run(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(group, ["--hub", str(hub), "case", *arguments], input=typed, standalone_mode=False)

    return run


def test_clauses_of_the_case_s_own_level_are_offered_and_cited_by_number_and_edition(hub: Path, command: Any) -> None:
    file = write_case(hub / "cases", draft())
    done = command("cite", "MASH-1", "--json", typed="1,3\nsave\n")
    assert done.return_value == 0, done.output
    assert json.loads(done.stdout)["case"] == "MASH-1"
    case = load_case(file)
    assert case.referral.threshold is not None
    assert case.referral.threshold.document == "national-example@2026.1"
    assert case.referral.threshold.clauses == ("2.1", "2.3")
    assert case.referral.narrative == "Late every day."
    assert "4.2" not in done.output


@pytest.mark.parametrize(("level", "typed", "said"), [(2, "\n", "no clause was chosen"), (None, "", "no clauses for")])
def test_without_a_choice_or_a_level_nothing_is_written(
    hub: Path, command: Any, level: int | None, typed: str, said: str
) -> None:
    referral = {"source": "school", "received_at": AT} | ({"level": level} if level else {})
    file = write_case(hub / "cases", draft(referral=referral))
    before = file.read_bytes()
    done = command("cite", "MASH-1", typed=typed)
    assert isinstance(done.exception, Misconfigured)
    assert said in str(done.exception)
    assert file.read_bytes() == before


def test_the_keyworker_is_written_with_role_agency_and_day(hub: Path, command: Any) -> None:
    file = write_case(hub / "cases", draft())
    done = command(
        "keyworker", "MASH-1", typed="K. Synthetic\nfamily support worker\nearly_help\n3/11/2026 09:30\nsave\n"
    )
    assert done.return_value == 0, done.output
    worker = load_case(file).keyworker
    assert worker is not None
    assert (worker.name, worker.role, worker.agency) == ("K. Synthetic", "family support worker", "early_help")
    assert worker.appointed_at.isoformat().startswith("2026-11-03T09:30")


def test_without_a_name_there_is_no_keyworker(hub: Path, command: Any) -> None:
    file = write_case(hub / "cases", draft())
    done = command("keyworker", "MASH-1", typed="\n")
    assert "no keyworker was named" in str(done.exception)
    assert load_case(file).keyworker is None
