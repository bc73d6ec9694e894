"""What would open the doors that are shut, said once: forty refusals of one kind are one sentence.

A decision names its person and its category inside its reason and its unlock. Here both are taken out, so that like
sentences meet, and put back as the people and the categories of the whole group.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from mash_trawl.model.profile import Profile
from mash_trawl.model.standing import Opens, Unlock

_WHO = "\x00"
CONSENT, POWER, CHANGE = "case consent add", "case power add", "case change"
SIGN_CONSENT, SIGN_POWER, DECIDE, APPROVE = "consent add", "gateway add", "decide", "approve"
COMMANDS = (CONSENT, POWER, CHANGE, SIGN_CONSENT, SIGN_POWER, DECIDE, APPROVE)
"""The commands that can open something, in the order in which they are told."""
OF_THE_HUB = (APPROVE,)
"""Those that are about the hub and name no case."""
_SIGNED = {
    "statements.unsigned_consent": SIGN_CONSENT, "statements.own_record": SIGN_CONSENT,
    "statements.unsigned_decision": SIGN_POWER, "statements.own_decision": SIGN_POWER,
    "statements.decider_role": SIGN_POWER, "review.declined": DECIDE, "emergency.not_countersigned": DECIDE,
    "approval.missing": APPROVE,
}  # fmt: skip
"""What is missing is somebody's signature: by which command they give it."""
_RECORD = re.compile(r"\bsigns? record (\S+?)\.?(?=\s|$)")
"""How an unlock names a record that is written and that somebody has to sign: a second one would change nothing."""
_NO_AGREEMENT = ("consent.not_enough", "consent.died", "consent.age_of_service")
_RECORDED = (
    "capacity.age_unknown", "capacity.child_age_unknown", "capacity.no_tie", "capacity.no_responsibility",
    "capacity.basis_unfit", "capacity.giver_unknown", "capacity.unborn", "scope.level", "scope.level_unset",
    "scope.role", "scope.age_of_source",
)  # fmt: skip
"""What is missing is a record of the case itself: a birth date, a tie, a level, a role."""
_CASE_FITS_NOT = (".below_threshold", ".no_purpose", ".role", ".age_unknown", ".not_adult")
UNDER_POWER = "decision under "
"""How an unlock speaks of a legal power: `a decision under S47 (…)`."""


