"""One row of the MARAC list as people, and what it says of how the case came there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from mash_trawl.api import Candidate, PartialDate, PersonQuery, address, name, uk_date

VICTIM, PERPETRATOR, CHILD = "victim", "perpetrator", "child"
_OF_A_PERSON = ("forename", "surname", "dob", "postcode")
COLUMNS = (
    "marac_ref", "meeting_date", "reason", "dash_score", "repeat", "address_confidential", "safe_contact", "children",
    "summary", "actions", *(f"{part}_{field}" for part in (VICTIM, PERPETRATOR) for field in _OF_A_PERSON),
)  # fmt: skip
REASONS = {"DASH": "score", "PJ": "professional judgement", "ESC": "escalation", "REP": "repeat within a year"}
USUAL = 14
"""Ticks on the DASH checklist from which a case usually goes to MARAC (SafeLives guidance); places set their own."""
_NOBODY = frozenset({"", "none", "no", "no children", "n/a", "not known", "unknown"})
_BORN = re.compile(r"\b(\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d\d-\d\d|(?:about |born )?(?:\w+ )?\d{4})$")


def people(row: dict[str, str]) -> Iterator[Candidate]:
    """Victim, perpetrator and children of a row, as far as they are named; a key is the case and the part in it."""
    case = row["marac_ref"].strip()
    hidden = row["address_confidential"].strip().lower() not in ("", "n", "no")
    for part in (VICTIM, PERPETRATOR):
        given, family = row[f"{part}_forename"].strip(), row[f"{part}_surname"].strip()
        postcode = row[f"{part}_postcode"].strip()
        if given or family:
            yield Candidate(
                ref=f"{case}/{part}", names=(name(given, family),), born=_day(row[f"{part}_dob"]),
                addresses=(address(postcode=postcode),) if postcode else (),
                restrictions=("hidden_address",) if part == VICTIM and hidden else (),
            )  # fmt: skip
    for number, text in enumerate(_children(row["children"]), start=1):
        yield _child(f"{case}/{CHILD}-{number}", text, hidden)


def fits(one: Candidate, query: PersonQuery) -> bool:
    """Does somebody agree with every field of the key? A birthday known in part agrees with each of its days."""
    told = {
        "family": lambda wanted: any(_same(held.family, wanted) for held in one.names),
        "given": lambda wanted: any(_same(part, wanted) for held in one.names for part in held.given),
        "born": lambda wanted: one.born is not None and _may_be(one.born, wanted),
        "postcode": lambda wanted: any(_same(held.postcode, wanted) for held in one.addresses),
    }
    return all(told[field](value) for field, value in query.fields.items())


def heard(row: dict[str, str]) -> str:
    """How the case came to MARAC, with the score as it was written; nothing is worked out from it."""
    score, code = row["dash_score"].strip(), row["reason"].strip()
    why = f"{REASONS[code.upper()]} ({code})" if code.upper() in REASONS else code
    ticks = f"DASH {score} (usual from {USUAL})" if score else "no DASH score written"
    again = "; heard before" if row["repeat"].strip().lower() in ("y", "yes") else ""
    return f"{ticks}; referred for {why or 'a reason that is not written'}{again}"


def _children(cell: str) -> list[str]:
    parts = [part.strip() for part in re.split(r"[;\n]", cell)]
    return [part for part in parts if part.lower() not in _NOBODY]


def _child(ref: str, text: str, hidden: bool) -> Candidate:
    """`Grace Okafor 17/05/2014`: the last word before the birthday is the surname."""
    found = _BORN.search(text)
    words = (text[: found.start()] if found else text).replace(",", " ").split()
    given, family = " ".join(words[:-1]) or None, words[-1] if words else None
    return Candidate(
        ref=ref, names=(name(given, family),), born=_day(found[1].removeprefix("born ")) if found else None,
        restrictions=("hidden_address",) if hidden else (),
    )  # fmt: skip


def _day(text: str) -> PartialDate | None:
    return uk_date(text) if text.strip() else None


def _may_be(born: PartialDate, wanted: date) -> bool:
    return (born.earliest or date.min) <= wanted <= (born.latest or date.max)


def _same(one: str | None, other: object) -> bool:
    return _bare(one or "") == _bare(str(other)) != ""


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
