"""What the service sends, as candidates and findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from mash_trawl.api import Candidate, Fact, Finding, Involvement, PartialDate, address, iso_date, name
from mash_trawl_probation.codes import MAPPA_CATEGORIES, MAPPA_LEVELS, ROSH, SENTENCES, SEXES, words

SERVICE = "Probation"


@dataclass(frozen=True, kw_only=True)
class Span:
    """A finding with its first and last day, as far as they are known."""

    finding: Finding
    first: PartialDate | None
    last: PartialDate | None

    def touches(self, since: date | None, until: date | None) -> bool:
        """Does it reach into the period? What has no day does."""
        early = since and self.last and self.last.latest and self.last.latest < since
        late = until and self.first and self.first.earliest and self.first.earliest > until
        return not early and not late


def person(item: dict[str, Any]) -> Candidate:
    """A person on probation; each alias is a name of its own. The key is the case reference number (CRN)."""
    keys, place = item["identifiers"], item.get("address") or {}
    names = [name(item.get("firstName"), item.get("lastName"), middle=item.get("middleName"))]
    names += [name(one.get("firstName"), one.get("lastName"), use="old") for one in item.get("aliases") or ()]
    limited = item.get("limitedAccess")
    return Candidate(
        ref=keys["deliusCrn"],
        names=tuple(names),
        born=day(item.get("dateOfBirth")),
        sex=SEXES.get(str(item.get("gender") or "").upper(), "unknown"),
        identifiers={"pnc_id": item["pncId"]} if item.get("pncId") else {},
        addresses=(address(place.get("line1"), postcode=place.get("postcode")),) if place else (),
        restrictions=() if limited in (None, False) else ("restricted",),
    )


def sentence(item: dict[str, Any], ref: str) -> Iterable[Span]:
    """An order or sentence that probation supervises. One that no longer runs and has no end ended on a day unknown."""
    first, last = day(item.get("dateOfSentencing")), day(item.get("endDate"))
    active = item.get("isActive")
    found = Involvement(
        **_told(ref, "sentence", item["id"], "orders"),
        service=f"{SERVICE}: {words(SENTENCES, item.get('type')) or 'order'}",
        status="current" if active is True else "historic" if active is False else "unknown", from_=first, to=last,
    )  # fmt: skip
    yield Span(finding=found, first=first, last=last)


def conditions(item: dict[str, Any], ref: str) -> Iterable[Span]:
    """The conditions of each licence, one fact each; when a licence was approved is the day of its conditions."""
    for licence in (item.get("data") or {}).get("licences") or ():
        approved = day(licence.get("approvedDate"))
        for number, condition in enumerate(licence.get("conditions") or (), start=1):
            shared = _told(ref, "licence", f"{licence['id']}/{condition.get('id') or number}", "orders")
            state = f" (licence: {licence['status']})" if licence.get("status") else ""
            told = Fact(**shared, name="licence_condition", value=condition["condition"] + state, when=approved)
            yield Span(finding=told, first=approved, last=approved)


def officer(item: dict[str, Any], ref: str) -> Iterable[Span]:
    """Whom to ring: the community offender manager."""
    held = (item.get("data") or {}).get("communityOffenderManager")
    if not held:
        return
    called, team = held.get("name") or {}, held.get("team") or {}
    found = Involvement(
        **_told(ref, "officer", held["code"], "orders"), service=SERVICE, status="current",
        practitioner=" ".join(part for part in (called.get("forename"), called.get("surname")) if part),
        role=f"community offender manager, {team['description']}" if team.get("description") else "",
        contact=", ".join(part for part in (held.get("telephoneNumber"), held.get("email")) if part),
    )  # fmt: skip
    yield Span(finding=found, first=None, last=None)


def serious_harm(item: dict[str, Any], ref: str) -> Iterable[Span]:
    """The assessed risk of serious harm: overall, and to children where that was judged."""
    held = item.get("data")
    if not held:
        return
    on = day(held.get("assessedOn"))
    shared = _told(ref, "rosh", held["assessmentId"], "risk") | {"basis": "professional_opinion"}
    for field, title in (("overallRiskLevel", "risk_of_serious_harm"),
                         ("riskToChildrenLevel", "risk_of_serious_harm_to_children")):  # fmt: skip
        if held.get(field):
            own = shared | {"ref": f"{shared['ref']}/{title}"}
            yield Span(finding=Fact(**own, name=title, value=words(ROSH, held[field]), when=on), first=on, last=on)


def mappa(item: dict[str, Any], ref: str) -> Iterable[Span]:
    """Multi-agency public protection arrangements: category and level, and until when."""
    held = item.get("data")
    if not held:
        return
    first, last = day(held.get("startDate")), day(held.get("endDate"))
    said = [words(MAPPA_CATEGORIES, held.get("category")), words(MAPPA_LEVELS, held.get("level"))]
    found = Involvement(
        **_told(ref, "mappa", held["id"], "risk"), service=f"MAPPA: {', '.join(part for part in said if part)}",
        status="historic" if last else "current", from_=first, to=last,
    )  # fmt: skip
    yield Span(finding=found, first=first, last=last)


def day(value: str | None) -> PartialDate | None:
    """A day of the service; None where there is none."""
    return iso_date(value) if value else None


def _told(ref: str, table: str, key: Any, category: str) -> dict[str, Any]:
    """What every finding of a record shares. A record without a key of its own is quarantined (ValueError)."""
    if not str(key or "").strip():
        raise ValueError("no key")
    return {"ref": f"{table}:{key}", "about": (ref,), "category": f"probation.{category}", "basis": "documented"}
