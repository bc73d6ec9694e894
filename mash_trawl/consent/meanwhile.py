"""Decisions taken again while a trawl runs: they may have become less, and what became more waits for the next run."""

from __future__ import annotations

from dataclasses import replace

from mash_trawl.model.decision import Decision, Decisions, Outcome

_RANK = {Outcome.DENY: 0, Outcome.REVIEW: 1, Outcome.PERMIT: 2}


def never_higher(before: Decisions, now: Decisions) -> Decisions:
    """Each decision as it is now, or as it was where it has risen meanwhile. What is not decided any more is left out.

    Nobody asked for what was permitted only meanwhile, so nothing may say that it was.
    """
    was = {(item.source, item.person, item.category): item for item in before}
    return replace(
        now,
        items=tuple(
            _lower(was[item.source, item.person, item.category], item)
            for item in now
            if (item.source, item.person, item.category) in was
        ),
    )


def _lower(was: Decision, item: Decision) -> Decision:
    return was if _height(item) > _height(was) else item


def _height(item: Decision) -> tuple[int, bool]:
    return _RANK[item.outcome], item.mode == "content"
