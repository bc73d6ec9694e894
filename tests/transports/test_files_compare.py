"""Days in files: compared as days, however they are written; what cannot be read may be the one that is meant."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from mash_trawl.model.mapping import Condition, Step
from mash_trawl.transports.files import open_session

UNPADDED = "ref,surname,dob,opened\n" + "".join(f"T{n},Khan,{dob},{opened}\n" for n, (dob, opened) in enumerate((
    ("17/5/2014", "2024-02-01 10:30"), ("17/05/2014", "2024-02"), ("18/5/2014", "2023"), ("17.05.2014", "n/k"),
    ("31/02/2014", "2024-02-02T00:10+01:00"), ("", "yesterday"), ("05/2014", ""),
)))  # fmt: skip


def found(door: Any, column: str, value: Any, **more: Any) -> list[str]:
    tests = (Condition(column="surname", key="who"), Condition(column=column, key="k", **more))
    with open_session(door) as session:
        step = Step(table="people.csv", columns=("ref",), where=tests)
        return [row.ref for row in session.select(step, {"who": ("Khan",), "k": value})]


def test_a_day_is_found_however_it_is_written_and_one_that_cannot_be_read_is_counted(at_drop: Any, drop: Path) -> None:
    (drop / "people.csv").write_text(UNPADDED, "utf-8")
    assert found(at_drop, "dob", date(2014, 5, 17), format="%d/%m/%Y") == ["T0", "T1"]
    assert at_drop.tally.quarantined == 3  # 17.05.2014, 31/02/2014 and 05/2014 may each be the day


def test_without_a_format_what_is_known_of_a_day_is_compared(at_drop: Any, drop: Path) -> None:
    (drop / "people.csv").write_text(UNPADDED, "utf-8")
    assert found(at_drop, "dob", date(2014, 5, 17)) == ["T0", "T1", "T3"]
    assert at_drop.tally.quarantined == 2  # 31/02/2014 and 05/2014


def test_a_time_on_the_last_day_of_a_period_and_a_month_that_reaches_into_it_are_inside(
    at_drop: Any, drop: Path
) -> None:
    (drop / "people.csv").write_text(UNPADDED, "utf-8")
    assert found(at_drop, "opened", date(2024, 2, 1), how="at_most") == ["T0", "T1", "T2", "T3", "T4", "T6"]
    assert found(at_drop, "opened", date(2024, 2, 1), how="at_least") == ["T0", "T1", "T3", "T4", "T6"]
    assert at_drop.tally.quarantined == 2  # `yesterday`, each time


def test_a_day_of_somebody_else_is_not_even_looked_at(at_drop: Any, drop: Path) -> None:
    (drop / "people.csv").write_text("ref,surname,dob,opened\nT1,Stone,who knows,\n", "utf-8")
    assert found(at_drop, "dob", date(2014, 5, 17), format="%d/%m/%Y") == [] and at_drop.tally.quarantined == 0
