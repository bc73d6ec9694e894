"""What was ever asked about the people of a case, and what came, as the ledger's rows tell it: every version counts.

An older version cannot be opened for long, and a newer one shows only what is permitted today. The ledger says whom
each source was asked about, for which kinds of record, on what, and of which kinds something came; never a word of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

from mash_trawl.audit.ledger import Row
from mash_trawl.model.answer import Why
from mash_trawl.model.base import Private
from mash_trawl.model.moments import earliest_reading, local

KINDS: Final = (
    "consent.checked", "source.asked", "source.answered", "source.refused", "source.failed", "match.decided",
)  # fmt: skip
"""The kinds of row that are read."""
_ENDS = KINDS[2:5]
End = Literal["answered", "declined", "no_answer"]
Key = tuple[str, str, str]
"""Trawl, source and person."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Asked(Private):
    """One trawl's ask of one source about one person. `came`: the kinds of which something came.

    `rules` is the rule by which each kind was permitted; `bases` are the agreements and powers of the whole pair.
    """

    source: str
    person: str
    day: date
    end: End
    kinds: frozenset[str]
    came: frozenset[str]
    rules: Mapping[str, str]
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class History(Private):
    """All asks of a case, oldest first. `erased`: the last day of which a part is gone that may have been this case's.

    `withdrawn`: the agreements that the addressee of a sheet took back, and the day.
    """

    asks: tuple[Asked, ...] = ()
    erased: date | None = None
    withdrawn: Mapping[str, date] = field(default_factory=dict)


NO_HISTORY: Final = History()


def asked_ever(rows: Iterable[Row], case: str, opened: datetime) -> History:
    """What these rows of the ledger (of `KINDS`) tell of the case, which was opened at `opened`."""
    held = sorted((row for row in rows if row.kind in KINDS), key=lambda row: row.n)
    mine = [row for row in held if row.private is not None and row.private.get("case") == case]
    checked = {key: row for row in mine if row.kind == "consent.checked" for key in _keys(row)}
    disputed = {key for row in mine if _taken_for_two(row) for key in _keys(row)}
    ends = {row.public["ask"]: row for row in mine if row.kind in _ENDS}
    asks: dict[Key, list[Row]] = {}
    for row in mine:
        for key in _keys(row) if row.kind == "source.asked" else ():
            asks.setdefault(key, []).append(row)
    found = (
        _asked(key, steps, [ends.get(row.n) for row in steps], checked[key], disputed=key in disputed)
        for key, steps in asks.items() if key in checked
    )  # fmt: skip
    return History(asks=tuple(found), erased=_erased(held, case, opened))


def _taken_for_two(row: Row) -> bool:
    return row.kind == "match.decided" and row.public.get("why") != "recognised"


def _keys(row: Row) -> list[Key]:
    private = row.private or {}
    people = private.get("people") or [private[name] for name in ("person",) if name in private]
    return [(row.public.get("trawl", ""), row.public.get("source", ""), one) for one in people]


def _asked(key: Key, steps: Sequence[Row], ends: Sequence[Row | None], checked: Row, *, disputed: bool) -> Asked:
    """A record that was taken for two people was thrown away again: of it nothing came."""
    permitted = frozenset(checked.public["permitted"])
    rules = {kind: rule for rule, kinds in checked.public["rules"].items() for kind in kinds if kind in permitted}
    known = frozenset(kind for kind, rule in rules.items() if rule.endswith(".existence"))
    fetched = [frozenset(row.public["categories"]) for row in steps if row.public["step"] == "fetch"]
    came = frozenset(
        kind for end in ends if end and end.private for kind in end.private.get("came", {}).get(key[2], ())
    )
    return Asked(
        source=key[1], person=key[2], day=local(steps[0].at).date(), end="no_answer" if disputed else _end(ends),
        kinds=permitted & (frozenset().union(*fetched) | known) if fetched else permitted,
        came=frozenset() if disputed else came, rules=rules, bases=tuple((checked.private or {}).get("basis", ())),
    )  # fmt: skip


def _end(ends: Sequence[Row | None]) -> End:
    if any(end and end.kind == "source.refused" and end.public["why"] == Why.CUSTODIAN_SAID_NO for end in ends):
        return "declined"
    return "answered" if ends[-1] and ends[-1].kind == "source.answered" else "no_answer"


def _erased(rows: Iterable[Row], case: str, opened: datetime) -> date | None:
    """The last day of which a row's private part is gone, unless what is left shows that it is another case's."""
    others = {row.public.get("trawl") for row in rows if row.private is not None and row.private.get("case") != case}
    begin = earliest_reading(opened)
    gone = [row.at for row in rows if row.erased and row.at >= begin and row.public.get("trawl") not in others]
    return local(max(gone)).date() if gone else None
