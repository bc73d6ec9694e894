"""Rules that no score can overrule. Each guard has a name, limits the outcome, and says why in plain words."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from mash_trawl.identity.birth_dates import years_apart
from mash_trawl.identity.compare import Compared
from mash_trawl.identity.gather import MOST_NAMES
from mash_trawl.identity.level import COMPANY
from mash_trawl.identity.names import compare_given
from mash_trawl.identity.normalise import given_names
from mash_trawl.identity.policy import Rules
from mash_trawl.identity.score import strangers
from mash_trawl.identity.side import Side
from mash_trawl.identity.variants import is_plain_short_form
from mash_trawl.model.match import Guard, MatchOutcome

Rule = Callable[[Side, Side, Compared, Rules], Guard | None]
COMMON = 5_000_000
"""Parts per billion: a name that more than one in two hundred bear."""
_PLACES = frozenset({"home", "postcode", COMPANY})
_RESTRICTED = frozenset({"adoption", "witness_protection", "gender_history", "restricted"})
FAR = 3
"""Years of birth further apart than this are two people's, unless more speaks for one."""
STRANGERS = 10_000
"""Names and birth date alone are certain only where one source in so many would hold a stranger with the same."""


@lru_cache(maxsize=64)
def _guard(ident: str, limit: MatchOutcome, reason: str) -> Guard:
    """Guards say fixed sentences; one that fires for every stranger is made once."""
    return Guard(id=ident, limit=limit, reason=reason)


def g1_names_and_birth_date(here: Side, there: Side, compared: Compared, rules: Rules) -> Guard | None:
    """Certain only with given name and birth date, or an identifier with birth date and one name.

    A birth date also agrees with one slip in it, or as far as it is known, where both names and more do: no brother
    or sister bears the same given name, and a father's year of birth is another (G5).
    """
    born = compared.born.name == "exact"
    if born and (compared.given_agrees or (compared.identifier_agrees and compared.family_agrees)):
        return None
    if _names_same(compared) and (_date_slipped(compared) or _date_vague(compared)):
        return None
    return _guard("G1", "review", "given name and full date of birth do not both agree")


def _names_same(compared: Compared) -> bool:
    """The given name in full; of the family name, which the house has in common, half or nearly the same is enough."""
    return compared.family_agrees and compared.given.name in ("exact", "spelling")


def _date_slipped(compared: Compared) -> bool:
    """One slip in the birth date, and the same home or identifier."""
    slipped = compared.born.name in ("day and month swapped", "one digit", "slip")
    return slipped and (compared.identifier_agrees or compared.address.name == "home")


def _date_vague(compared: Compared) -> bool:
    """Two birth dates that can be the same day, and the same identifier."""
    return compared.born.name == "partial" and compared.identifier_agrees


def g2_no_real_given_name(here: Side, there: Side, compared: Compared, rules: Rules) -> Guard | None:
    """No given name, only an initial, or a word such as Baby: it could be the twin."""
    if here.real_given and there.real_given:
        return None
    return _guard("G2", "review", "a given name is missing, an initial or a placeholder")


def g3_given_names_differ(here: Side, there: Side, compared: Compared, rules: Rules) -> Guard | None:
    """Another given name is another person; only nearly the same may be a twin, whatever else agrees.

    A slip of the pen and a twin's name look alike (Jayden, Hayden), and so do an NHS number that is theirs and one
    that was keyed on the sibling: no other field can tell which it is. Only a slip of the keys that makes no name is
    nobody else's name: it stands where family name and birth date, and an identifier or the home, are the same. So does
    a short form of this one name; Alex is one of several.
    """
    level = compared.given.name
    if level == "different":
        if compared.identifier_agrees:
            return _guard("G3", "review", "the given names differ although an identifier is the same")
        return _guard("G3", "no_match", "the given names differ")
    if level in ("near", "weak"):
        return _guard("G3", "review", "the given names are alike but not the same: a twin?")
    sure = compared.family_agrees and compared.born.name == "exact"
    if level == "slip" and not (sure and (compared.identifier_agrees or compared.address.name == "home")):
        return _guard("G3", "review", "the given names are alike but not the same: a slip, or a twin?")
    if level == "short form" and not (compared.identifier_agrees or (sure and _plain_short_form(compared))):
        return Guard(
            id="G3", limit="review", reason="one given name is a short form of the other: a brother or sister?"
        )
    return None


def _plain_short_form(compared: Compared) -> bool:
    """A short form of this one name alone, of the same sex, at the same home: nobody calls twins Thomas and Tom."""
    words = [text.split()[0] for text in (compared.given.here, compared.given.there) if text]
    plain = len(words) == 2 and is_plain_short_form(*words)
    return plain and compared.sex.name == "same" and compared.address.name == "home"


def g4_sex_differs(here: Side, there: Side, compared: Compared, rules: Rules) -> Guard | None:
    """Recorded sex differs."""
    if compared.sex.name != "different":
        return None
    return _guard("G4", "review", "the recorded sex differs")


def g5_birth_year_differs(here: Side, there: Side, compared: Compared, rules: Rules) -> Guard | None:
    """Another year of birth; more than three years apart is another person (father and son of one name).

    Where an identifier is the same, or both names, the home and the day and month, the year may be a slip of the pen
    (2014, 2004): a person decides.
    """
    years = years_apart(here.born, there.born)
    if years == 0:
        return None
    alike = compared.given_agrees and compared.family_agrees and compared.address.name == "home"
    likely = compared.identifier_agrees or (alike and compared.born.name in ("one digit", "two parts"))
    if years > FAR and not likely:
        return _guard("G5", "no_match", "the years of birth are more than three years apart")
    return _guard("G5", "review", "the year of birth differs")


