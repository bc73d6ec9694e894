"""A new version without a single question: what was asked before stands, and what was not is said to be open."""

from __future__ import annotations

from dataclasses import replace

from mash_trawl.model.answer import STATUS_OF, Answer, Why
from mash_trawl.sources.again import Ask, Delta, Memory
from mash_trawl.sources.refusals import permitted, withheld

_ANSWERED = ("identified", "failed", "stale", "on_purpose")
"""Why something is asked again whose earlier answer may be shown until then."""


def ask_nothing(delta: Delta, memory: Memory | None) -> tuple[Delta, tuple[Answer, ...]]:
    """What would be asked now, unasked: a delta that asks nobody, and an answer for each pair that is left open.

    An earlier answer stands where one may. Where there is none, or more than it told may be asked for by now, the
    answer is that the trawl was stopped before it asked; the next one does.
    """
    kept = {ask: memory.of((ask.source, ask.person)) if memory else None for ask in delta.asks}
    stands = tuple(old for ask, old in kept.items() if old is not None and ask.why in _ANSWERED)
    standing = {(old.answer.source, old.answer.person) for old in stands}
    open_ = tuple(ask for ask in delta.asks if (ask.source, ask.person) not in standing)
    asked = {(ask.source, ask.person) for ask in delta.asks}
    items = tuple(item for item in delta.decisions if (item.source, item.person) not in asked)
    quiet = replace(delta, decisions=replace(delta.decisions, items=items), asks=open_, stands=(*delta.stands, *stands))
    return quiet, tuple(_open(ask, delta) for ask in open_)


def _open(ask: Ask, delta: Delta) -> Answer:
    about = delta.decisions.about(ask.source, ask.person)
    why = Why.STOPPED
    return Answer(
        source=ask.source, agency=about[0].agency, person=ask.person, status=STATUS_OF[why], why=why,
        withheld=withheld(about, permitted(about, "content")),
    )  # fmt: skip
