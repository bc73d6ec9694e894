"""Names and dates in plain English, and the one order that makes a product reproducible."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from mash_trawl.model.answer import Coverage
from mash_trawl.model.base import to_plain
from mash_trawl.model.person import Address, Name, Person
from mash_trawl.model.query import Candidate
from mash_trawl.model.shown import day_words

_AGENCIES = {
    "childrens_social_care": "Children's social care",
    "childrens_centres": "Children's centres",
    "youth_offending": "Youth offending service",
    "domestic_abuse_service": "Domestic abuse service",
}


def agency_name(agency: str) -> str:
    """`adult_social_care` is shown as `Adult social care`."""
    words = agency.replace("_", " ").replace("-", " ")
    return _AGENCIES.get(agency) or words[:1].upper() + words[1:]


def code_words(code: str) -> str:
    """A code as words: `consent_not_sought` becomes `consent not sought`."""
    return code.replace("_", " ")


def name_words(name: Name) -> str:
    """Given names and family name as they stand, code point for code point."""
    return " ".join(part for part in (*name.given, name.family or "") if part)


def person_name(person: Person) -> str:
    """The usual name of a case person, or a plain stand-in; never a guess."""
    named = sorted((name for name in person.names if name_words(name)), key=lambda name: name.use != "usual")
    if named:
        return name_words(named[0])
    return f"Unborn child ({person.id})" if person.unborn else f"Name not known ({person.id})"


def candidate_name(candidate: Candidate) -> str:
    """The usual name by which a source knows someone; empty if it gave none."""
    named = sorted((name for name in candidate.names if name_words(name)), key=lambda name: name.use != "usual")
    return name_words(named[0]) if named else ""


def address_words(address: Address) -> str:
    """One line: address lines and postcode, or that there is no fixed address."""
    if address.no_fixed_address:
        return "No fixed address"
    parts = [*address.lines, address.postcode or ""]
    line = ", ".join(part for part in parts if part)
    return line or (f"UPRN {address.uprn}" if address.uprn else "Address not stated")


def sure_day(text: str | None) -> date | None:
    """The first day of an ISO year, month or day; None where it cannot be read.

    Used for both ends of a period: records held "to 2024" may have stopped in January, so only the certain part counts.
    """
    if not text:
        return None
    head = text.strip()[:10]
    try:
        return date.fromisoformat(head + "-01-01"[len(head) - 4 :] if len(head) < 10 else head)
    except ValueError:
        return None


def period_words(coverage: Coverage | None) -> str:
    """` (records held from April 2009 to March 2024, North Borough)`, or nothing; starts with a blank."""
    if coverage is None:
        return ""
    span = [f"from {day_words(coverage.from_)}"] if coverage.from_ else []
    span += [f"to {day_words(coverage.to)}"] if coverage.to else []
    parts = [" ".join(["records held", *span])] if span else []
    parts += [coverage.area] if coverage.area else []
    return f" ({', '.join(parts)})" if parts else ""


def count_words(count: int, one: str, many: str | None = None) -> str:
    """`1 item`, `3 items`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def list_words(items: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    parts = list(items)
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def order_key(value: Any) -> str:
    """A total order over values that depends on their content alone."""
    return json.dumps(to_plain(value), sort_keys=True, ensure_ascii=True)
