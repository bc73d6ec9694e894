"""The outcome of a run in plain English: who was asked, what came, what could not be asked and what would unlock it.

"Nothing known" and "could not ask" stand under headings of their own. Like things are said once: forty refusals of five
kinds are five sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from mash_trawl.model.answer import Status
from mash_trawl.model.moments import moment_words
from mash_trawl.model.product import AgencyOutcome, DecisionLine, Product
from mash_trawl.model.profile import Profile
from mash_trawl.model.unlocks import name_people, opens_of, unlocks, with_people, without_names
from mash_trawl.render.grouping import and_words, count, opens_words, who_words
from mash_trawl.render.steps import PLAIN_STEPS, Steps
from mash_trawl.render.tables import wrapped

_NO_ANSWER = (
    Status.TIMED_OUT, Status.UNREACHABLE, Status.NOT_CONNECTED, Status.AMBIGUOUS_IDENTITY, Status.REFUSED_BY_CUSTODIAN,
)  # fmt: skip
_NOT_ASKED = (Status.NOT_PERMITTED, Status.CONSENT_MISSING)
_WHO = "\x00"


def run_summary(
    product: Product, profile: Profile, *, path: str = "", version: int | None = None, unchanged: bool = False,
    width: int = 0, named: bool = True, steps: Steps = PLAIN_STEPS,
) -> list[str]:  # fmt: skip
    """The lines to print. `unchanged`: nothing was new, and `version` is the one that stands.

    With `width` long lines are broken at it. `named`: people are called by their names, as on a terminal; else by their
    ids, because what is not a terminal may be a log.
    """
    names = {person.id: person.name if named else person.id for person in product.people}
    called = {person.id: person.name for person in product.people}
    lines = [_headline(product, version, unchanged)]
    for title, told in _parts(product, profile, names, called, steps):
        if told:
            lines += ["", f"{title}:", *(f"  {line}" for line in told)]
    lines += ["", _ending(product, path)]
    return [part for line in lines for part in _fit(line, width)]


def _fit(line: str, width: int) -> list[str]:
    indent = "  " if line.startswith("  ") else ""
    return wrapped(line.strip(), width or 1_000_000, indent) or [""]


def _headline(product: Product, version: int | None, unchanged: bool) -> str:
    if unchanged:
        return f"Case {product.case.id}: nothing was to be asked and nothing is new. Version {version} still stands."
    asked = [item for item in product.answers if item.asked_at and not (_only_carried(item) or _before(item, product))]
    agencies = and_words(item.agency_name for item in asked) or "nobody"
    people = len({item.person for item in asked})
    about = f" about {count(people, 'person', 'people')}" if people else ""
    return f"Case {product.case.id}{f', version {version}' if version else ''}: asked {agencies}{about}."


def _only_carried(item: AgencyOutcome) -> bool:
    """Whether it was carried over and nothing was asked now."""
    return item.carried_from is not None and item.asked_at == item.carried_at


def _before(item: AgencyOutcome, product: Product) -> bool:
    """Whether it was asked before this trawl began and is not carried over: on paper."""
    asked = item.asked_at is not None and datetime.fromisoformat(item.asked_at) < datetime.fromisoformat(product.at)
    return asked and item.carried_from is None


def _parts(
    product: Product, profile: Profile, names: Mapping[str, str], called: Mapping[str, str], steps: Steps
) -> Iterator[tuple[str, list[str]]]:
    """Every heading with its sentences; those without any are not printed."""
    answers = product.answers
    yield "What came", list(_came(answers, names))
    yield "Asked, and nothing known", list(_alike(_of(answers, Status.NONE_FOUND), names, called))
    yield "Answered only in part", list(_alike(_of(answers, Status.PARTIAL), names, called))
    yield 'No answer (this is not "nothing known")', list(_alike(_of(answers, *_NO_ANSWER), names, called))
    yield (
        "Waits for a person",
        [*_alike(_of(answers, Status.PENDING_PERSON), names, called), *_reviews(product, profile, names)],
    )
    yield 'Could not ask (this is not "nothing known")', list(_alike(_of(answers, *_NOT_ASKED), names, called))
    yield "What would unlock what was refused", list(_unlocked(product, profile, names, steps))
    yield "Carried over", list(_carried(product, names))
    yield "Left out for every reader", [f"{product.restricted_services}."] if product.restricted_services else []


def _of(answers: Iterable[AgencyOutcome], *statuses: Status) -> list[AgencyOutcome]:
    return [item for item in answers if item.status in statuses]


def _came(answers: Iterable[AgencyOutcome], names: Mapping[str, str]) -> Iterator[str]:
    """Per agency: how many records about whom; and who is known there without any in the categories asked for."""
    found: dict[str, list[AgencyOutcome]] = {}
    for item in answers:
        if item.status is Status.FOUND:
            found.setdefault(item.agency_name, []).append(item)
    for agency, items in found.items():
        full, bare = [item for item in items if item.found], [item for item in items if not item.found]
        if full:
            records = count(sum(item.found for item in full), "record")
            yield f"{agency}: {records} about {_people(full, names)}."
        if bare:
            yield f"{agency}: knows {_people(bare, names)}, but holds nothing in the categories asked for."


def _people(items: Iterable[AgencyOutcome], names: Mapping[str, str]) -> str:
    return and_words(names.get(item.person, item.person) for item in items)


def _alike(items: Iterable[AgencyOutcome], names: Mapping[str, str], called: Mapping[str, str]) -> Iterator[str]:
    """The outcomes' own sentences, where people are `called` so; those that differ only in people or agency are one."""
    people: dict[tuple[str, str], list[str]] = {}
    for item in items:
        name = called.get(item.person, item.person)
        rest = item.sentence.removeprefix(f"{item.agency_name}: ")
        people.setdefault((item.agency_name, re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", _WHO, rest)), []).append(
            names.get(item.person, item.person)
        )
    agencies: dict[tuple[str, str], list[str]] = {}
    for (agency, rest), who in people.items():
        agencies.setdefault((rest, and_words(who)), []).append(agency)
    for (rest, named), listed in agencies.items():
        yield f"{and_words(listed)}: {rest.replace(_WHO, named)}"


def _reviews(product: Product, profile: Profile, names: Mapping[str, str]) -> Iterator[str]:
    groups: dict[tuple[str, str], list[DecisionLine]] = {}
    for item in product.decisions:
        if item.outcome == "REVIEW":
            texts = (without_names(text, item, profile) for text in (item.reason, item.unlock))
            groups.setdefault((next(texts), next(texts)), []).append(item)
    for (reason, unlock), items in groups.items():
        told = name_people(with_people(f"{reason} To settle it: {unlock}".strip(), items), names)
        yield f"{opens_words(opens_of(items, profile), names)}: {told}"


def _unlocked(product: Product, profile: Profile, names: Mapping[str, str], steps: Steps) -> Iterator[str]:
    """What somebody could do, what it would open and by which command; and how much nothing would open."""
    denied = [item for item in product.decisions if item.outcome == "DENY"]
    found = unlocks(denied, profile)
    for unlock in found:
        ways = steps.ways(unlock.commands)
        into = f" ({ways})" if ways else ""
        yield f"{name_people(unlock.what, names)} It would open {opens_words(unlock.opens, names)}.{into}"
    shut = [item for item in denied if not item.unlock]
    if shut:
        yield f"Nothing would unlock {opens_words(opens_of(shut, profile), names)}."
    yield from steps.written_by(command for unlock in found for command in unlock.commands)


def _carried(product: Product, names: Mapping[str, str]) -> Iterator[str]:
    groups: dict[tuple[int, str], list[AgencyOutcome]] = {}
    for item in product.answers:
        if item.carried_from is not None:
            groups.setdefault((item.carried_from, item.carried_at or ""), []).append(item)
    now = datetime.fromisoformat(product.at)
    when: dict[tuple[int, str], list[AgencyOutcome]] = {}
    for (version, at), items in groups.items():
        when.setdefault((version, moment_words(datetime.fromisoformat(at), now) if at else ""), []).extend(items)
    for (version, words), items in when.items():
        asked = f", asked {words} UK time" if words else ""
        yield f"{_who(items, names)}: carried over from version {version}{asked}."


def _who(items: Sequence[AgencyOutcome], names: Mapping[str, str]) -> str:
    return who_words(((item.agency_name, item.person) for item in items), names)


def _ending(product: Product, path: str) -> str:
    counts = f"{count(len(product.chronology), 'event')}, {count(len(product.people), 'person', 'people')}."
    return f"{counts} Sealed: {path}" if path else counts
