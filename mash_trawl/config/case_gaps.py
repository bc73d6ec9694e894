"""What the referrer left out of a case: who it is about, what is missing, why it matters, what cannot be asked without.

Pure: the case, its profile, and which sources could not search for whom. Nothing here decides anything; a case with
gaps may be trawled all the same. People are named by id and role; whoever writes the letter may add names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mash_trawl.config.case_twice import twice
from mash_trawl.model.case import Case
from mash_trawl.model.person import Person
from mash_trawl.model.profile import Profile

_CHILD = ("subject", "sibling")
_ADULT = ("parent", "carer", "household", "alleged_source_of_harm")
_ASKED = (*_CHILD, *_ADULT)
_HIDDEN = {"hidden_address", "witness_protection"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseGap:
    """One thing left out. `person` is an id of the case, empty for the case itself; `code` is stable.

    `blocks` says in words what cannot be asked, or not well, without it; empty where nothing is.
    """

    person: str
    code: str
    missing: str
    matters: str
    blocks: str = ""


def case_gaps(
    case: Case, profile: Profile, unsearchable: Mapping[str, Sequence[str]] | None = None, twins: Sequence[str] = ()
) -> list[CaseGap]:
    """Everything that is missing, the case first, then person by person in case order.

    `unsearchable` maps a person's id to the sources at which no search key of theirs is filled; `twins` are the ids
    of other cases that tell the same referral.
    """
    found = list(_case(case, profile))
    for twin in twins:
        found.append(_gap("", "same_referral", f"whether this is the referral of case {twin}, which says the same",
                          "a family would be asked about twice"))  # fmt: skip
    for person in case.people:
        if set(person.roles) & set(_ASKED):
            found += _person(person, case)
            found += _searches(person, (unsearchable or {}).get(person.id, ()))
    found += _doubles(case)
    found += _ties(case)
    found += _agreement(case, profile)
    return found


def _case(case: Case, profile: Profile) -> Iterator[CaseGap]:
    referral = case.referral
    if referral.source.casefold() in ("", "unknown"):
        yield _gap("", "source", "who referred", "the answer goes back to them")
    if referral.referrer is None or not (referral.referrer.telephone or referral.referrer.email):
        yield _gap("", "referrer", "how to reach the referrer", "questions and the outcome go back to them")
    if not referral.concerns and profile.concerns:
        blocks = "powers that need a purpose, such as the prevention of crime" if _needs_concern(profile) else ""
        yield _gap("", "concerns", "what the concern is", "it says which powers and teams fit", blocks)
    if referral.level is None and profile.levels:
        blocks = "the whole case: this profile takes none without a level" if profile.scope.level_needed else ""
        blocks = blocks or ("powers that start at a level of need" if _needs_level(profile) else "")
        yield _gap("", "level", "the level of need", "it says which threshold is met", blocks)
    yield from _citation(case, profile)
    if referral.rag is None and profile.rag:
        yield _gap("", "rag", "the priority (RAG)", "it sets when the answer is due")
    if not (referral.narrative or "").strip():
        yield _gap("", "narrative", "what happened, in a sentence or two", "it says what is relevant")
    if not any("subject" in person.roles for person in case.people):
        yield _gap("", "subject", "whom the case is about (no person has the role subject)",
                   "every question starts from them", "powers that protect a named child")  # fmt: skip
    elif not any({"parent", "carer"} & set(person.roles) for person in case.people):
        yield _gap("", "parents", "the parents or carers", "they hold responsibility, and agree or refuse",
                   "any agreement for a child under 16")  # fmt: skip


def _citation(case: Case, profile: Profile) -> Iterator[CaseGap]:
    """Clauses of the threshold document that the level rests on, where the profile wants them; or that fit another."""
    level, cited, document = case.referral.level, case.referral.threshold, profile.document
    if document is None or level is None:
        return
    if cited is None:
        if profile.scope.cite:
            what = f"which clauses of the threshold document ({document.name}) the level rests on"
            yield _gap("", "threshold", what, "it shows why it is this level and no other")
        return
    levels = {number: key for key, number, _ in document.clauses()}
    for number in cited.clauses:
        if levels.get(number, str(level)) != str(level):
            what = f"whether the level is right: it is {level}, and clause {number} belongs to level {levels[number]}"
            yield _gap("", "clause_level", what, "a level and its reasons must fit each other")


def _needs_level(profile: Profile) -> bool:
    return any(profile.gateways[name].levels for name in profile.relies_on if name in profile.gateways)


def _needs_concern(profile: Profile) -> bool:
    return any(profile.gateways[name].concerns for name in profile.relies_on if name in profile.gateways)


def _person(person: Person, case: Case) -> Iterator[CaseGap]:
    if person.unborn:
        if person.due is not None and person.due.earliest is None:
            yield _gap(person.id, "due", "when the child is due (about when is a help)", "it tells when to ask again")
        return
    if not any(name.family for name in person.names):
        yield _gap(person.id, "family_name", "the family name", "nearly every search starts from it")
    if not any(name.given for name in person.names):
        yield _gap(person.id, "given_name", "a given name", "it tells relatives of one name apart")
    if person.born is None:
        child = set(person.roles) & set(_CHILD)
        what = "the date of birth or, for an unborn child, the due date" if child else "the date of birth"
        yield _gap(person.id, "born", f"{what} (about when is a help)",
                   "it tells namesakes apart, and whether somebody else may agree for them",
                   "sources that search by name and date of birth")  # fmt: skip
    elif not person.born.exact:
        yield _gap(person.id, "born_exact", "the exact date of birth", "namesakes may be taken for this person",
                   "sources that search by the exact day")  # fmt: skip
    if person.sex == "unknown":
        yield _gap(person.id, "sex", "the sex", "it helps to tell twins and namesakes apart")
    if not person.addresses and not _HIDDEN & set(person.restrictions):
        yield _gap(person.id, "address", "an address (or: no fixed address)", "it shows who lives together",
                   "sources that search by address")  # fmt: skip
    if any(place.no_fixed_address and (place.lines or place.postcode or place.uprn) for place in person.addresses):
        yield _gap(person.id, "address_unclear", "whether they live at the address or have no fixed address",
                   "both are stated, and then neither helps to tell who lives together")  # fmt: skip
    if _of_school_age(person, case.opened_at.date()) and not person.school:
        yield _gap(person.id, "school", "the school", "the school often knows the child best")


def _of_school_age(person: Person, today: date) -> bool:
    """Between four and eighteen, for all that is known; only a child of the case."""
    if not set(person.roles) & set(_CHILD) or person.born is None:
        return False
    earliest, latest = person.born.earliest or date.min, person.born.latest or date.max
    return today.year - latest.year >= 4 and today.year - earliest.year <= 18


def _searches(person: Person, sources: Sequence[str]) -> Iterator[CaseGap]:
    if sources:
        yield _gap(person.id, "search_key", "any fact by which they can be searched",
                   "a source can only look for somebody by the facts that it searches by",
                   f"this person at: {', '.join(sources)}")  # fmt: skip


def _doubles(case: Case) -> Iterator[CaseGap]:
    """People who may stand in the case twice."""
    for first, second in twice(case):
        yield _gap(second, "same_person", f"whether this is somebody else than {first}, of the same name and date of "
                   "birth", "a person who stands in a case twice is asked about twice")  # fmt: skip


def _ties(case: Case) -> Iterator[CaseGap]:
    """Children whose parents are not recorded, or whose parents' responsibility nobody stated."""
    for child in case.people:
        if not set(child.roles) & set(_CHILD):
            continue
        mine = [tie for tie in case.relationships if tie.to == child.id and tie.kind in ("parent", "carer")]
        if not mine:
            yield _gap(child.id, "parent_tie", "who their parents or carers are in this case",
                       "it shows the family, and who may agree for the child",
                       "what only somebody with parental responsibility can agree to")  # fmt: skip
        for tie in mine:
            if tie.parental_responsibility == "unknown" and tie.pr_basis is None:
                yield _gap(tie.from_, "parental_responsibility",
                           f"whether they have parental responsibility for {child.id}, and where it comes from",
                           "without it they cannot agree for the child",
                           f"what only an agreement for {child.id} opens")  # fmt: skip


