"""How a case of a batch ended, as the journal keeps it: codes and places, never a value, a name or a message."""

from __future__ import annotations

import errno
import re

from mash_trawl.batch.journal import Ending
from mash_trawl.errors import Misconfigured, Refused, TrawlError
from mash_trawl.model.decision import Outcome
from mash_trawl.trawl import Result

HUB_WIDE = frozenset(
    {
        "ledger_not_writable", "ledger_damaged", "ledger_rolled_back", "store_not_readable", "store_conflict",
        "record_not_writable", "clock_behind", "root_missing", "root_differs", "root_not_writable",
    }
)  # fmt: skip
"""Refusals that every next case would meet too: the batch stops and can be resumed."""

_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG, errno.EMFILE, errno.ENFILE})
_LEFT_ALONE = frozenset({"case_busy", "case_destroyed"})
_GOOD = frozenset({"found", "none_found"})


def ended_well(result: Result) -> Ending:
    """The ending of a trawl that sealed a product, or found that nothing had changed since the last one."""
    version = result.sealed.version
    if result.unchanged:
        return Ending(state="done", outcome="unchanged", version=version)
    open_pairs = {
        (item.source, item.person) for item in result.decisions if item.outcome in (Outcome.PERMIT, Outcome.REVIEW)
    }
    if not open_pairs:
        return Ending(state="done", outcome="nothing_permitted", version=version)
    bad = {
        f"{answer.source} {answer.why.value}"
        for answer in result.answers
        if (answer.source, answer.person) in open_pairs and answer.status.value not in _GOOD
    }
    if bad:
        missing = ", ".join(sorted(bad))
        return Ending(state="done", outcome="incomplete", version=version, why="answers_missing", detail=missing)
    return Ending(state="done", outcome="complete", version=version)


def stops_everything(problem: BaseException) -> bool:
    """Whether the hub itself is in trouble, and not this case."""
    if isinstance(problem, Refused):
        return problem.why in HUB_WIDE
    return isinstance(problem, OSError) and problem.errno in _DISK


def went_wrong(problem: Exception) -> Ending:
    """The ending of a case that cost itself; the exception's text is told only where it is ours and holds no value."""
    if isinstance(problem, Misconfigured):
        return Ending(state="failed", why="case_unreadable", detail=_first(problem))
    if isinstance(problem, Refused):
        return Ending(state="skipped" if problem.why in _LEFT_ALONE else "failed", why=problem.why)
    if isinstance(problem, TrawlError):
        return Ending(state="failed", why="trawl_failed", detail=type(problem).__name__)
    return Ending(state="failed", why="crashed", detail=type(problem).__name__)


def _first(problem: Misconfigured) -> str:
    """Line and fault of the first problem, and how many more there are; the file's name stays outside."""
    if not problem.problems:
        return ""
    first, more = problem.problems[0], len(problem.problems) - 1
    place = re.search(r":(\d+)(?::\d+)?(?::|$)", first.where)
    line = f"line {place[1]}: " if place else ""
    return f"{line}{first.what}" + (f" (and {more} more)" if more else "")
