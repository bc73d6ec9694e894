"""What the service sends, as candidates and findings. One record may say more than one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from mash_trawl.api import Candidate, Event, Fact, Finding, Involvement, PartialDate, address, iso_date, name
from mash_trawl_education.codes import (
    EXCLUSIONS,
    NEEDS,
    NO_PROVISION,
    ON_ROLL,
    OUT_OF_SCHOOL,
    PROVISIONS,
    REASONS,
    RESTRICTIONS,
    words,
)

SEXES: Mapping[str, Literal["female", "male"]] = {"F": "female", "M": "male"}
PERSISTENT, SEVERE = 10, 50
"""Per cent of possible sessions missed: persistent and severe absence (Department for Education, Working together to
improve school attendance, statutory guidance of August 2024; reviewed 2026-11-22)."""


def pupil(item: dict[str, Any]) -> Candidate:
    """A pupil; the legal name comes first, preferred and former names are names of their own."""
    given, family = item.get("legalForename"), item.get("legalSurname")
    names = [name(given, family, middle=item.get("legalMiddleNames"))]
    preferred = (item.get("preferredForename") or given, item.get("preferredSurname") or family)
    names += [name(*preferred, use="nickname")] if preferred != (given, family) else []
    names += [name(given, item["formerSurname"], use="old")] if item.get("formerSurname") else []
    place, upn = item.get("address") or {}, (item.get("upn") or "").strip()
    return Candidate(
        ref=item["pupilId"],
        names=tuple(names),
        born=day(item.get("dateOfBirth")),
        sex=SEXES.get(item.get("gender") or "", "unknown"),
        identifiers={"upn": upn} if upn else {},
        addresses=(address(place.get("line1"), postcode=place.get("postcode"), uprn=place.get("uprn")),)
        if place
        else (),
        restrictions=_restrictions(item.get("flags") or ()),
    )


def record(item: dict[str, Any]) -> tuple[Finding, ...]:
    """What one record says; of a type that we never asked for nothing is read (KeyError: it is quarantined)."""
    category, read = READERS[item["type"]]
    shared = {
        "ref": f"{item['type']}:{item['recordId']}",
        "about": (item["pupilId"],),
        "category": f"education.{category}",
        "basis": "documented",
    }
    return tuple(read(item, shared))


def enrolment(item: dict[str, Any], shared: dict[str, Any]) -> Iterable[Finding]:
    """On the roll of a school, with its designated safeguarding lead as the one to ring; or out of school.

    Missing education is an event as well, because it belongs into the chronology.
    """
    status: Literal["historic", "current"] = "historic" if item.get("endDate") else "current"
    start, end = day(item.get("startDate")), day(item.get("endDate"))
    kind, school = (item.get("kind") or "").strip(), item.get("schoolName") or "School"
    outside = words(OUT_OF_SCHOOL, kind) if kind.upper() in OUT_OF_SCHOOL else ""
    service = outside or (school if kind.upper() in ON_ROLL else f"{school} ({kind})")
    if item.get("kind") == "CME":
        yield Event(
            **shared, when=start or iso_date(None), until=end, kind="missing education", headline=outside,
            text=item.get("summary") or "", polarity="concern",
        )  # fmt: skip
    lead = item.get("safeguardingLead") or ""
    yield Involvement(
        **shared, service=service, status=status, from_=start, to=end,
        practitioner=lead, role="designated safeguarding lead" if lead else "", contact=item.get("telephone") or "",
    )  # fmt: skip


def attendance(item: dict[str, Any], shared: dict[str, Any]) -> Iterable[Finding]:
    """Sessions attended and missed in a period, in per cent of those possible. No sessions, no figure."""
    possible = int(item["sessionsPossible"])
    authorised, unauthorised = int(item["sessionsAuthorised"]), int(item["sessionsUnauthorised"])
    if possible <= 0 or min(authorised, unauthorised) < 0 or authorised + unauthorised > possible:
        raise ValueError("these figures cannot be")
    missed = 100 * (authorised + unauthorised) / possible
    level = "; severe absence" if missed >= SEVERE else "; persistent absence" if missed >= PERSISTENT else ""
    said = (
        f"attended {100 - missed:.1f}% of {possible} sessions; absent {100 * authorised / possible:.1f}% authorised, "
        f"{100 * unauthorised / possible:.1f}% unauthorised{level}"
    )
    between = "/".join(str(item[name]) for name in ("startDate", "endDate") if item.get(name))
    yield Fact(**shared, name="attendance", value=said, when=day(between))


def exclusion(item: dict[str, Any], shared: dict[str, Any]) -> Iterable[Finding]:
    """A suspension or permanent exclusion, with the reason that the school gave."""
    sessions = item.get("sessions")
    yield Event(
        **shared, when=iso_date(item.get("startDate")), until=day(item.get("endDate")), kind="exclusion",
        headline=words(EXCLUSIONS, item.get("kind")) or "Excluded",
        text=" ".join(part for part in (_reasons(item), item.get("summary"), _sessions(sessions)) if part),
        polarity="concern",
    )  # fmt: skip


def send(item: dict[str, Any], shared: dict[str, Any]) -> Iterable[Finding]:
    """Support for special educational needs, or a plan with its dates; `N` says that there is none any more."""
    code = (item.get("provision") or item.get("kind") or "").strip()
    if code.upper() in NO_PROVISION:
        return
    provision = PROVISIONS.get(code.upper(), code)
    need = words(NEEDS, item.get("primaryNeed"))
    end = day(item.get("endDate"))
    yield Involvement(
        **shared, service=f"{provision}: {need}" if need else provision, status="historic" if end else "current",
        from_=day(item.get("startDate")), to=end,
    )  # fmt: skip
    for field, code in (("planIssued", "ehc_plan_issued"), ("reviewDue", "ehc_plan_review_due")):
        if item.get(field):
            yield Fact(**shared | {"ref": f"{shared['ref']}/{code}"}, name=code, value=str(item[field]))


def concern(item: dict[str, Any], shared: dict[str, Any]) -> Iterable[Finding]:
    """An entry in the school's safeguarding record: somebody at the school saw or was told something."""
    yield Event(
        **shared | {"basis": "reported"}, when=iso_date(item.get("startDate")), until=day(item.get("endDate")),
        kind=item.get("kind") or "concern", headline=item.get("summary") or "Concern", polarity="concern",
        outcome=item.get("action") or "", recorded_by=item.get("recordedBy") or None,
    )  # fmt: skip


Reader = Callable[[dict[str, Any], dict[str, Any]], Iterable[Finding]]
READERS: Mapping[str, tuple[str, Reader]] = {
    "enrolment": ("enrolment", enrolment), "attendance": ("attendance", attendance),
    "exclusion": ("exclusions", exclusion), "send": ("send", send), "concern": ("safeguarding", concern),
}  # fmt: skip
"""Type of record to our category and its reader."""


def day(value: str | None) -> PartialDate | None:
    """A day of the service; None where there is none."""
    return iso_date(value) if value else None


def _reasons(item: dict[str, Any]) -> str:
    """One reason or several, parted by spaces or commas, as a sentence."""
    given = [words(REASONS, code) for code in (item.get("reason") or "").replace(",", " ").split()]
    return f"Reason: {'; '.join(given)}." if given else ""


def _sessions(count: Any) -> str:
    return f"{count} sessions." if count else ""


def _restrictions(flags: str | Iterable[str]) -> tuple[str, ...]:
    """Our words for the service's flags; one that is not listed still means that a person looks first."""
    given = [flags] if isinstance(flags, str) else flags
    return tuple(sorted({RESTRICTIONS.get(str(flag).strip().upper(), "restricted") for flag in given}))
