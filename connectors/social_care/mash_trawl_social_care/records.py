"""Rows of records as findings, one reader for each table. What has no code of ours keeps the system's own words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mash_trawl.api import Event, Finding, Involvement, PartialDate, iso_date
from mash_trawl_social_care.codes import LEGAL_STATUSES, NEEDS, PLACEMENTS, PLAN_CATEGORIES, REFERRERS, words
from mash_trawl_social_care.people import day, text
from mash_trawl_social_care.statements import Table

Reader = Callable[[Any], Iterator[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """A table, and what one of its rows says."""

    table: Table
    read: Reader


def told(row: Any, table: Table, category: str) -> dict[str, Any]:
    """What every finding of a row shares: its key with the table's name before it, and whose it is."""
    return {
        "ref": f"{table.name}:{text(row[table.key])}",
        "about": (text(row.person_id),),
        "category": f"childrens_social_care.{category}",
        "basis": "documented",
    }


def when(value: Any) -> PartialDate:
    """The day of an event; unknown where there is none."""
    return iso_date(value or None)


def sentence(*parts: tuple[str, str]) -> str:
    """`From: police. Need: neglect.` of those parts that say something."""
    return " ".join(f"{name}: {said}." for name, said in parts if said)


CONTACT = Table(
    name="contact", key="contact_id", start="received_on", columns=("source_code", "reason", "outcome")
)  # fmt: skip
REFERRAL = Table(
    name="referral", key="referral_id", start="received_on",
    columns=("source_code", "need_code", "reason", "outcome"),
)  # fmt: skip
ASSESSMENT = Table(
    name="assessment", key="assessment_id", start="started_on", end="authorised_on", columns=("summary", "outcome")
)
ENQUIRY = Table(name="s47_enquiry", key="enquiry_id", start="started_on", end="ended_on", columns=("reason", "outcome"))
CONFERENCE = Table(
    name="cp_conference", key="conference_id", start="held_on", columns=("conference_type", "outcome")
)  # fmt: skip
CP_PLAN = Table(
    name="cp_plan", key="plan_id", start="started_on", end="ended_on",
    columns=("initial_category", "latest_category", "summary"),
)  # fmt: skip
CIN_PLAN = Table(name="cin_plan", key="plan_id", start="started_on", end="ended_on", columns=("summary",))
VISIT = Table(name="visit", key="visit_id", start="visited_on", columns=("visit_type", "seen_alone", "summary"))
MISSING = Table(
    name="missing_episode", key="episode_id", start="started_on", end="ended_on",
    columns=("summary", "interview_offered", "interview_accepted"),
)  # fmt: skip
LEGAL_STATUS = Table(
    name="legal_status", key="status_id", start="started_on", end="ended_on", columns=("status_code", "summary")
)
PLACEMENT = Table(
    name="placement", key="placement_id", start="started_on", end="ended_on", columns=("placement_code", "summary")
)
WORKER = Table(
    name="involvement", key="involvement_id", start="started_on", end="ended_on",
    columns=("worker_name", "worker_role", "team", "telephone"),
)  # fmt: skip


def contact(row: Any) -> Iterator[Finding]:
    """Somebody got in touch about a child; what they said is theirs."""
    shared = told(row, CONTACT, "referrals") | {"basis": "reported"}
    yield Event(
        **shared, when=when(row.received_on), kind="contact", headline=text(row.reason) or "Contact",
        text=sentence(("From", words(REFERRERS, row.source_code))), outcome=text(row.outcome), polarity="concern",
    )  # fmt: skip


def referral(row: Any) -> Iterator[Finding]:
    """A contact that was taken up, on the day it arrived."""
    shared = told(row, REFERRAL, "referrals") | {"basis": "reported"}
    said = sentence(("From", words(REFERRERS, row.source_code)), ("Primary need", words(NEEDS, row.need_code)))
    yield Event(
        **shared, when=when(row.received_on), kind="referral", headline=text(row.reason) or "Referral", text=said,
        outcome=text(row.outcome), polarity="concern",
    )  # fmt: skip


def assessment(row: Any) -> Iterator[Finding]:
    """An assessment of the child and family; its factors come as facts of their own."""
    yield Event(
        **told(row, ASSESSMENT, "assessments"), when=when(row.started_on), until=day(row.authorised_on),
        kind="assessment", headline=text(row.summary) or "Child and family assessment", outcome=text(row.outcome),
    )  # fmt: skip


def enquiry(row: Any) -> Iterator[Finding]:
    """A section 47 enquiry."""
    yield Event(
        **told(row, ENQUIRY, "assessments"), when=when(row.started_on), until=day(row.ended_on),
        kind="s.47 enquiry", headline=text(row.reason) or "Section 47 enquiry", outcome=text(row.outcome),
        polarity="concern",
    )  # fmt: skip


