"""What came before: the newest version of a case, what its trawl left for this one, and whether it still stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mash_trawl.config.read import read_value
from mash_trawl.errors import Refused
from mash_trawl.identity.verdicts import Verdicts
from mash_trawl.model.answer import Answer
from mash_trawl.model.base import Private
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decisions
from mash_trawl.model.hidden import NOTHING_HIDDEN, Hidden
from mash_trawl.model.hub import HubFile
from mash_trawl.model.product import Product
from mash_trawl.model.profile import Profile
from mash_trawl.model.statement import Checked
from mash_trawl.sources.again import ALL, Asked, Delta, Memory, digest_of_sources, what_to_ask
from mash_trawl.sources.by_person import asked_on_paper
from mash_trawl.sources.registry import Registry
from mash_trawl.vault.custody import Custody, Sealed
from mash_trawl.vault.opening import Unlock

CARRIED = "carried over into the next version"
"""Why a run opens the last version, as the ledger has it."""
_NEVER_PAST = ("ledger_not_writable", "damaged", "custody_altered", "clock_behind", "root_missing", "root_differs")
"""Why a last version cannot be opened, in ways that no wish to ask everybody again may step over."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Last(Private):
    """The newest version of a case: where it is, what it says, what its trawl kept for this one."""

    sealed: Sealed
    product: Product
    memory: Memory


def read_last(
    custody: Custody, case_id: str, actor: str, unlock: Unlock, key: Path | None, refresh: Collection[str], *,
    reason: str = CARRIED,
) -> Last | None:  # fmt: skip
    """The newest version of a case, opened as `actor`; None when there is none, or nothing was kept in it.

    Refused("last_version_not_readable") when it cannot be opened, unless everything is to be asked again anyway.
    """
    try:
        known = custody.newest(case_id)
    except Refused:
        return None
    try:
        if known.path is None or not known.path.is_file():
            raise Refused("missing", "its file is not where it was sealed to")
        opened = custody.open(known.path, actor, unlock, reason, actor, key=key)
        kept = custody.working_copy(opened)
    except Refused as refusal:
        if refusal.why in _NEVER_PAST:
            raise
        if ALL in refresh:
            return None
        raise Refused(
            "last_version_not_readable",
            f"version {known.version} of this case cannot be opened to carry it over ({refusal})",
            "Let one of its readers run the trawl, or ask everybody again with `--refresh all`.",
        ) from None
    if kept is None:
        return None
    sha256 = hashlib.sha256(known.path.read_bytes()).hexdigest()
    sealed = Sealed(
        record=known.record, version=known.version, path=known.path, sha256=sha256, size=known.path.stat().st_size
    )
    memory = replace(read_value(Memory, json.loads(kept), "working copy"), version=known.version)
    return Last(sealed=sealed, product=read_value(Product, opened.body, "product"), memory=memory)


def delta_now(
    case: Case, decisions: Decisions, spoken: Iterable[Checked], memory: Memory | None, sources: Mapping[str, Asked],
    refresh: Collection[str],
) -> Delta:  # fmt: skip
    """What a run would ask now and what it would carry over, also by what named people have said of records since."""
    return what_to_ask(case, decisions, memory, sources, refresh, Verdicts.of(case, spoken).marks)


def stands(last: Last, now: Memory, answers: Sequence[Answer], out: Path | None) -> bool:
    """Whether the last version says all that a new one would, where it is wanted."""
    same = (now.case, now.decided, now.hidden) == (last.memory.case, last.memory.decided, last.memory.hidden)
    same = same and _taken(answers) == _taken(kept.answer for kept in last.memory.kept)
    held = sum(kept.answer.found for kept in last.memory.kept)
    here = out is None or out.resolve() == last.sealed.path.resolve()
    return same and here and held == sum(answer.found for answer in answers)


def _taken(answers: Iterable[Answer]) -> set[tuple[str, str, str]]:
    """Which records were taken for whom; of what is not permitted now nothing is shown anyway."""
    return {(answer.source, answer.person, match.ref) for answer in answers for match in answer.matches}


def hidden_before(custody: Custody, case_id: str, last: Last | None) -> Hidden:
    """What earlier versions hid; `unknown` when there is one whose memory could not be read."""
    if last is not None:
        return last.memory.hidden
    try:
        custody.newest(case_id)
    except Refused:
        return NOTHING_HIDDEN
    return Hidden(unknown=True)


def sources_now(settings: HubFile, registry: Registry, profile: Profile) -> dict[str, Asked]:
    """What each source is now, and who matches, as far as an earlier answer of it depends on that."""
    versions = {name: registry.source(name).version for name in registry.names}
    sources = digest_of_sources(settings, versions, profile.matching)
    return {name: replace(one, person=asked_on_paper(registry.source(name))) for name, one in sources.items()}


def hidden_sources(registry: Registry, profile: Profile, hidden: Collection[str]) -> frozenset[str]:
    """Sources that hold nothing but what is hidden: to name one would disclose it."""
    return frozenset(ref.name for ref in registry.refs(profile) if set(ref.categories) <= set(hidden))
