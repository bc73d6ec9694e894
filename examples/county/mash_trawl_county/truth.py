"""The ground truth, in files of one line for each fact, so that a county of any size can be read back in pieces.

`truth.json`: people per system, records, and the demo cases. `ties.jsonl`, `stays.jsonl`, `conflicts.jsonl`: relations,
addresses over time, and what a system holds otherwise. `cases.jsonl`: for each generated case its people, what is
allowed and forbidden, and the records that a right trawl finds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mash_trawl_county.people import Home, Human
from mash_trawl_county.situations import ASKED, EVERY, LOOKBACK, Allowed, Situation
from mash_trawl_county.systems import SYSTEMS
from mash_trawl_county.traces import Trace

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTruth:
    """What is right for one case. `expected` are (case person, system, category, record)."""

    id: str
    pattern: str
    profile: str
    people: Mapping[str, str]
    allowed: Allowed
    expected: tuple[tuple[str, str, str, str], ...]

    def forbidden(self, systems: Iterable[str]) -> list[Pair]:
        """Every (system, case person) about whom nothing may be asked there."""
        return [(system, ident) for system in systems for ident in self.people if not self.may(system, ident)]

    def may(self, system: str, ident: str) -> tuple[str, ...]:
        """The categories of this system that may be asked about this person of the case."""
        return tuple(self.allowed.get(ident, {}).get(system, ()))


class Truth:
    """Looks up what is true of one county."""

    def __init__(self, built: Built) -> None:
        self.people = built.people()
        self.held = {name: system.held(built) for name, system in SYSTEMS.items()}
        self.records: dict[Pair, Trace] = {}
        self._about: dict[str, list[Trace]] = {}
        for trace in (*built.records, *_tenancies(built)):
            if trace.system in SYSTEMS:
                self.records[trace.system, trace.ref] = trace
                for ident in dict.fromkeys(ident for ident, _ in trace.people):
                    self._about.setdefault(ident, []).append(trace)
        self.refs = {
            (name, system.ref(self.people[ident])): ident
            for name, system in SYSTEMS.items() for ident in self.held[name]
        }  # fmt: skip

    def about(self, ident: str) -> list[Trace]:
        """Every record about one human."""
        return self._about.get(ident, [])

    def case(self, made: Situation) -> CaseTruth:
        """What is right for a generated case."""
        people = {person.id: person.human.id for person in made.people}
        wanted = tuple(
            (ident, trace.system, trace.category, trace.ref)
            for ident, human in people.items()
            for trace in self.about(human)
            if trace.category in made.allowed.get(ident, {}).get(trace.system, ()) and in_period(made.profile, trace)
        )
        return CaseTruth(
            id=made.ident, pattern=made.pattern, profile=made.profile, people=people, allowed=made.allowed,
            expected=wanted,
        )  # fmt: skip


def in_period(profile: str, trace: Trace) -> bool:
    """Whether the record lies in the days that the profile asks for."""
    days = LOOKBACK.get(trace.system, {}).get(trace.category) if profile == "north_front_door" else None
    return days is None or (trace.until or trace.on) >= ASKED.date() - timedelta(days=days)


def _tenancies(built: Built) -> Iterator[Trace]:
    """A tenancy is a record too, about everybody who lives there."""
    for family in built.families:
        here = [person for person in family.everyone() if person.home == family.home and not person.due]
        if family.tenants:
            yield Trace(
                system="housing", category="tenancy", ref=f"TEN-{family.id}", on=date(2020, 1, 1),
                people=tuple((person.id, "") for person in here), kind="tenancy", words="",
            )  # fmt: skip


def write_truth(folder: Path, built: Built, demo: Mapping[str, Any]) -> None:
    """`truth.json` and the files of lines beside it."""
    held = {name: system.held(built) for name, system in SYSTEMS.items()}
    people = (
        (ident, {name: system.ref(person) if ident in held[name] else None for name, system in SYSTEMS.items()})
        for ident, person in built.people().items()
    )
    records = ((trace.ref, _record(trace)) for trace in built.records if trace.system in SYSTEMS)
    with (folder / "truth.json").open("w", encoding="utf-8") as file:
        file.write('{"people": {\n')
        file.writelines(_members(people))
        file.write('\n}, "records": {\n')
        file.writelines(_members(records))
        file.write(f'\n}}, "cases": {json.dumps(demo)}}}\n')
    write_lines(folder / "ties.jsonl", (asdict(tie) for tie in built.ties))
    write_lines(folder / "stays.jsonl", (asdict(stay) for stay in built.stays))
    write_lines(folder / "conflicts.jsonl", _conflicts(built))


def _members(items: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """The members of a JSON object, one a line."""
    for number, (key, value) in enumerate(items):
        yield f"{',' if number else ''}\n{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"


def _record(trace: Trace) -> dict[str, Any]:
    told = {"system": trace.system, "category": f"{trace.system}.{trace.category}", "on": trace.on.isoformat(),
            "people": [ident for ident, _ in trace.people]}  # fmt: skip
    return told | ({"incident": trace.incident} if trace.incident else {})


def _conflicts(built: Built) -> Iterator[dict[str, Any]]:
    """What a system holds otherwise than it is, field by field."""
    people: Mapping[str, Human] = built.people()
    for (system, ident), own in built.spelling.items():
        if system in SYSTEMS and ident in people:
            for field in ("given", "family", "born", "home"):
                if field in own and own[field] != getattr(people[ident], field):
                    yield {"system": system, "person": ident, "field": field, "held": own[field],
                           "true": getattr(people[ident], field)}  # fmt: skip


def write_lines(file: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """One JSON object a line."""
    with file.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False, default=_plain) + "\n" for row in rows)


def _plain(value: Any) -> Any:
    return value.line if isinstance(value, Home) else value.isoformat()


def case_row(case: CaseTruth) -> dict[str, Any]:
    """One line of `cases.jsonl`."""
    return asdict(case) | {"forbidden": case.forbidden(EVERY)}
