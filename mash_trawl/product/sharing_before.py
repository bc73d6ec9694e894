"""What a sheet tells of earlier asks: what was shared stays told, though the record shows it no longer; why it stopped.

Why is said of the addressee's own word only; that somebody else took back theirs is nobody's to read on a sheet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from mash_trawl.model.base import Private
from mash_trawl.model.case import Case
from mash_trawl.model.moments import earliest_reading, local
from mash_trawl.model.profile import Profile
from mash_trawl.product.asked import Asked, History
from mash_trawl.product.telling import OWN, tellable

Found = dict[tuple[str, str, str], set[str]]
"""(agency, code, kind) to people; a code may be `day|basis`."""
Kinds = Collection[tuple[str, str]]
"""(person, kind of record)."""
_LISTS = {"answered": "nothing", "declined": "declined", "no_answer": "no_answer"}
_NO_LONGER = "no_longer"
"""Why something stopped, where it is not the addressee's own word."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Told(Private):
    """One kind of one ask that may be told to the addressee. `told`: `yes`, or `asked` where only that may be said."""

    ask: Asked
    kind: str
    told: str
    basis: str

    @property
    def agency(self) -> str:
        """Whose kind it is."""
        return self.kind.partition(".")[0]

    @property
    def about(self) -> tuple[str, str]:
        """The person and the kind."""
        return self.ask.person, self.kind

    @property
    def code(self) -> str:
        """Day and basis."""
        return f"{self.ask.day.isoformat()}|{self.basis}"


def told_before(history: History, profile: Profile, person: str, about: Collection[str], own: OWN) -> list[Told]:
    """What of the history may be told to this person, about these people, oldest first."""
    return [one for ask in history.asks if ask.person in about for one in _told(ask, profile, person, own)]


def _told(ask: Asked, profile: Profile, person: str, own: OWN) -> Iterator[Told]:
    for kind in sorted(ask.kinds):
        basis, told = _basis(ask, kind, profile), tellable(profile, kind, ask.person, person)
        private = basis != "law" and any((ask.person, one) in own for one in ask.bases)
        if told != "no" and not private and kind.partition(".")[0] in profile.agencies:
            yield Told(ask=ask, kind=kind, told=told, basis=basis)


def _basis(ask: Asked, kind: str, profile: Profile) -> str:
    """`law` or `agreement` by the rule that permitted it; after a person's answer by all that the pair rested on."""
    rule = ask.rules.get(kind, "")
    if rule.startswith(("gateway.", "consent.")):
        return "law" if rule.startswith("gateway.") else "agreement"
    powers = {one in profile.gateways for one in ask.bases}
    return "earlier" if len(powers) != 1 else "law" if powers == {True} else "agreement"


def put_before(groups: Mapping[str, Found], before: Collection[Told], going_on: Kinds) -> None:
    """Each ask into the list it belongs to. Where nothing came of what goes on, the product says how it ended."""
    for one in before:
        if one.told == "asked":
            name, code, kind = "asked_only", one.code, one.kind
        elif one.kind in one.ask.came:
            name, code, kind = "shared", one.code, one.kind
        elif one.about not in going_on:
            name, code, kind = _LISTS[one.ask.end], "", ""
        else:
            continue
        groups[name].setdefault((one.agency, code, kind), set()).add(one.ask.person)


def put_stopped(
    groups: Mapping[str, Found], before: Collection[Told], going_on: Kinds, withdrawn: Mapping[str, date], today: date
) -> None:
    """What was asked before and may not be asked now; it is no longer told as a choice or as never asked."""
    last = {one.about: one for one in before if one.told == "yes" and one.about not in going_on}
    for (person, kind), one in last.items():
        mine = [withdrawn[basis] for basis in one.ask.bases if basis in withdrawn] if one.basis != "law" else []
        code = f"{min(mine)}|consent_withdrawn" if mine else f"{today}|{_NO_LONGER}"
        groups["stopped"].setdefault((one.agency, code, kind), set()).add(person)
        for (agency, choice, chosen), people in groups["choices"].items():
            if (agency, chosen) == (one.agency, kind) and choice:
                people.discard(person)
    for key in [key for key, people in groups["choices"].items() if not people]:
        del groups["choices"][key]


def laws_before(before: Collection[Told], profile: Profile) -> list[str]:
    """The powers and agreements that earlier asks rested on."""
    return [basis for one in before for basis in one.ask.bases if (basis in profile.gateways) == (one.basis == "law")]


def taken_back(case: Case, person: str) -> Mapping[str, date]:
    """The agreements that this person gave and took back, and on which day."""
    return {
        one.id: local(earliest_reading(one.withdrawn_at)).date()
        for one in case.consents
        if one.given_by == person and one.kind == "agreement" and one.withdrawn_at is not None
    }
