"""Rules that no score can overrule. Each guard has a name, limits the outcome, and says why in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from mash_trawl.identity.normalise import given_names, is_placeholder
from mash_trawl.identity.score import Compared
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.match import Guard, MatchPolicy
from mash_trawl.model.person import Name, Person
from mash_trawl.model.query import Candidate

Rule = Callable[[Person, Candidate, Compared], Guard | None]


def g1_names_and_birth_date(person: Person, candidate: Candidate, compared: Compared) -> Guard | None:
    """Certain only with given name and birth date, or an identifier with birth date and one name."""
    born = compared.born.name == "exact"
    if born and compared.given_agrees:
        return None
    if compared.identifier_agrees and born and (compared.given_agrees or compared.family_agrees):
        return None
    return Guard(id="G1", limit="review", reason="given name and full date of birth do not both agree")


def g2_no_real_given_name(person: Person, candidate: Candidate, compared: Compared) -> Guard | None:
    """No given name, only an initial, or a word such as Baby: it could be the twin."""
    if all(_has_real_given(names) for names in (person.names, candidate.names)):
        return None
    return Guard(id="G2", limit="review", reason="a given name is missing, an initial or a placeholder")


def g3_given_names_differ(person: Person, candidate: Candidate, compared: Compared) -> Guard | None:
    """Another given name is another person; nearly the same name, birth date and home may be the twin."""
    if compared.given.name == "different":
        if compared.identifier_agrees:
            return Guard(id="G3", limit="review", reason="the given names differ although an identifier is the same")
        return Guard(id="G3", limit="no_match", reason="the given names differ")
    same_start = compared.born.name == "exact" and compared.address.name == "home"
    if compared.given.name in ("near", "weak") and same_start and not compared.identifier_agrees:
        return Guard(id="G3", limit="review", reason="nearly the same given name, same birth date, same home: a twin?")
    return None


def g4_sex_differs(person: Person, candidate: Candidate, compared: Compared) -> Guard | None:
    """Recorded sex differs."""
    if compared.sex.name != "different":
        return None
    return Guard(id="G4", limit="review", reason="the recorded sex differs")


def g5_birth_year_differs(person: Person, candidate: Candidate, compared: Compared) -> Guard | None:
    """Another year of birth; more than three years apart is another person (father and son of one name)."""
    years = years_apart(person.born, candidate.born)
    if years == 0:
        return None
    if years > 3:
        return Guard(id="G5", limit="no_match", reason="the years of birth are more than three years apart")
    return Guard(id="G5", limit="review", reason="the year of birth differs")


def g7_identifiers_conflict(person: Person, candidate: Candidate, compared: Compared) -> Guard | None:
    """Two different NHS numbers, or the same number with another name or birth date: keyed on the sibling?"""
    if compared.nhs_number.name == "different":
        return Guard(id="G7", limit="review", reason="the NHS numbers differ")
    odd = {"different", "two parts"}
    if compared.identifier_agrees and (compared.born.name in odd or compared.given.name == "different"):
        return Guard(id="G7", limit="review", reason="an identifier is the same, but name or birth date is not")
    return None


def g8_placeholder_date(person: Person, candidate: Candidate, compared: Compared) -> Guard | None:
    """A placeholder such as 1 January stands for an unknown day and is never an exact date."""
    if any(when is not None and is_placeholder_date(when) for when in (person.born, candidate.born)):
        return Guard(id="G8", limit="review", reason="a date of birth is partial or a placeholder (such as 1 January)")
    return None


def g10_restricted(person: Person, candidate: Candidate, compared: Compared) -> Guard | None:
    """Adopted, witness-protected or otherwise restricted: a person decides, always."""
    flags = {"adoption", "witness_protection", "gender_history", "restricted"}
    if flags.isdisjoint(person.restrictions) and flags.isdisjoint(candidate.restrictions):
        return None
    return Guard(id="G10", limit="review", reason="the record is restricted")


RULES: tuple[Rule, ...] = (
    g1_names_and_birth_date, g2_no_real_given_name, g3_given_names_differ, g4_sex_differs, g5_birth_year_differs,
    g7_identifiers_conflict, g8_placeholder_date, g10_restricted,
)  # fmt: skip


def fired(person: Person, candidate: Candidate, compared: Compared) -> Iterator[Guard]:
    """The guards that fire for one candidate on its own, in order."""
    for rule in RULES:
        guard = rule(person, candidate, compared)
        if guard is not None:
            yield guard


def g6_no_clear_lead(gap: int | None, policy: MatchPolicy) -> Guard | None:
    """Two candidates closer than the policy's lead are both for a person to decide; one far behind loses anyway."""
    if gap is None or abs(gap) >= policy.lead_millibits:
        return None
    return Guard(id="G6", limit="review", reason="another candidate of this source is nearly as likely")


def g12_search_incomplete(truncated: bool) -> Guard | None:
    """A list that was cut off, or a search that failed, may hide a better candidate."""
    if not truncated:
        return None
    return Guard(id="G12", limit="review", reason="the search was cut off or failed in part")


def is_placeholder_date(when: PartialDate, *, social_care: bool = False) -> bool:
    """True for a partial date, for 1 January of any year, and in social care for the 15th of a month.

    NHS good practice asks staff to enter 1 January for an unknown day; the social-care returns of the Department for
    Education use the 15th.
    """
    if not when.exact or when.earliest is None:
        return True
    return (when.earliest.month, when.earliest.day) == (1, 1) or (social_care and when.earliest.day == 15)


def coarse_date(when: PartialDate | None, *, social_care: bool = False) -> PartialDate | None:
    """The date with a placeholder day taken out: 1 January becomes the year, the 15th the month."""
    if (
        when is None
        or not when.exact
        or when.earliest is None
        or not is_placeholder_date(when, social_care=social_care)
    ):
        return when
    first = when.earliest
    edtf = f"{first.year:04}" if (first.month, first.day) == (1, 1) else f"{first.year:04}-{first.month:02}"
    return replace(PartialDate.parse(edtf), original=when.original)


def years_apart(one: PartialDate | None, other: PartialDate | None) -> int:
    """The least number of calendar years between two dates; 0 when either is unknown."""
    if one is None or other is None:
        return 0
    low, high = _span(one), _span(other)
    if low is None or high is None:
        return 0
    return max(0, high[0].year - low[1].year, low[0].year - high[1].year)


def _span(when: PartialDate) -> tuple[date, date] | None:
    return (when.earliest, when.latest) if when.earliest and when.latest else None


def _has_real_given(names: tuple[Name, ...]) -> bool:
    return any(len(given[0]) > 1 and not is_placeholder(given[0]) for given in given_names(names))
