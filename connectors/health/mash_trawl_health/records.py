"""Reading FHIR R4 resources. What a server marks as entered in error is left out: it says that it is not so."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from mash_trawl.api import (
    Address,
    Candidate,
    Event,
    Fact,
    Involvement,
    Name,
    PartialDate,
    address,
    iso_date,
)

_UK = ZoneInfo("Europe/London")
_WRONG = "entered-in-error"
_SEXES: dict[str, Literal["female", "male", "other"]] = {"female": "female", "male": "male", "other": "other"}
_USES: dict[str, Literal["official", "temp", "nickname", "anonymous", "old", "maiden"]] = {
    "official": "official", "temp": "temp", "nickname": "nickname", "anonymous": "anonymous", "old": "old",
    "maiden": "maiden",
}  # fmt: skip
_STANDING: dict[str, Literal["current", "historic", "waiting"]] = {
    "active": "current", "onhold": "current", "finished": "historic", "waitlist": "waiting", "planned": "waiting",
}  # fmt: skip
_TOOK_PLACE = frozenset({"arrived", "triaged", "in-progress", "onleave", "finished"})
_DID_NOT = frozenset({"planned", "cancelled", _WRONG})
_OTHERWISE = frozenset({
    "proposed", "pending", "booked", "arrived", "fulfilled", "cancelled", "checked-in", "waitlist", _WRONG,
})  # fmt: skip
_CLASSES = frozenset({"EMER", "AMB", "FLD", "HH", "IMP", "ACUTE", "NONAC", "OBSENC", "PRENC", "SS", "VR"})
"""HL7 ActEncounterCode."""
_HIDDEN = frozenset({"R", "V"})
"""HL7 Confidentiality: restricted, very restricted. The Personal Demographics Service marks sensitive records so."""


def patient(item: dict[str, Any]) -> Candidate:
    """A patient as a candidate; the NHS number is taken from its own identifier system only."""
    numbers = [
        "".join(held["value"].split())
        for held in item.get("identifier", ())
        if held.get("system", "").endswith("/nhs-number") and held.get("value")
    ]
    return Candidate(
        ref=item["id"],
        names=tuple(_name(held) for held in item.get("name", ())),
        born=day(item.get("birthDate")),
        died=day(item.get("deceasedDateTime")),
        sex=_SEXES.get(item.get("gender", ""), "unknown"),
        identifiers={"nhs_number": numbers[0]} if numbers else {},
        addresses=tuple(_address(held) for held in item.get("address", ())),
        restrictions=("hidden_address",) if _HIDDEN & _labels(item) else (),
    )


def practice(ref: str, category: str, item: dict[str, Any]) -> Fact | None:
    """Where the patient is registered."""
    names = [held["display"] for held in item.get("generalPractitioner", ()) if held.get("display")]
    if not names:
        return None
    return Fact(
        ref=f"gp:{item['id']}", about=(ref,), category=category, name="gp_practice", value=names[0], basis="documented"
    )


def condition(ref: str, category: str, item: dict[str, Any]) -> Event | None:
    """A problem on the list, at its onset, or at the day it was recorded where no onset is known."""
    if any(coding.get("code") == _WRONG for coding in (item.get("verificationStatus") or {}).get("coding", ())):
        return None
    said = item.get("recordedDate")
    when, recorded = item.get("onsetDateTime") or said, day(said)
    certain = [coding.get("code", "") for coding in (item.get("verificationStatus") or {}).get("coding", ())]
    outcome = [words(item.get("clinicalStatus")), *(code for code in certain if code != "confirmed")]
    inexact = f"Recorded {said}." if recorded and not recorded.exact and when != said else ""
    return Event(
        ref=item["id"], about=(ref,), category=category, kind="condition", headline=words(item["code"]),
        when=day(when) or iso_date(None), recorded_on=recorded.earliest if recorded and recorded.exact else None,
        text=" ".join(filter(None, (_notes(item), inexact))), outcome=", ".join(filter(None, outcome)),
        basis="documented",
    )  # fmt: skip


def without_onset(ref: str, category: str, item: dict[str, Any]) -> Event | None:
    """A problem whose onset nobody knows: one with an onset is found by it."""
    return None if item.get("onsetDateTime") else condition(ref, category, item)


def encounter(ref: str, category: str, item: dict[str, Any]) -> Event | None:
    """A contact or an attendance that took place or is under way; where the status does not say so, it is told."""
    status = item.get("status") or "unknown"
    if status in _DID_NOT:
        return None
    period, sort = item.get("period") or {}, (item.get("class") or {}).get("code") or ""
    kind = "emergency attendance" if sort == "EMER" else "contact"
    kind = kind if sort in _CLASSES or not sort else f"{kind} ({sort})"
    return Event(
        ref=item["id"], about=(ref,), category=category, kind=kind,
        headline=_first(item.get("reasonCode")) or _first(item.get("type")) or kind.capitalize(),
        when=day(period.get("start")) or iso_date(None), until=day(period.get("end")), text=_notes(item),
        basis="observed" if status in _TOOK_PLACE else "documented", outcome="" if status in _TOOK_PLACE else status,
    )  # fmt: skip


def missed_appointment(ref: str, category: str, item: dict[str, Any]) -> Event | None:
    """An appointment to which the patient did not come; a child does not come alone, so it was not brought."""
    status = item.get("status")
    if status in _OTHERWISE:
        return None
    if status != "noshow":
        raise ValueError("the status of an appointment is none that R4 knows")
    what = item.get("description") or _first(item.get("serviceType")) or "an appointment"
    return Event(
        ref=item["id"], about=(ref,), category=category, kind="was not brought",
        headline=f"Was not brought or did not attend: {what}", when=day(item.get("start")) or iso_date(None),
        text=item.get("comment") or "", basis="documented", polarity="concern",
    )  # fmt: skip


def episode(ref: str, category: str, item: dict[str, Any]) -> Involvement | None:
    """A service that works, worked or will work with the patient.

    Why an episode was cancelled is not said: nobody is called one who declined. What we have no word for keeps its own.
    """
    status = item.get("status") or ""
    if status == _WRONG:
        return None
    service = _first(item.get("type")) or category
    period = item.get("period") or {}
    return Involvement(
        ref=item["id"], about=(ref,), category=category,
        service=service if status in _STANDING or not status else f"{service} ({status})",
        status=_STANDING.get(status, "unknown"), from_=day(period.get("start")),
        to=day(period.get("end")), practitioner=(item.get("careManager") or {}).get("display", ""),
        basis="documented",
    )  # fmt: skip


def words(concept: Any) -> str:
    """What a CodeableConcept says: its text, else the first display, else the first code."""
    held = concept or {}
    codings = held.get("coding") or [{}]
    return held.get("text") or codings[0].get("display") or codings[0].get("code") or ""


def day(value: str | None) -> PartialDate | None:
    """A FHIR date, or the UK day of a FHIR instant (`2026-06-30T23:30:00Z` is 1 July in London)."""
    if not value:
        return None
    if "T" in value:
        moment = datetime.fromisoformat(value)
        local: date = (moment.astimezone(_UK) if moment.tzinfo else moment).date()
        return PartialDate.of(local, value)
    return iso_date(value)


def _first(concepts: Any) -> str:
    return words(concepts[0]) if concepts else ""


def _labels(item: dict[str, Any]) -> set[str]:
    return {label.get("code", "") for label in (item.get("meta") or {}).get("security", ())}


def _notes(item: dict[str, Any]) -> str:
    return " ".join(note["text"] for note in item.get("note", ()) if note.get("text"))


def _name(held: dict[str, Any]) -> Name:
    return Name(
        given=tuple(held.get("given", ())), family=held.get("family"), use=_USES.get(held.get("use", ""), "usual")
    )


def _address(held: dict[str, Any]) -> Address:
    period = held.get("period") or {}
    return address(
        *held.get("line", ()), held.get("city"), postcode=held.get("postalCode"),
        from_=day(period.get("start")), to=day(period.get("end")),
    )  # fmt: skip
