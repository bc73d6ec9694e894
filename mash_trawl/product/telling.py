"""What one person of a case is told before the asking, and whether they may be told now. Pure: nothing is read.

A notice speaks to one person, about them and the children they answer for. Whatever the profile says is not told, and
every category whose existence is a disclosure, is left out without a trace; so is who else is asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.model.answer import Why
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision, Outcome
from mash_trawl.model.moments import local
from mash_trawl.model.person import Person, SafeContact
from mash_trawl.model.profile import Profile
from mash_trawl.model.telling import LISTS, Hold, HoldWhy, Line, Telling

AGAIN = timedelta(days=7)
"""When somebody looks again at what is held, where no decision says when."""
CHOICES: Mapping[str, str] = {
    Why.CONSENT_NOT_SOUGHT: "consent_not_sought",
    Why.CONSENT_NOT_COUNTED: "consent_not_sought",
    Why.CONSENT_NOT_GIVEN: "consent_not_given",
    Why.CONSENT_WITHDRAWN: "consent_withdrawn",
    Why.CONSENT_EXPIRED: "consent_expired",
}
"""A family's choice, by the why of a decision or an answer. A yes that does not count was never rightly sought."""
_OPEN_TO_YES = ("consent_not_sought", "consent_expired")
_SAID_NO = ("consent_not_given", "consent_withdrawn")
OWN = frozenset[tuple[str, str]]
"""(child, consent): what a child agreed to for themselves."""
NOES = Mapping[tuple[str, str], Why]
"""(person, category): what the addressee themselves did not agree to, and why (consent.told.own_noes)."""
NOTHING_SAID: NOES = MappingProxyType({})


def addressee(case: Case, ident: str) -> Person:
    """The person to be written to. Misconfigured for an unknown id, Refused for somebody no family letter is for."""
    person = next((one for one in case.people if one.id == ident), None)
    if person is None:
        do = "Use the id of a person of the case, such as p1."
        raise Misconfigured(Problem(where="--person", what="there is no person with this id in the case.", do=do))
    if "professional" in person.roles or person.unborn or person.died:
        raise Refused("nobody_to_tell", f"{ident} is no member of the family who can be written to")
    return person


def safe_contact(person: Person) -> SafeContact | None:
    """The contact to use: one marked safe, the latest confirmed first. None: nothing is sent."""
    safe = [one for one in person.contacts if one.safe == "yes" and one.value.strip()]
    return max(safe, key=lambda one: one.confirmed_on or date.min, default=None)


def hold(case: Case, profile: Profile, person: Person, children: Sequence[str], now: datetime) -> Hold | None:
    """Why nothing may be written to this person now; None when it may.

    A recorded reason not to tell holds for everybody of the case, and also when that decision is over: only taking it
    out of the case, or a word on it, ends it. A review day that is over when the letter is held is none: somebody would
    be late before they could know.
    """
    told = [person, *(one for one in case.people if one.id in children)]
    silent = [use for use in case.gateways if (use.why_not or "").strip()]
    whys: list[HoldWhy] = []
    if "alleged_source_of_harm" in person.roles:
        whys.append("source_of_harm")
    if silent:
        whys.append("not_to_tell")
    away = "hidden_address" not in person.restrictions
    if any(_looked_at(profile, name, away) for one in told for name in one.restrictions):
        whys.append("restriction")
    if safe_contact(person) is None:
        whys.append("no_safe_contact")
    if not whys:
        return None
    today = local(now).date()
    days = [use.review_on if use.review_on >= today else today + AGAIN for use in silent if use.review_on]
    return Hold(whys=tuple(whys), review_on=min(days, default=today + AGAIN))


def _looked_at(profile: Profile, restriction: str, away: bool) -> bool:
    """Whether a named person looks first. A hidden place counts where the letter goes to somebody whose own is not.

    A restriction that the profile does not know counts too.
    """
    rule = profile.restrictions.get(restriction)
    return rule is None or rule.effect == "review" or (rule.effect == "mask_household" and away)


def tellable(profile: Profile, category: str, about: str, to: str) -> str:
    """`yes`, `asked` (only that it is asked) or `no`: what a notice to `to` says of this category of `about`."""
    known = profile.category(category)
    if known is None or known.hidden_existence or (not known.by_consent and known.told == "yes"):
        return "no"
    return "no" if known.own_only and about != to else known.told


