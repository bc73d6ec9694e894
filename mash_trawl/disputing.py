"""Disputing a claim of a product: opened as a reader, the claim found by its item, signed as the actor.

A statement is about a case, and a product says which; its draft is not needed, and may be gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from mash_trawl import trawl
from mash_trawl.config.case import load_case
from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.model.base import Private
from mash_trawl.model.case import Case, Referral
from mash_trawl.model.product import Product
from mash_trawl.model.statement import Dispute, Disputer, Statement
from mash_trawl.product.claims import Claim, find_claim
from mash_trawl.product.disputes import told
from mash_trawl.product.items import SHORTEST
from mash_trawl.saying import House, hear, say
from mash_trawl.sources.again import Ask
from mash_trawl.vault.custody import no_passphrase
from mash_trawl.vault.opening import Unlock
from mash_trawl.vault.readers import ReaderKey

_WHY = "opened to dispute something in it"
_WITHHELD = "withheld"
_STANDS = ("failed", "stale")
"""Why something would be asked again whose earlier answer can be shown until then."""
CaseLike = Case | str | Path | Mapping[str, Any]


class Reading(House, Protocol):
    """An open hub, as far as a product is read and signed about in it."""

    def require(self, act: str) -> None: ...
    def read_product(
        self, path: str | Path, *, reason: str, key: Path | None = None, unlock: Unlock = no_passphrase
    ) -> Product: ...
    def would_ask(self, case: CaseLike, *, unlock: Unlock = ..., key: Path | None = ...) -> tuple[Ask, ...]: ...
    def _own_key(self, unlock: Unlock, key: Path | None) -> Callable[[], ReaderKey]: ...
    def _parts(
        self, case: Case, out: Path | None, refresh: Sequence[str], unlock: Unlock, key: Path | None
    ) -> trawl.Parts: ...


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Disputed(Private):
    """A dispute that stands: the item, who disputes it, and what they say."""

    item: str
    by: Disputer
    who: str
    says: str


class Disputing:
    """What an open hub can do about what is disputed."""

    def dispute(
        self: Reading, record: str | Path, item: str, *, by: Disputer | None = None, who: str = "", says: str,
        stands: bool = True, key: Path | None = None, unlock: Unlock = no_passphrase,
    ) -> Statement:  # fmt: skip
        """Sign that the family or an agency disputes a claim, or (`stands` no) how such a dispute was settled.

        `record` is a sealed file, or the id of a case for its newest version; `item` names the claim in it, by its id
        or the beginning of one. A dispute to be settled is found by `item`; `by` and `who` are needed only where there
        are several. The next version shows it: `seal_disputes`, or the next run. Raises Refused
        as `say` does, Misconfigured for the rest.
        """
        self.require("dispute")
        product = self.read_product(_file_of(self, record), reason=_WHY, key=key, unlock=unlock)
        open_ = standing(self, product.case.id)
        if stands:
            if by is None:
                raise Misconfigured(Problem(where="by", what="family, or agency: it is not said."))
            said = said_of(find_claim(product, item), by, who, says)
        else:
            said = settlement(one_of(open_, item, by, who), says)
        return say(self, said, self._own_key(unlock, key), case=case_in(product))

    def seal_disputes(
        self: Reading, case: CaseLike, *, key: Path | None = None, unlock: Unlock = no_passphrase
    ) -> trawl.Result | None:
        """The next version at once, of what is kept, so that its readers see what is disputed; nobody is asked.

        None, and nothing is sealed, where the case has changed so that somebody has to be asked first: a version made
        of what is kept would show less than the last one. Raises what `run` does.
        """
        self.require("dispute")
        about = case if isinstance(case, Case) else load_case(case)
        if any(ask.why not in _STANDS for ask in self.would_ask(about, unlock=unlock, key=key)):
            return None
        return trawl.run(about, replace(self._parts(about, None, (), unlock, key), quiet=True))


def said_of(claim: Claim, by: Disputer, who: str, says: str) -> Dispute:
    """The statement that disputes a claim."""
    return Dispute(
        item=claim.item, by=by, who=who.strip(), says=says.strip(), source=claim.source, category=claim.category,
        about=claim.about,
    )  # fmt: skip


def settlement(disputed: Disputed, how: str) -> Dispute:
    """The statement that settles one."""
    return Dispute(item=disputed.item, by=disputed.by, who=disputed.who, says=how.strip(), stands=False)


def standing(house: House, case: str) -> tuple[Disputed, ...]:
    """The disputes of a case that nobody settled, oldest first; also of what no version shows any more."""
    return tuple(
        Disputed(item=one.said.item, by=one.said.by, who=one.said.who, says=one.said.says)
        for one in told(hear(house, case)[0])
        if one.settled is None
    )


def one_of(open_: Sequence[Disputed], item: str, by: Disputer | None = None, who: str = "") -> Disputed:
    """The dispute that is meant. Misconfigured for none, or where several people dispute it."""
    meant = matching(open_, item, by, who)
    if not meant:
        what = "nobody disputes this, or it is settled already."
        raise Misconfigured(Problem(where="ITEM", what=what, do="`open --text` lists the disputes."))
    if len(meant) > 1:
        what = f"{len(meant)} disputes stand about this."
        raise Misconfigured(Problem(where="ITEM", what=what, do="Say which: who disputes it, and for whom."))
    return meant[0]


def matching(open_: Sequence[Disputed], item: str, by: Disputer | None = None, who: str = "") -> list[Disputed]:
    """Those of the disputes that may be meant; what somebody says about an item in several words is one."""
    typed = item.strip().lower()
    found = {(one.item, one.by, one.who): one for one in open_ if len(typed) >= SHORTEST and one.item.startswith(typed)}
    return [one for one in found.values() if by in (None, one.by) and who.strip() in ("", one.who)]


def as_shown(product: Product, one: Disputed) -> tuple[str, str]:
    """Who disputes it and what they say, no more than this version shows: what it names can have been hidden since.

    A dispute that was signed after this version was made is as it was said.
    """
    same = [it for it in product.disputes if (it.item, it.by, it.settled) == (one.item, one.by, None)]
    if not same or any((it.who, it.says) == (one.who, one.says) for it in same):
        return one.who, one.says
    shown = same[0] if len(same) == 1 else None
    return (shown and shown.who) or _WITHHELD, (shown and shown.says) or _WITHHELD


def case_in(product: Product) -> Case:
    """The case as its product states it: as much as a statement about it needs."""
    facts = product.case
    referral = Referral(source=facts.referral_source, received_at=datetime.fromisoformat(facts.received_at))
    return Case(
        version=1, id=facts.id, profile=facts.profile, opened_at=datetime.fromisoformat(facts.opened_at),
        referral=referral, people=(),
    )  # fmt: skip


def _file_of(house: House, record: str | Path) -> Path:
    """The sealed file: as it is named, or the newest of the case of this id. Refused for a destroyed or missing one."""
    if isinstance(record, Path) or Path(record).is_file():
        return Path(record)
    known = house.custody.newest(record)
    if known.path is None or not known.path.is_file():
        raise Refused("missing", f"version {known.version} of this case is not where it was sealed to")
    return known.path
