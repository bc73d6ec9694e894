"""Running in an emergency: declared by whoever runs, told to those who must look, stopped when nobody does.

Nothing is sent from here: who must be told gets a letter in the hub's `outbox/`, without a word about the family, for
whatever the council uses to deliver it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mash_trawl.audit.entry import Entry
from mash_trawl.config.approvals import Policy
from mash_trawl.consent.urgent import uncounted_powers
from mash_trawl.declared import declared
from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.model.backing import Backing
from mash_trawl.model.base import Private
from mash_trawl.model.case import Case
from mash_trawl.model.roles import holders
from mash_trawl.model.shown import instant_words
from mash_trawl.model.statement import Emergency, Statement
from mash_trawl.said import OpenHouse, heard
from mash_trawl.saying import Unlocked, say
from mash_trawl.store.statements import cases_with
from mash_trawl.system import private_folder, shell_word
from mash_trawl.vault import durable
from mash_trawl.vault.outbox import letter, lies_here, outbox_of


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Waiting(Private):
    """An emergency that no other decider has taken on: in which case, declared by whom, due when, and whether over."""

    id: str
    case: str
    by: str
    at: datetime
    until: datetime
    over: bool


def declare(
    house: OpenHouse, case: Case, policy: Policy, behind: Backing, reason: str, unlock: Unlocked
) -> Statement | None:
    """Say, signed, that this case cannot wait for a decider. None when what it rests on was declared before."""
    said = to_declare(house, case, policy, behind, reason)
    if said is None:
        return None
    made = say(house, said, unlock, case=case)
    tell(house)
    return made


def to_declare(house: OpenHouse, case: Case, policy: Policy, behind: Backing, reason: str) -> Emergency | None:
    """What `declare` would sign; None when what it rests on was declared before.

    It rests on the decisions under a power that the case holds and that do not count yet. Misconfigured without any.
    """
    powers = uncounted_powers(case, policy.profile, house.clock(), behind)
    own = [one.statement.said for one in behind.spoken if one.statement.by == house.actor.id]
    known = [said.powers for said in own if isinstance(said, Emergency)]
    if powers and any(all(power in before for power in powers) for before in known):
        return None
    if not powers or not reason.strip():
        what = "no decision under a power waits for somebody's signature." if reason.strip() else "it has no reason."
        do = "Draft the decision with `mash-trawl case power add`; an emergency never stands in for an agreement."
        raise Misconfigured(Problem(where="--emergency", what=what, do=do))
    return Emergency(reason=reason.strip(), powers=powers, profile=case.profile)


def waiting(house: OpenHouse) -> tuple[Waiting, ...]:
    """Every emergency of this hub that still waits for a countersignature, or that waited in vain; soonest first."""
    with house.store.read() as connection:
        cases = cases_with(connection, "emergency")
    now = house.clock()
    found = [one for case in cases for one in _of_case(house, case, now)]
    return tuple(sorted(found, key=lambda one: (one.until, one.id)))


def _of_case(house: OpenHouse, case: str, now: datetime) -> Iterator[Waiting]:
    try:
        spoken = heard(house, case)
    except Refused:  # its own commands say so, and it asks nothing: what waits in other cases is still told
        return
    for one in declared(spoken, house.folder, now):
        if one.state != "countersigned":
            said = one.statement
            over = now >= one.until
            yield Waiting(id=said.id, case=case, by=said.by, at=said.at, until=one.until, over=over)


def tell(house: OpenHouse) -> tuple[Waiting, ...]:
    """Write the letters that are due and not written yet, the ledger first; what waits now.

    To deciders and data-protection officers when it is declared; once its day is over also to managers.
    """
    found = waiting(house)
    for one in found:
        _write(house, one, over=False)
        if one.over:
            _write(house, one, over=True)
    return found


def _write(house: OpenHouse, one: Waiting, *, over: bool) -> None:
    outbox = outbox_of(house.folder)
    if lies_here(outbox, one.id, over=over):
        return
    path = letter(outbox, one.id, over=over)
    to = sorted({person for person in _addressees(house, over) if person != one.by})
    public = {"statement": one.id, "to": to, "over": over}
    house.ledger.write(Entry("emergency.told", house.actor.id, public, {"case": one.case}))
    private_folder(path.parent)
    durable.put(path, _text(one, to, over, house.folder).encode("utf-8"))


def _addressees(house: OpenHouse, over: bool) -> Iterator[str]:
    for act in ("decide", "approve", *(("destroy",) if over else ())):
        yield from (person.id for person in holders(act, house.settings) if person.left is None)


def _text(one: Waiting, to: list[str], over: bool, hub: Path) -> str:
    head = "An emergency was not countersigned in time" if over else "An emergency waits for a countersignature"
    day_over = instant_words(one.until.isoformat())
    rest = "until a decider has looked" if over else f"unless a decider countersigns it by {day_over}"
    return "\n".join((
        f"To: {', '.join(to) or 'nobody: no decider and no data-protection officer is enrolled'}",
        f"Subject: {head}", "",
        f"{one.by} ran case {one.case} on {instant_words(one.at.isoformat())} before a decider could say yes.",
        f"Nothing more is asked for this case {rest}.",
        "To look at it, and to sign (--not-countersign says no):",
        f"mash-trawl --hub {shell_word(str(hub))} decide {shell_word(one.case)}",
        f"mash-trawl --hub {shell_word(str(hub))} decide {shell_word(one.case)} --countersign --reason TEXT", "",
    ))  # fmt: skip
