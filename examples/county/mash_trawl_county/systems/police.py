"""The police records system: nominals, and the occurrences in which they have a part."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mash_trawl_county.people import Human
from mash_trawl_county.systems.held import held_as, keep_secret, write_json
from mash_trawl_county.traces import Trace, whom

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

NAME = "police"


def ref(person: Human) -> str:
    """The police system's key of a person."""
    return f"N-{person.id}"


def held(built: Built) -> Set[str]:
    """Those who have a part in an occurrence, and the planted strangers."""
    return whom(built.told(NAME)) | {person.id for person in built.strangers}


def write(folder: Path, built: Built) -> None:
    """`police.json` and the client secret of its server."""
    people, known = built.people(), held(built)
    nominals = [_nominal(person, built) for person in people.values() if person.id in known]
    occurrences = [_occurrence(trace, people) for trace in built.told(NAME)]
    write_json(folder / "police.json", {"nominals": nominals, "occurrences": occurrences})
    keep_secret(folder, NAME)


def _nominal(person: Human, built: Built) -> dict[str, Any]:
    own = held_as(person, NAME, built.spelling)
    home = own.home
    return {
        "nominal_id": ref(person), "forename": own.given, "middle_names": own.middle, "surname": own.family,
        "former_surname": own.former, "dob": own.born.isoformat() if own.born else None, "sex": own.sex,
        "address": {"line1": home.line, "postcode": home.postcode, "uprn": home.uprn} if home else {},
    }  # fmt: skip


def _occurrence(trace: Trace, people: dict[str, Human]) -> dict[str, Any]:
    """One occurrence; a person's part tells the names as they were given on the night, not as the nominal has them."""
    return {
        "occurrence_id": trace.ref, "category": trace.category, "type": trace.kind,
        "occurred_from": f"{trace.on.isoformat()}T21:15", "occurred_to": None, "recorded_on": trace.on.isoformat(),
        "summary": trace.words, "text": "", "status": "filed",
        "people": [
            {
                "nominal_id": ref(people[ident]), "role": part, "forename": people[ident].given,
                "surname": people[ident].family, "dob": people[ident].born.isoformat(),
            }
            for ident, part in trace.people
        ],
    }  # fmt: skip