class Decided(Protocol):
    """What a decision of this moment and one that stands in a product have in common."""

    @property
    def person(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def agency(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def unlock(self) -> str: ...


def unlocks(refused: Iterable[Decided], profile: Profile) -> tuple[Unlock, ...]:
    """One for each thing that somebody could do, the widest first. Decisions without an unlock are left out."""
    groups: dict[str, list[Decided]] = {}
    for item in refused:
        if item.unlock:
            groups.setdefault(without_names(item.unlock, item, profile), []).append(item)
    found = [_unlock(what, items, profile) for what, items in groups.items()]
    return tuple(sorted(found, key=lambda unlock: -len(unlock.pairs)))


def _unlock(what: str, items: Sequence[Decided], profile: Profile) -> Unlock:
    return Unlock(
        what=with_people(what, items),
        pairs=pairs_of(items),
        categories=tuple(dict.fromkeys(item.category for item in items)),
        opens=opens_of(items, profile),
        commands=commands_for(items),
    )


def commands_for(items: Iterable[Decided]) -> tuple[str, ...]:
    """The commands by which somebody writes or signs what would unlock these, each once; empty where none does.

    One may name what it is about behind itself: `consent add c1` signs that record.
    """
    found = {command for item in items for command in _commands(item)}
    return tuple(sorted(found, key=lambda command: (COMMANDS.index(name_of(command)), command)))


def name_of(command: str) -> str:
    """The command without what it is about: `consent add` of `consent add c1`."""
    return next((name for name in COMMANDS if command == name or command.startswith(f"{name} ")), command)


def answering(profile: Profile) -> tuple[str, ...]:
    """The command by which a named person answers what waits for one; none where nobody decides under the profile."""
    return (DECIDE,) if profile.decides else ()


def _commands(item: Decided) -> Iterator[str]:
    """A refusal by a power that is stated or signed and fails ends in `Or:` and what an agreement would need."""
    of_power, signing = item.rule.startswith("gateway."), item.rule.startswith("statements.")
    first, _, otherwise = item.unlock.partition(" Or: ")
    yield from (f"{SIGN_CONSENT} {record}" for record in _RECORD.findall(item.unlock))
    wanted = _SIGNED.get(item.rule)
    if item.rule == "statements.person_changed":
        wanted = SIGN_POWER if UNDER_POWER in first else SIGN_CONSENT
    if wanted and not (wanted == SIGN_CONSENT and _RECORD.search(first)):
        yield wanted
    if item.rule in _NO_AGREEMENT:
        if item.rule != "consent.age_of_service":
            yield POWER
        elif item.unlock.startswith("Record"):
            yield CHANGE
    elif item.rule.startswith(("consent.", "capacity.")) or (
        otherwise and (of_power or signing) and not _RECORD.search(otherwise)
    ):
        yield CONSENT
    if of_power or (UNDER_POWER in item.unlock and not signing):
        yield POWER
    if item.rule in _RECORDED or (of_power and item.rule.endswith(_CASE_FITS_NOT)):
        yield CHANGE


def without_names(text: str, item: Decided, profile: Profile) -> str:
    """The text with the category called `this` and the person left open."""
    for phrase in _phrases(item, profile):
        text = text.replace(f": {phrase}.", ".").replace(phrase, "this")
    return re.sub(rf"\b{re.escape(item.person)}\b", _WHO, text) if _plainly_an_id(item.person) else text


def with_people(text: str, items: Iterable[Decided]) -> str:
    """The text of a group with the ids of all its people."""
    people = list(dict.fromkeys(item.person for item in items))
    return text.replace(_WHO, " and ".join([", ".join(people[:-1]), people[-1]] if len(people) > 1 else people))


def name_people(text: str, names: Mapping[str, str]) -> str:
    """The text with every person's id replaced by their name, as far as an id cannot be taken for a word."""
    known = sorted(filter(_plainly_an_id, names), key=len, reverse=True)
    if not known:
        return text
    ids = "|".join(re.escape(ident) for ident in known)
    return re.sub(rf"\b(?:{ids})\b", lambda found: names[found[0]], text)


def _plainly_an_id(ident: str) -> bool:
    """An id with a digit (`p1`) is no English word; one like `person` could be, and is left where it stands."""
    return any(letter.isdigit() for letter in ident)


def pairs_of(items: Iterable[Decided]) -> tuple[tuple[str, str], ...]:
    """Every (source, person) once, in order."""
    return tuple(dict.fromkeys((item.source, item.person) for item in items))


def opens_of(items: Sequence[Decided], profile: Profile) -> tuple[Opens, ...]:
    """Which categories about whom, in words; people with the same categories are told together."""
    people: dict[str, list[Decided]] = {}
    for item in items:
        people.setdefault(item.person, []).append(item)
    alike: dict[str, list[str]] = {}
    for person, mine in people.items():
        alike.setdefault(category_words(mine, profile), []).append(person)
    return tuple(Opens(what=words, people=tuple(listed)) for words, listed in alike.items())


def category_words(items: Iterable[Decided], profile: Profile) -> str:
    """`Housing: Tenancy and household, Antisocial behaviour cases; Police: Missing person reports`."""
    agencies: dict[str, dict[str, None]] = {}
    for item in items:
        agency, category = category_titles(item.agency, item.category, profile)
        agencies.setdefault(agency, {})[category] = None
    return "; ".join(f"{agency}: {', '.join(titles)}" for agency, titles in agencies.items())


def category_titles(agency: str, category: str, profile: Profile) -> tuple[str, str]:
    """Agency and category in the profile's words; the ids where it does not know them."""
    body, kind = profile.agencies.get(agency), profile.category(category)
    return (body.title if body else agency, kind.title if kind else category)


def _phrases(item: Decided, profile: Profile) -> tuple[str, ...]:
    """How a sentence may name the category, longest first."""
    agency, category = category_titles(item.agency, item.category, profile)
    return (f"{agency}: {category}", category)