def notice(
    case: Case, profile: Profile, decisions: Iterable[Decision], person: str, children: Sequence[str], own: OWN,
    noes: NOES = NOTHING_SAID, last: date | None = None,
) -> Telling:  # fmt: skip
    """What this person is told before the asking, from the decisions of this moment.

    `last`: the day of the newest product, where there is one already; the sheet tells of it, and the notice says so.
    A no of somebody else stands among what is not asked, like what no rule allows: neither whose nor that it was one.
    """
    about = (person, *children)
    mine = [
        item for item in decisions
        if item.person in about and tellable(profile, item.category, item.person, person) != "no"
        and (item.person, item.basis or "") not in own
    ]  # fmt: skip
    groups: dict[str, list[Decision]] = {name: [] for name in LISTS["notice"]}
    for item in mine:
        groups[_group(item, profile, noes)].append(item)
    open_ = {(item.agency, item.person) for name in ("asked", "agreed", "if_yes", "waits") for item in groups[name]}
    lists = {name: lines(groups[name], profile, about) for name in ("asked", "agreed", "if_yes", "waits")}
    lists["said_no"] = lines(
        groups["said_no"], profile, about, code=lambda item: CHOICES[noes[item.person, item.category]]
    )
    shut = [item for item in groups["not_asked"] if (item.agency, item.person) not in open_]
    said_no = {(item.agency, item.person) for item in groups["said_no"]}
    lists["not_asked"] = lines(
        [item for item in shut if (item.agency, item.person) not in said_no], profile, about, kinds=False
    )
    lists["asked_before"] = (Line(on=last),) if last else ()
    lists["reasons"] = reasons(item.basis or "" for item in groups["asked"])
    return Telling(
        kind="notice", person=person, children=_named(lists.values(), children), lists=lists,
        numbers={"kept_days": kept_days(profile)},
    )  # fmt: skip


def _group(item: Decision, profile: Profile, noes: NOES) -> str:
    """The list into which a decision falls: what is asked, what a yes opens, what a person decides, what stays shut."""
    if item.outcome is Outcome.PERMIT:
        return "asked" if item.basis in profile.gateways else "agreed"
    if item.outcome is Outcome.REVIEW:
        return "waits"
    choice = CHOICES.get(item.why)
    if choice is None:
        return "not_asked"
    if choice in _OPEN_TO_YES:
        return "if_yes"
    return "said_no" if CHOICES.get(noes.get((item.person, item.category), "")) in _SAID_NO else "not_asked"


def kept_days(profile: Profile) -> int:
    """For how many days the gathered copy is kept. Misconfigured where the profile does not say: a family must know."""
    kept = profile.retention.get("working_copy")
    if kept is None:
        what = "it does not say how long the gathered copy is kept."
        do = "Add `working_copy` under `retention:`; every letter to a family says it."
        raise Misconfigured(Problem(where=f"profile {profile.id}: retention", what=what, do=do))
    return kept.keep.seconds // 86400


def reasons(bases: Iterable[str]) -> tuple[Line, ...]:
    """Each law or agreement once, in the order met."""
    return tuple(Line(code=basis) for basis in dict.fromkeys(bases) if basis)


def lines(
    items: Iterable[Decision], profile: Profile, about: Sequence[str],
    code: Callable[[Decision], str] = lambda item: "", *, kinds: bool = True,
) -> tuple[Line, ...]:  # fmt: skip
    """One line for each agency, people and code that go together; agencies in the profile's order, kinds in theirs."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for item in items:
        found.setdefault((item.agency, code(item), item.category if kinds else ""), set()).add(item.person)
    return gather(found, profile, about)


def gather(found: Mapping[tuple[str, str, str], set[str]], profile: Profile, about: Sequence[str]) -> tuple[Line, ...]:
    """(agency, code, kind) to people, as lines; kinds about the same people stand in one."""
    agencies, order = list(profile.agencies), [kind for name in profile.agencies for kind in _kinds(profile, name)]
    joined: dict[tuple[str, str, tuple[str, ...]], Line] = {}
    place = {kind: at for at, kind in enumerate(order)}
    for (agency, code, kind), people in sorted(
        found.items(), key=lambda one: (agencies.index(one[0][0]), place.get(one[0][2], -1), one[0][1])
    ):
        who = tuple(one for one in about if one in people)
        line = joined.setdefault((agency, code, who), Line(agency=agency, about=who, code=code))
        joined[agency, code, who] = replace(line, kinds=(*line.kinds, kind) if kind else ())
    return tuple(joined.values())


def _kinds(profile: Profile, agency: str) -> list[str]:
    return [f"{agency}.{name}" for name in profile.agencies[agency].categories]


def _named(lists: Iterable[tuple[Line, ...]], children: Sequence[str]) -> tuple[str, ...]:
    """The children that are named at all."""
    said = {one for group in lists for line in group for one in line.about}
    return tuple(one for one in children if one in said)
