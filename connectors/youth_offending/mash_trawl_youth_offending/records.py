"""Rows of the system as candidates and findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from mash_trawl.api import Candidate, Event, Fact, Finding, Involvement, PartialDate, address, iso_date, name
from mash_trawl_youth_offending.codes import OUTCOMES, RATINGS, RESTRICTIONS, WORK, plain, words

SEXES: Mapping[str, Literal["female", "male"]] = {"F": "female", "M": "male"}
JUDGEMENTS = (
    ("reoffending", "likelihood_of_reoffending"), ("serious_harm", "risk_of_serious_harm"),
    ("safety", "safety_and_wellbeing"),
)  # fmt: skip
"""AssetPlus: the column of each of its three judgements, and what we call it."""
_SETTLED = frozenset({"CONV", "ADM"})


def person(row: Any) -> Candidate:
    """A young person as a candidate."""
    given, former = text(row.forename), text(row.former_surname)
    names = [name(given, text(row.surname), middle=text(row.middle_names))]
    names += [name(given, former, use="old")] if former else []
    line, postcode = text(row.address1), text(row.postcode)
    flags = text(row.flag).replace(",", " ").split()
    return Candidate(
        ref=text(row.person_id),
        names=tuple(names),
        born=day(row.dob),
        sex=SEXES.get(text(row.gender).upper(), "unknown"),
        identifiers={"pnc_id": text(row.pnc_id)} if text(row.pnc_id) else {},
        addresses=(address(line, postcode=postcode),) if line or postcode else (),
        restrictions=tuple(sorted({RESTRICTIONS.get(flag.upper(), "restricted") for flag in flags})),
    )


def work(row: Any) -> Iterator[Finding]:
    """An order or prevention work, with the worker and how to reach them."""
    end = day(row.ended_on)
    yield Involvement(
        **told(row, "intervention", row.intervention_id, "involvement"),
        service=words(WORK, row.code) or text(row.team) or "Youth justice service",
        status="historic" if end else "current", from_=day(row.started_on), to=end,
        practitioner=text(row.worker_name), role=text(row.team), contact=text(row.telephone),
    )  # fmt: skip


def offence(row: Any) -> Iterator[Finding]:
    """An offence. One that was neither admitted nor found proved is alleged, and one that was dropped is no concern."""
    code = text(row.outcome_code).upper()
    seriousness = text(row.seriousness)
    decided = day(row.outcome_on)
    said = [f"Seriousness {seriousness} of 8." if seriousness else "", f"Decided {decided.edtf}." if decided else ""]
    yield Event(
        **told(row, "offence", row.offence_id, "offences") | {"basis": "documented" if code in _SETTLED else "alleged"},
        when=day(row.occurred_on) or iso_date(None), kind="offence", headline=text(row.description) or "Offence",
        text=" ".join(part for part in said if part), outcome=plain(OUTCOMES, row.outcome_code),
        polarity="neutral" if code in ("NFA", "WDN") else "concern",
    )  # fmt: skip


def asset_plus(row: Any) -> Iterator[Finding]:
    """The three judgements of an AssetPlus assessment, each a fact of its own; one that was not made is left out."""
    for column, title in JUDGEMENTS:
        if text(row[column]):
            shared = told(row, "asset_plus", row.assessment_id, "risk") | {"basis": "professional_opinion"}
            shared["ref"] += f"/{title}"
            yield Fact(**shared, name=title, value=plain(RATINGS, row[column]), when=day(row.completed_on))


def told(row: Any, table: str, key: Any, category: str) -> dict[str, Any]:
    """What every finding of a row shares."""
    return {
        "ref": f"{table}:{text(key)}",
        "about": (text(row.person_id),),
        "category": f"youth_offending.{category}",
        "basis": "documented",
    }


def text(value: object) -> str:
    """A text column without blanks around it; "" where there is nothing."""
    return str(value).strip() if value is not None else ""


def day(value: Any) -> PartialDate | None:
    """A day, or the day of an instant; None where there is nothing."""
    return iso_date(value) if value else None