def conference(row: Any) -> Iterator[Finding]:
    """A child protection conference: ICPC is the initial one, RCPC a review."""
    kinds = {"ICPC": "Initial child protection conference", "RCPC": "Review child protection conference"}
    held = text(row.conference_type)
    yield Event(
        **told(row, CONFERENCE, "plans"), when=when(row.held_on), kind="conference",
        headline=kinds.get(held.upper(), held) or "Conference", outcome=text(row.outcome),
    )  # fmt: skip


def cp_plan(row: Any) -> Iterator[Finding]:
    """A child protection plan with its category; one that changed on the way names both."""
    first, last = words(PLAN_CATEGORIES, row.initial_category), words(PLAN_CATEGORIES, row.latest_category)
    category = first if last in ("", first) else f"{first}, now {last}" if first else last
    yield from _spell(row, CP_PLAN, "plans", "Child protection plan", category)


def cin_plan(row: Any) -> Iterator[Finding]:
    """A child in need plan."""
    yield from _spell(row, CIN_PLAN, "plans", "Child in need plan", "")


def visit(row: Any) -> Iterator[Finding]:
    """A visit under a plan. Whether the child was seen alone is said only where it is recorded."""
    alone = {"Y": "Child seen alone.", "N": "Child not seen alone."}.get(text(row.seen_alone).upper(), "")
    yield Event(
        **told(row, VISIT, "plans") | {"basis": "observed"}, when=when(row.visited_on),
        kind=f"visit {text(row.visit_type)}".strip(), headline=text(row.summary) or "Visit", text=alone,
    )  # fmt: skip


def missing(row: Any) -> Iterator[Finding]:
    """An episode of being missing, with the return interview."""
    answers = {"Y": "yes", "N": "no"}
    offered = answers.get(text(row.interview_offered).upper(), "")
    accepted = answers.get(text(row.interview_accepted).upper(), "")
    yield Event(
        **told(row, MISSING, "missing"), when=when(row.started_on), until=day(row.ended_on), kind="missing",
        headline=text(row.summary) or "Missing", polarity="concern",
        text=sentence(("Return interview offered", offered), ("accepted", accepted)),
    )  # fmt: skip


def legal_status(row: Any) -> Iterator[Finding]:
    """The legal status under which a child is looked after."""
    yield from _spell(row, LEGAL_STATUS, "looked_after", "Looked after", words(LEGAL_STATUSES, row.status_code))


def placement(row: Any) -> Iterator[Finding]:
    """Where a looked-after child is placed; never the address, which is kept elsewhere."""
    yield from _spell(row, PLACEMENT, "looked_after", "Placement", words(PLACEMENTS, row.placement_code))


def worker(row: Any) -> Iterator[Finding]:
    """Who works with the person, in which team, and how to reach them."""
    yield Involvement(
        **told(row, WORKER, "family"), service=text(row.team) or "Children's social care",
        status="historic" if row.ended_on else "current", from_=day(row.started_on), to=day(row.ended_on),
        practitioner=text(row.worker_name), role=text(row.worker_role), contact=text(row.telephone),
    )  # fmt: skip


def _spell(row: Any, table: Table, category: str, title: str, detail: str) -> Iterator[Finding]:
    """A plan or a status that lasts: its beginning belongs into the chronology, its state among the services."""
    shared, named = told(row, table, category), f"{title}: {detail}" if detail else title
    start, end = day(row.started_on), day(row.ended_on)
    yield Event(
        **shared, when=when(row.started_on), until=end, kind=title.lower(), headline=f"{named} began",
        text=text(row.summary), polarity="change",
    )  # fmt: skip
    yield Involvement(**shared, service=named, status="historic" if end else "current", from_=start, to=end)


RECORDS: Mapping[str, tuple[Records, ...]] = {
    "referrals": (Records(table=CONTACT, read=contact), Records(table=REFERRAL, read=referral)),
    "assessments": (Records(table=ASSESSMENT, read=assessment), Records(table=ENQUIRY, read=enquiry)),
    "plans": (
        Records(table=CONFERENCE, read=conference),
        Records(table=CP_PLAN, read=cp_plan),
        Records(table=CIN_PLAN, read=cin_plan),
        Records(table=VISIT, read=visit),
    ),
    "looked_after": (Records(table=LEGAL_STATUS, read=legal_status), Records(table=PLACEMENT, read=placement)),
    "missing": (Records(table=MISSING, read=missing),),
    "family": (Records(table=WORKER, read=worker),),
}
"""By category: which tables are read, and how. A system with other tables is another list like this one."""
