"""Columns that are asked together: fewer runs, and whatever is wrong with one of them is found and said of that one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

import pytest

from mash_trawl.api import Candidate, Event, Finding, Grant, PersonQuery, SqlConnector, iso_date, name
from mash_trawl.testing import Cast, Facts, seeded_sql
from mash_trawl.testing.bench import Bench
from mash_trawl.testing.checks.scope import _apart
from mash_trawl.testing.checks.together import groups
from mash_trawl.testing.kit import checks, make_bench, run_check

SEED = """
create table person(id text primary key, given text, family text);
create table call(id text primary key, person text, rung text, kind text);
create table visit(id text primary key, person text, paid text, reason text);
insert into person values ('K1', 'Aisha', 'Khan');
insert into call values ('C1', 'K1', '2019-07-02', 'LATE'), ('C2', 'K1', '2020-07-02', 'NONE');
insert into visit values ('V1', 'K1', '2020-03-04', 'HOME'), ('V2', 'K1', '2021-03-04', 'OFFICE');
"""
CAST = Cast(twin=None, same_surname=None, same_birthday=None, sibling=None)


class Two(SqlConnector):
    """Calls and visits, which are one category and two statements."""

    name, agency, api = "two", "two", 1
    offers = frozenset({"two.contacts"})
    search_keys = (("family",),)
    codes = staticmethod(lambda text: text)

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        with self.open(grant) as session:
            for row in session.rows("select id, given, family from person where family = :it", it=query.family):
                yield Candidate(ref=row.id, names=(name(row.given, row.family),))

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        with self.open(grant) as session:
            for row in session.rows("select id, rung, kind from call where person = :ref order by id", ref=ref):
                yield self.told(ref, row.id, row.rung, row.kind)
            for row in session.rows("select id, paid, reason from visit where person = :ref order by id", ref=ref):
                yield from self.visit(ref, row)

    def visit(self, ref: str, row: Any) -> Iterator[Finding]:
        yield self.told(ref, row.id, row.paid, self.codes(row.reason))

    def told(self, ref: str, key: str, day: str, kind: str) -> Event:
        return Event(ref=key, about=(ref,), category="two.contacts", when=iso_date(day), headline="-", kind=kind)


class Dropping(Two):
    def visit(self, ref: str, row: Any) -> Iterator[Finding]:
        if not row.paid.endswith("-02-31"):
            yield from super().visit(ref, row)


class Guessing(Two):
    codes = staticmethod(lambda text: text if text in ("HOME", "OFFICE") else "HOME")


class Telling(Two):
    def visit(self, ref: str, row: Any) -> Iterator[Finding]:
        if "kit" in row.paid:
            print("Aisha: a visit cannot be read")
        yield from super().visit(ref, row)


@pytest.fixture
def benched() -> Iterator[Callable[[type[SqlConnector]], Bench]]:
    made: list[Bench] = []

    def make(connector: type[SqlConnector]) -> Bench:
        made.append(make_bench(connector, seeded_sql(SEED), CAST, Facts(born=None), None))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for bench in made:
        bench.stop()


def counted(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """The values of every twisted run."""
    spoiled: list[dict[str, str]] = []
    real = Bench.run

    def run(self: Bench, *given: Any, **how: Any) -> Any:
        spoiled.append(dict(how["twist"].values) if "twist" in how else {})
        return real(self, *given, **how)

    monkeypatch.setattr(Bench, "run", run)
    return spoiled


def test_columns_of_one_statement_are_never_in_one_group_and_each_is_in_one(benched: Any) -> None:
    found = [group.columns for group in groups(benched(Two), ("rung", "kind", "paid", "reason"))]
    assert found == [("rung", "paid"), ("kind", "reason")]


@pytest.mark.parametrize("number", [13, 20, 22])
def test_a_healthy_connector_is_asked_once_for_all_that_cannot_hide_one_another(
    benched: Any, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    bench = benched(Two)
    spoiled = counted(bench, monkeypatch)
    assert run_check(bench, checks()[number]).findings == ()
    assert {len(values) for values in spoiled if {"rung", "paid", "kind", "reason"} & set(values)} == {2}


@pytest.mark.parametrize(
    ("faulty", "number", "said"),
    [(Dropping, 20, "`paid` that no calendar has"), (Guessing, 22, "reason` that nobody knows"),
     (Telling, 13, "`paid` that cannot be read")],
)  # fmt: skip
def test_what_is_wrong_with_one_of_them_is_found_and_said_of_that_one(
    benched: Any, faulty: type[SqlConnector], number: int, said: str
) -> None:
    findings = run_check(benched(faulty), checks()[number]).findings
    assert findings and all(said in finding for finding in findings)


@pytest.mark.parametrize("many", range(1, 13))
def test_of_any_two_categories_each_has_a_period_in_a_run_in_which_the_other_has_none(many: int) -> None:
    offers = [f"a.c{number:02d}" for number in range(many)]
    runs = [set(run) for run in _apart(offers)]
    assert set().union(*runs) == set(offers) and len(runs) <= many
    assert all(any(one in run and other not in run for run in runs) for one, other in permutations(offers, 2))


def test_each_run_has_a_connection_of_its_own_though_its_statements_are_compiled_once(benched: Any) -> None:
    bench = benched(Two)
    runs = [bench.fetch() for _ in range(3)]
    assert [(run.seen.opened, run.seen.open_now, len(run.seen.asked)) for run in runs] == [(1, 0, 2)] * 3
    (engine,) = bench.seed._spared._engines.values()
    assert len(engine._compiled_cache) == 2
