"""How often true pairs and strangers agree, counted with Splink over an authority's own tables.

m comes from pairs of two tables that share a valid NHS number: free labels, which no name decided. u comes from pairs
drawn at random. Nothing is ever learnt by expectation maximisation: inside an address it would learn the household.
Splink (the extra `calibrate`) draws and counts; at which level two people agree is decided by `identity` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.identity.compare import compare
from mash_trawl.identity.level import NOT_COMPARED
from mash_trawl.identity.numbers import digits, nhs_number_can_be
from mash_trawl.model.person import Person
from mash_trawl.model.query import Candidate
from mash_trawl.model.weighing import BILLION, Share
from mash_trawl.model.weights import TABLE, Odds, disorder

FIELDS = {"given name": "given", "family name": "family", "date of birth": "born", "sex": "sex", "address": "address"}
"""What is counted, by its attribute of a comparison: all but the identifiers, which are the labels."""
FEWEST_PAIRS = 500
"""Fewer labelled pairs than this say too little of any level."""
PRIOR_PAIRS = 200
"""The table's own m counts as so many pairs more, so that a level that few pairs show stays near it."""
_KEPT = 500_000
"""Pairs whose levels are remembered: Splink asks about each once for every field and level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One level of one field: how often true pairs (m) and strangers (u) agree so, and over how many labelled pairs."""

    field: str
    level: str
    m: float
    u: float
    pairs: int


def agreement(here: Sequence[Person], there: Sequence[Person], seed: int, strangers: int) -> tuple[Agreement, ...]:
    """Every level of every field, counted over two tables. The same `seed` draws the same pairs of `strangers`.

    Raises Misconfigured where Splink is not installed, or fewer than FEWEST_PAIRS pairs share a valid NHS number.
    """
    splink, backend, duckdb, arrow = _libraries()
    ours, theirs = list(_labelled(here)), list(_labelled(there))
    pairs = _shared(ours, theirs)
    if pairs < FEWEST_PAIRS:
        what = f"{pairs} people stand in both tables under one valid NHS number; that is too few to count by."
        raise Misconfigured(Problem(where="calibrate", what=what, do=f"It takes {FEWEST_PAIRS}: use larger tables."))
    with duckdb.connect() as connection:
        levels = _Levels([person for person, _ in ours], [person for person, _ in theirs])
        connection.create_function("levels", levels, ["INTEGER", "INTEGER"], "VARCHAR")
        for name, side in (("here", ours), ("there", theirs)):
            table = arrow.table({
                "unique_id": [f"{name}{at}" for at in range(len(side))],
                "number": arrow.array(range(len(side)), arrow.int32()),
                "label": [label for _, label in side],
            })  # fmt: skip
            connection.register(f"{name}_rows", table)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM {name}_rows")  # noqa: S608 - our own two names
        api = backend.DuckDBAPI(connection=connection)
        linker = splink.Linker([api.register("here"), api.register("there")], _settings(), log_level=40)
        linker.training.estimate_u_using_random_sampling(max_pairs=strangers, seed=seed)
        linker.training.estimate_m_from_label_column("label")
        found = tuple(_read(linker.misc.save_model_to_json(), pairs))
        connection.remove_function("levels")
    return found


class _Levels:
    """At which level two people agree in each field, by their row numbers: what Splink asks about each pair."""

    def __init__(self, here: Sequence[Person], there: Sequence[Person]) -> None:
        self._here = here
        self._kept: dict[tuple[int, int], str] = {}
        self._there = [
            Candidate(ref="", names=one.names, born=one.born, sex=one.sex, addresses=one.addresses) for one in there
        ]

    def __call__(self, one: int, other: int) -> str:
        known = self._kept.get((one, other))
        if known is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            known = self._kept[one, other] = self._told(one, other)
        return known

    def _told(self, one: int, other: int) -> str:
        compared = compare(self._here[one], self._there[other])
        return "|".join(getattr(compared, name).name for name in FIELDS.values())


