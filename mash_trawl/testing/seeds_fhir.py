"""FHIR R4 as a seed: a list of resources, searched by POST as a server would, in Bundles with pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mash_trawl.testing.cast import Cast, Facts
from mash_trawl.testing.seeds_http import _PAGES, HttpSeed
from mash_trawl.testing.server import Reply, Request
from mash_trawl.transports.envelope import Envelope

_DATES: Mapping[str, tuple[str, ...]] = {
    "birthdate": ("birthDate",), "recorded-date": ("recordedDate",), "onset-date": ("onsetDateTime",),
    "date": ("period.start", "start", "effectiveDateTime", "performedDateTime", "date", "occurrenceDateTime"),
    "authored": ("authoredOn",),
}  # fmt: skip
_PLACES: Mapping[str, tuple[str, ...]] = {
    "_id": ("id",), "verification-status": ("verificationStatus.coding.code",),
    "family": ("name.family",), "given": ("name.given",), "name": ("name.family", "name.given"),
    "address-postalcode": ("address.postalCode",), "gender": ("gender",), "status": ("status",),
    "clinical-status": ("clinicalStatus.coding.code",), "class": ("class.code",), "type": ("type.coding.code",),
    "category": ("category.coding.code",), "code": ("code.coding.code",), "service-type": ("serviceType.coding.code",),
    "service-category": ("serviceCategory.coding.code",),
}  # fmt: skip
_ABOUT = (
    "subject.reference",
    "patient.reference",
    "participant.actor.reference",
    "for.reference",
    "beneficiary.reference",
)


class FhirSeed(HttpSeed):
    """Answers `POST {type}/_search`; an unknown parameter is an OperationOutcome, as a strict server says."""

    kinds = frozenset({"fhir"})
    kind = "application/fhir+json"

    def _enveloped(self, items: list[Any], total: int, token: str | None) -> Reply:
        link = [{"relation": "next", "url": f"{self.origin}/{self._base}{_PAGES}{token}"}] if token else []
        entry = [{"resource": item, "search": {"mode": "match"}} for item in items]
        bundle = {"resourceType": "Bundle", "type": "searchset", "total": total, "link": link, "entry": entry}
        return Reply(body=bundle, kind=self.kind)


def outcome(code: str, status: int) -> Reply:
    """An error in FHIR's own words."""
    issue = [{"severity": "error", "code": code}]
    return Reply(status=status, body={"resourceType": "OperationOutcome", "issue": issue}, kind=FhirSeed.kind)


def served_fhir(
    resources: Sequence[Mapping[str, Any]], *, size: int = 50, cast: Cast | None = None, facts: Facts | None = None
) -> FhirSeed:
    """A seed for `FhirConnector`: these resources (R4 JSON), the cast among the Patients."""

    def app(request: Request) -> Any:
        kind, _, end = request.path.removeprefix("/fhir/").partition("/")
        if request.method == "GET" and end:
            found = [item for item in resources if (item.get("resourceType"), item.get("id")) == (kind, end)]
            return dict(found[0]) if found else outcome("not-found", 404)
        if request.method != "POST" or end != "_search":
            return outcome("not-supported", 400)
        form = [(name.partition(":")[0], value) for name, value in request.form() if not name.startswith("_co")]
        if any(not _known(name) for name, _ in form):
            return outcome("not-supported", 400)
        held = [item for item in resources if item.get("resourceType") == kind]
        return [item for item in held if all(_passes(item, name, value) for name, value in form)]

    return FhirSeed(
        app, page="link", envelope=Envelope(), size=size, base="fhir", oauth=True, connect={}, cast=cast, facts=facts
    )  # fmt: skip


def _known(name: str) -> bool:
    return name in _DATES or name in _PLACES or name in ("identifier", "patient", "subject", "_sort")


def _passes(item: Mapping[str, Any], name: str, value: str) -> bool:
    """One search parameter; several values with commas are alternatives."""
    if name == "_sort":
        return True
    return any(_one(item, name, choice) for choice in value.replace("\\,", "\0").split(","))


def _one(item: Mapping[str, Any], name: str, value: str) -> bool:
    value = value.replace("\0", ",")
    if name == "identifier":
        system, _, number = value.rpartition("|")
        return any((held.get("system", ""), held.get("value")) == (system, number) or (not system and
                   held.get("value") == number) for held in item.get("identifier", ()))  # fmt: skip
    if name in ("patient", "subject"):
        wanted = value if "/" in value else f"Patient/{value}"
        return any(held == wanted for place in _ABOUT for held in _at(item, place))
    if name in _DATES:
        return _dated(item, name, value)
    wanted = value.rpartition("|")[2]
    held = [str(one) for place in _PLACES[name] for one in _at(item, place)]
    if name in ("family", "given", "name", "address-postalcode"):
        return any(_bare(one).startswith(_bare(wanted)) for one in held) if _bare(wanted) else False
    return wanted in held


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()


def _dated(item: Mapping[str, Any], name: str, value: str) -> bool:
    how, day = (value[:2], value[2:]) if value[:2] in ("ge", "le", "gt", "lt", "eq") else ("eq", value)
    held = [_local(str(one)) for place in _DATES[name] for one in _at(item, place)]
    tests: Mapping[str, Callable[[str], bool]] = {
        "ge": lambda one: one >= day[: len(one)], "le": lambda one: one[: len(day)] <= day,
        "gt": lambda one: one > day, "lt": lambda one: one[: len(day)] < day, "eq": lambda one: one[: len(day)] == day,
    }  # fmt: skip
    if how == "ge" and name == "date" and (ends := list(_at(item, "period.end"))):
        held = [_local(str(one)) for one in ends]
    elif how == "ge" and name == "date" and item.get("resourceType") == "EpisodeOfCare":
        return True  # a period without an end goes on
    return any(tests[how](one) for one in held)


def _local(text: str) -> str:
    """A day, month or year as it stands; of an instant the day where the server stands, which is in this country."""
    if "T" not in text:
        return text
    moment = datetime.fromisoformat(text)
    return (moment.astimezone(ZoneInfo("Europe/London")) if moment.tzinfo else moment).date().isoformat()


def _at(value: Any, path: str) -> Iterator[Any]:
    """Everything at a dotted path; lists on the way are walked through."""
    if isinstance(value, list):
        for one in value:
            yield from _at(one, path)
        return
    if not path:
        yield value
        return
    name, _, rest = path.partition(".")
    if isinstance(value, Mapping) and name in value:
        yield from _at(value[name], rest)
