"""Rules that no score can overrule. Each guard has a name, limits the outcome, and says why in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mash_trawl.identity.birth_dates import is_placeholder_date, years_apart
from mash_trawl.identity.compare import Compared
from mash_trawl.identity.gather import MOST_NAMES
from mash_trawl.identity.names import compare_given
from mash_trawl.identity.normalise import given_names
from mash_trawl.identity.placeholders import is_initial
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
    """Another given name is another person; only nearly the same may be a twin, whatever else agrees.

    A slip of the pen and a twin's name look alike (Jayden, Hayden), and so do an NHS number that is theirs and one
    that was keyed on the sibling: no other field can tell which it is.
    """
    level = compared.given.name
    if level == "different":
        if compared.identifier_agrees:
            return Guard(id="G3", limit="review", reason="the given names differ although an identifier is the same")
        return Guard(id="G3", limit="no_match", reason="the given names differ")
    if level in ("near", "weak"):
        return Guard(id="G3", limit="review", reason="the given names are alike but not the same: a twin?")
    if level == "short form" and not compared.identifier_agrees:
        return Guard(
            id="G3", limit="review", reason="one given name is a short form of the other: a brother or sister?"
        )
    return None


def g4_sex_differs(person: Person, candidate: Candidate, compared: Compared) -> Guard | None:
    """Recorded sex differs."""
    if compared.sex.name != "different":
        return None
    return Guard(id="G4", limit="review", reason="the recorded sex differs")


def g5_birth_year_differs(person: Person, candidate: Candidate, compared: Compared) -> Guard | None:
    """Another year of birth; more than three years apart is another person (father and son of one name).

    Where an identifier is the same, the year may be a slip of the pen (2014, 2004): a person decides.
    """
    years = years_apart(person.born, candidate.born)
    if years == 0:
        return None
    if years > 3 and not compared.identifier_agrees:
        return Guard(id="G5", limit="no_match", reason="the years of birth are more than three years apart")
    return Guard(id="G5", limit="review", reason="the year of birth differs")


def g7_identifiers_conflict(person: Person, candidate: Candidate, compared: Compared) -> Guard | None:
    """Two different NHS numbers, or the same number with another name or birth date: keyed on the sibling?"""
    names = {"near", "weak", "different"}
    if compared.nhs_number.name == "different":
        return Guard(id="G7", limit="review", reason="the NHS numbers differ")
    odd = {"different", "two parts"}
    if compared.identifier_agrees and (compared.born.name in odd or compared.given.name in names):
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


def g13_contradiction(person: Person, candidate: Candidate, compared: Compared) -> Guard | None:
    """One key of the source that bears two given names of one kind, or whose rows disagree, is two people."""
    names = [name for name in candidate.names if name.use in ("usual", "official") and given_names((name,))]
    if len(names) > MOST_NAMES:
        return g13_key_contradicts_itself()
    for at, one in enumerate(names):
        for other in names[at + 1 :]:
            level = compare_given((one,), (other,)).name
            if one.use == other.use and level in ("near", "weak", "different"):
                return g13_key_contradicts_itself()
    return None


def g13_key_contradicts_itself() -> Guard:
    """Rows under one key that name two birth dates, sexes, numbers or given names."""
    return Guard(id="G13", limit="review", reason="what the source holds under this key contradicts itself")


def g14_no_key() -> Guard:
    """A candidate without the source's own key: nothing could be fetched for this person and nobody else."""
    return Guard(id="G14", limit="review", reason="the source gave no key for this person")


def g15_names_and_birth_date_alone(person: Person, candidate: Candidate, compared: Compared) -> Guard | None:
    """Certain only where an identifier or an address agrees as well: a stranger can share name and birth date.

    Where a source does not hold the person, such a stranger stands alone and leads; no score can tell.
    """
    if compared.identifier_agrees or compared.address.name in ("home", "postcode"):
        return None
    return Guard(id="G15", limit="review", reason="names and birth date alone: no identifier and no address agrees")


RULES: tuple[Rule, ...] = (
    g1_names_and_birth_date, g2_no_real_given_name, g3_given_names_differ, g4_sex_differs, g5_birth_year_differs,
    g7_identifiers_conflict, g8_placeholder_date, g10_restricted, g13_contradiction,
    g15_names_and_birth_date_alone,
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


def _has_real_given(names: tuple[Name, ...]) -> bool:
    return any(not is_initial(given[0]) for given in given_names(names))