def g7_identifiers_conflict(here: Side, there: Side, compared: Compared, rules: Rules) -> Guard | None:
    """Two different NHS numbers, or the same number with another name or birth date: keyed on the sibling?"""
    if compared.nhs_number.name == "different":
        return _guard("G7", "review", "the NHS numbers differ")
    names, odd = ("near", "weak", "different"), ("different", "two parts")
    if compared.identifier_agrees and (compared.born.name in odd or compared.given.name in names):
        return _guard("G7", "review", "an identifier is the same, but name or birth date is not")
    return None


def g8_placeholder_date(here: Side, there: Side, compared: Compared, rules: Rules) -> Guard | None:
    """A placeholder such as 1 January stands for an unknown day and is never an exact date.

    With both names and the same identifier it need not be one.
    """
    if _names_same(compared) and _date_vague(compared):
        return None
    if here.uncertain_day or there.uncertain_day:
        return _guard("G8", "review", "a date of birth is partial or a placeholder (such as 1 January)")
    return None


def g10_restricted(here: Side, there: Side, compared: Compared, rules: Rules) -> Guard | None:
    """Adopted, witness-protected or otherwise restricted: a person decides, always."""
    if _RESTRICTED.isdisjoint(here.restrictions) and _RESTRICTED.isdisjoint(there.restrictions):
        return None
    return _guard("G10", "review", "the record is restricted")


def g13_contradiction(here: Side, there: Side, compared: Compared, rules: Rules) -> Guard | None:
    """One key of the source that bears two given names of one kind, or whose rows disagree, is two people."""
    if len(there.names) < 2:
        return None
    names = [name for name in there.names if name.use in ("usual", "official") and given_names((name,))]
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
    return _guard("G13", "review", "what the source holds under this key contradicts itself")


def g14_no_key() -> Guard:
    """A candidate without the source's own key: nothing could be fetched for this person and nobody else."""
    return _guard("G14", "review", "the source gave no key for this person")


def g9_crowded_address(here: Side, there: Side, compared: Compared, rules: Rules) -> Guard | None:
    """An address that many share counts nothing: it limits no outcome, but it is told why it did not help."""
    if not compared.crowded:
        return None
    return _guard("G9", "auto", "the address is one that many people share, and counts nothing")


def g11_common_name(here: Side, there: Side, compared: Compared, rules: Rules) -> Guard | None:
    """Where no agreeing name is rarer than one in two hundred, two more fields than name and birth date must agree.

    An identifier counts as two. Strict: either name being so common is enough.
    """
    given, family = _is_common(compared, rules, "given"), _is_common(compared, rules, "family")
    if not ((given or family) if "G11" in rules.strict else (given and family)):
        return None
    more = 2 * compared.identifier_agrees + (compared.sex.name == "same") + (compared.address.name in _PLACES)
    if more + bool(compared.middle) >= 2:
        return None
    return _guard("G11", "review", "the names are very common, and too little else agrees")


def _is_common(compared: Compared, rules: Rules, kind: str) -> bool:
    """True unless the names agree and at least one of those that do is rarer than COMMON."""
    level = compared.given if kind == "given" else compared.family
    if level.name not in ("exact", "spelling"):
        return True
    names, listed = compared.same_given, rules.shares.given
    if kind == "family":
        names, listed = compared.same_family, rules.shares.family
    return all(listed.get(name, 0) > COMMON for name in names)


def g15_names_and_birth_date_alone(here: Side, there: Side, compared: Compared, rules: Rules) -> Guard | None:
    """Certain without an identifier or an address only where a middle name agrees too, and strangers with the same are
    hardly to be expected at any source of this size.

    Where a source does not hold the person, a stranger of the same names and birth date stands alone and leads; no
    score can tell. How many there are follows from how common the names are. A postcode is enough only where both names
    agree, and so is somebody else of the case in the same home there (together.py). Strict: never certain.
    """
    near_by = compared.address.name in ("postcode", COMPANY) and compared.family_agrees
    if compared.identifier_agrees or compared.address.name == "home" or near_by:
        return None
    if compared.middle and "G15" not in rules.strict and strangers(compared, rules) * STRANGERS < 1:
        return None
    return _guard("G15", "review", "names and birth date alone: no identifier and no address agrees")


RULES: tuple[Rule, ...] = (
    g1_names_and_birth_date, g2_no_real_given_name, g3_given_names_differ, g4_sex_differs, g5_birth_year_differs,
    g7_identifiers_conflict, g8_placeholder_date, g9_crowded_address, g10_restricted, g11_common_name,
    g13_contradiction, g15_names_and_birth_date_alone,
)  # fmt: skip


def fired(here: Side, there: Side, compared: Compared, rules: Rules) -> list[Guard]:
    """The guards that fire for one candidate on its own, in order."""
    return [guard for rule in RULES if (guard := rule(here, there, compared, rules)) is not None]


def g6_no_clear_lead(gap: int | None, rules: Rules) -> Guard | None:
    """Two candidates closer than the policy's lead are both for a person to decide; one far behind loses anyway."""
    if gap is None or abs(gap) >= rules.lead:
        return None
    return _guard("G6", "review", "another candidate of this source is nearly as likely")


def g12_search_incomplete(truncated: bool) -> Guard | None:
    """A list that was cut off, or a search that failed, may hide a better candidate."""
    if not truncated:
        return None
    return _guard("G12", "review", "the search was cut off or failed in part")