def _agreement(case: Case, profile: Profile) -> Iterator[CaseGap]:
    """People for whom there is neither an agreement nor a refusal, where no power covers them."""
    answered = {ident for consent in case.consents for ident in consent.covers}
    powers = {ident for use in case.gateways for ident in use.covers}
    for person in case.people:
        if person.id in answered | powers or not set(person.roles) & set(_ASKED):
            continue
        yield _gap(person.id, "agreement", "whether they (or, for a child, a parent) agreed; if not sought, why not",
                   "most questions need an agreement, or a manager's decision to rely on a legal power",
                   "anything about this person until one of the two is there")  # fmt: skip
    for use in case.gateways:
        gateway = profile.gateways.get(use.id)
        title = gateway.title if gateway else "the legal power"
        if use.consent_sought == "unknown":
            yield _gap("", "consent_sought", f"whether agreement was sought before the decision ({title})",
                       "a family is asked or told first, unless that is unsafe")  # fmt: skip
        elif use.consent_sought == "no" and not (use.why_not or "").strip():
            yield _gap("", "why_not", f"why agreement was not sought ({title})", "the reason must stand in the record")


def _gap(person: str, code: str, missing: str, matters: str, blocks: str = "") -> CaseGap:
    return CaseGap(person=person, code=code, missing=missing, matters=matters, blocks=blocks)