def _labelled(people: Iterable[Person]) -> Iterator[tuple[Person, str | None]]:
    """Each with their NHS number where it can be anybody's."""
    for person in people:
        number = digits(person.identifiers.get("nhs_number"))
        yield person, number if nhs_number_can_be(number) else None


def _shared(here: Sequence[tuple[Person, str | None]], there: Sequence[tuple[Person, str | None]]) -> int:
    known = {label for _, label in here if label}
    return sum(label in known for _, label in there if label)


def _settings() -> dict[str, Any]:
    """Splink's settings: for every field its levels, best first; what is not compared counts nowhere."""
    return {
        "link_type": "link_only",
        "blocking_rules_to_generate_predictions": ["l.label = r.label"],
        "comparisons": [_comparison(at, field) for at, field in enumerate(FIELDS, 1)],
    }


def _comparison(at: int, field: str) -> dict[str, Any]:
    level = f"split_part(levels(number_l, number_r), '|', {at})"
    unknown = {"sql_condition": f"{level} = '{NOT_COMPARED}'", "label_for_charts": NOT_COMPARED, "is_null_level": True}
    named = [{"sql_condition": f"{level} = '{name}'", "label_for_charts": name} for name in TABLE[field]]
    rest = {"sql_condition": "ELSE", "label_for_charts": "rest"}
    return {"output_column_name": field.replace(" ", "_"), "comparison_levels": [unknown, *named, rest]}


def _read(model: dict[str, Any], pairs: int) -> Iterator[Agreement]:
    """m drawn towards the table's own by PRIOR_PAIRS; a level that no stranger showed keeps the table's weight."""
    for field, comparison in zip(FIELDS, model["comparisons"], strict=True):
        for level in comparison["comparison_levels"]:
            name, m, u = level["label_for_charts"], level.get("m_probability"), level.get("u_probability")
            if name in TABLE[field] and m is not None and u:
                drawn = (m * pairs + TABLE[field][name][0] * PRIOR_PAIRS) / (pairs + PRIOR_PAIRS)
                yield Agreement(field=field, level=name, m=drawn, u=u, pairs=pairs)


def in_order(found: Sequence[Agreement]) -> tuple[tuple[Agreement, ...], tuple[Agreement, ...]]:
    """What a profile takes, and what is left out of it: levels that would weigh more than a better agreement does.

    The table's own weight stays where a level is left out. A level that few pairs show is left out before a better one.
    """
    kept, dropped = list(found), list[Agreement]()
    while (wrong := disorder(_table(kept))) is not None:
        field, level = wrong
        names = list(TABLE[field])
        beside = [one for one in kept if one.field == field and one.level in (level, names[names.index(level) - 1])]
        out = max(beside, key=lambda one: names.index(one.level))
        kept.remove(out)
        dropped.append(out)
    return tuple(kept), tuple(dropped)


def _table(found: Sequence[Agreement]) -> Odds:
    table = {field: dict(levels) for field, levels in TABLE.items()}
    for one in found:
        table[one.field][one.level] = (one.m, one.u)
    return table


def document(found: Sequence[Agreement], as_of: str, at: str | None) -> dict[str, Any]:
    """What a profile's `matching:` takes, as plain data; each weight with where it comes from."""
    rows = [
        {"field": one.field, "level": one.level, "m": _share(one.m), "u": _share(one.u), "source": "local",
         "n": one.pairs, "date": as_of} | ({"at": at} if at else {})
        for one in found
    ]  # fmt: skip
    return {"weights": rows}


def _share(value: float) -> str:
    return Share(per_billion=min(BILLION, max(1, round(value * BILLION)))).to_text()


def _libraries() -> tuple[Any, Any, Any, Any]:
    try:
        import duckdb
        import pyarrow  # type: ignore[import-untyped]  # it has no types of its own
        import splink
        from splink.backends import duckdb as backend
    except ImportError:
        what = "counting how often people agree takes Splink, which is not installed here."
        do = "python -m pip install 'mash-trawl[calibrate]'"
        raise Misconfigured(Problem(where="calibrate", what=what, do=do)) from None
    return splink, backend, duckdb, pyarrow
