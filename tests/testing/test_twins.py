"""The kit against connectors with faults that somebody else planted: the healthy ones are green, every twin is caught.

The checks that ought to notice are asked first, all others only when they do not: caught by chance is not caught.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.testing.kit import checks, run_kit

sys.path.insert(0, str(Path(__file__).parent))
from twins import Family, Twin, all_twins, families

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)  # some twins leave things open on purpose
LEAST = 60
EVERY = all_twins()
FIRST = {(twin.family, twin.kind, twin.expects): (family, twin) for family, twin in reversed(EVERY)}
TWINS = EVERY if os.environ.get("MASH_TRAWL_TWINS") == "all" else [pair for pair in EVERY if pair in FIRST.values()]
"""Usually one of each kind and expectation in a family, to be quick; every one with MASH_TRAWL_TWINS=all."""
CAUGHT: dict[str, bool] = {}


def made(connector: Any) -> Any:
    """The class; of a mapping, read now."""
    return connector if isinstance(connector, type) else connector()


@pytest.fixture(autouse=True)
def tidy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a twin leaves open on purpose is closed when it was noticed; its files lie with the other tests'."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    for _, twin in TWINS:
        for held in ("held", "doors", "seen", "tenancy_seen", "known", "path"):
            kept = getattr(twin.connector, held, None)
            for item in kept if isinstance(kept, list) else ():
                with contextlib.suppress(Exception):
                    (item.__exit__(None, None, None) if hasattr(item, "gen") else _close(item))
            if isinstance(kept, list | dict):
                kept.clear()


def _close(item: Any) -> None:
    getattr(item, "connection", item).close()


@pytest.mark.parametrize("family", families(), ids=lambda family: family.name)
def test_the_healthy_one_of_each_family_is_green(family: Family) -> None:
    report = run_kit(made(family.healthy), family.seed())
    _told(report)
    assert [(one.number, one.findings) for one in report.results if one.findings] == []


@pytest.mark.parametrize(("family", "twin"), TWINS, ids=[str(twin) for _, twin in TWINS])
def test_a_faulty_twin_is_noticed_by_a_check_that_is_there_for_it(family: Family, twin: Twin) -> None:
    seed, connector = (twin.seed or family.seed)(), made(twin.connector)
    for number in twin.expects:
        report = run_kit(connector, seed, only=[number])
        _told(report)
        if report.count("failed"):
            break
    CAUGHT[str(twin)] = bool(report.count("failed"))
    if not CAUGHT[str(twin)]:
        others = [one.number for one in run_kit(connector, seed).results if one.findings]
        pytest.fail(f"{twin.wrong} Checks {twin.expects} do not notice it; of the others: {others or 'none'}")


def test_every_twin_says_what_is_wrong_and_each_check_has_one() -> None:
    names = [str(twin) for _, twin in EVERY]
    assert len(names) == len(set(names)) and len(TWINS) >= LEAST
    assert {twin.kind for _, twin in TWINS} == {one.name for one in checks().values()}
    assert all(twin.wrong and twin.expects and set(twin.expects) <= set(checks()) for _, twin in EVERY)


def test_the_score(record_property: Callable[[str, object], None]) -> None:
    said = f"{sum(CAUGHT.values())} of {len(CAUGHT)} faulty twins caught; {len(EVERY)} are planted"
    record_property("told at the end", said)
    assert all(CAUGHT.values())


def _told(report: Any) -> None:
    """Without the driver nothing is tested over ODBC; in CI it has to be there."""
    skipped = all(one.outcome == "skipped" for one in report.results)
    if skipped and "NOTHING IS TESTED OVER ODBC" in (reason := report.results[0].reason):
        if os.environ.get("CI") == "true":
            raise RuntimeError(f"in CI the ODBC tests may not be skipped: {reason}")
        pytest.skip(reason)
