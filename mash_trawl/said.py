"""What stands behind a case in an open hub: what was signed, who runs, which agreements and files count as they are.

Read afresh for every plan and every run, because a withdrawal or a suspension counts from the moment it was signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from mash_trawl.audit.canonical import canonical
from mash_trawl.audit.statements import DAMAGE
from mash_trawl.config.actors import running_account
from mash_trawl.config.agreements import Paper
from mash_trawl.config.approvals import Document, Policy, approved_now, wants_approvals
from mash_trawl.errors import Refused
from mash_trawl.model.agreement import Agreement
from mash_trawl.model.answer import Why
from mash_trawl.model.backing import Backing
from mash_trawl.model.base import to_plain
from mash_trawl.model.case import Case
from mash_trawl.model.hub import SourceSettings
from mash_trawl.model.profile import Profile
from mash_trawl.model.roles import may
from mash_trawl.model.statement import Checked, Resumption, Suspension
from mash_trawl.product.due import working_day_after
from mash_trawl.saying import House, hear
from mash_trawl.store.statements import revision


class OpenHouse(House, Protocol):
    """An open hub, with the agreements and the files that it was opened with."""

    @property
    def agreements(self) -> Sequence[Paper]: ...
    @property
    def papers(self) -> Sequence[Document]: ...


def heard(house: House, case: str | None) -> tuple[Checked, ...]:
    """The statements that count. Refused("statements_altered") when somebody changed them in the database by hand.

    Nothing may rest on what is left then: what is missing could be a withdrawal.
    """
    spoken, faults = hear(house, case)
    altered = [fault for fault in faults if fault.why in DAMAGE]
    if altered:
        do = (
            "Ask nothing until it is known who changed it; `mash-trawl check` names each, `audit verify` looks further."
        )
        raise Refused("statements_altered", f"signed statements were changed in the database. {altered[0].words}", do)
    return spoken


def backing(house: OpenHouse, case: str, policy: Policy) -> Backing:
    """Everything that `decide` must know beside the case file, the profile and the moment."""
    spoken, hub_wide = heard(house, case), heard(house, None)
    asked = wants_approvals(house.settings, approved_now(hub_wide))
    missing = _unapproved(house, policy, hub_wide) if asked else frozenset()
    return Backing(
        signed_only=house.settings.statements == "signed",
        runner=house.actor.id if may(house.actor, "trawl", house.settings.roles) else "",
        runs_as=running_account(house.settings) - {house.actor.id},
        spoken=spoken,
        countersign_by=countersign_by(spoken, policy.profile),
        agreements=_agreements(house.agreements, missing),
        closed=dict(_closed(house.settings.sources, hub_wide, missing)),
        unapproved=tuple(sorted(missing & _for_all(policy))),
        approvals=asked,
    )


def countersign_by(spoken: Sequence[Checked], profile: Profile) -> dict[str, datetime]:
    """Emergency to the end of the working day that it has."""
    return {
        item.statement.id: working_day_after(item.statement.at, profile)
        for item in spoken
        if item.statement.kind == "emergency"
    }


def spoken_so_far(house: House, case: str) -> int:
    """A number that grows with every statement about the case or the hub: cheap, for the gate to look at."""
    with house.store.read() as connection:
        return revision(connection, case)


def digest_of_inputs(case: Case, behind: Backing) -> str:
    """SHA-256 over all that decisions are made from beside the policy and the moment, to prove later what that was."""
    told = {
        "case": to_plain(case),
        "runner": behind.runner,
        "runs_as": sorted(behind.runs_as),
        "signed_only": behind.signed_only,
        "statements": [one.statement.id for one in behind.spoken],
        "agreements": None if behind.agreements is None else [to_plain(one) for one in behind.agreements],
        "closed": to_plain(behind.closed),
        "unapproved": list(behind.unapproved),
    }
    return hashlib.sha256(canonical(told)).hexdigest()


def refuse_closed(house: OpenHouse, source: SourceSettings) -> None:
    """Refused("not_approved") or ("suspended") while nobody at all may be asked about by this source.

    For what is asked without a case and so without a decision: whoever may write hub.yaml decides nothing by that.
    """
    hub_wide = heard(house, None)
    missing = (
        _changed(house.papers, hub_wide) if wants_approvals(house.settings, approved_now(hub_wide)) else frozenset()
    )
    files = sorted(missing & {"hub.yaml", source.mapping or ""})
    if files:
        do = "`mash-trawl approve --list` shows what waits for the data protection officer."
        raise Refused(
            "not_approved", f"nothing is asked while these are not approved as they stand: {', '.join(files)}", do
        )
    if dict(_closed([source], hub_wide, ())):
        raise Refused("suspended", "this source is suspended", "`mash-trawl sources list` says by whom, and why.")


def suspended(hub_wide: Sequence[Checked]) -> dict[str, Checked]:
    """The sources that are suspended by a statement, each with the last word about it."""
    last: dict[str, Checked] = {}
    for item in hub_wide:
        if isinstance(item.statement.said, Suspension | Resumption):
            last[item.statement.said.source] = item
    return {source: item for source, item in last.items() if isinstance(item.statement.said, Suspension)}


def unapproved(house: OpenHouse, policies: Sequence[Policy]) -> tuple[str, ...]:
    """The files of this hub that are not approved as they stand, sorted; whether or not the hub wants approvals."""
    hub_wide = heard(house, None)
    return tuple(sorted(frozenset().union(*(_unapproved(house, policy, hub_wide) for policy in policies))))


def approvals_wanted(house: House) -> bool:
    """Whether only approved files count in this hub: one of signed statements, or one whose hub.yaml was approved."""
    return wants_approvals(house.settings, approved_now(heard(house, None)))


def _unapproved(house: OpenHouse, policy: Policy, hub_wide: tuple[Checked, ...]) -> frozenset[str]:
    return _changed((*house.papers, *policy.documents), hub_wide)


def _changed(files: Sequence[Document], hub_wide: tuple[Checked, ...]) -> frozenset[str]:
    standing = approved_now(hub_wide)
    return frozenset(
        file.name for file in files if file.name not in standing or standing[file.name].sha256 != file.sha256
    )


def _for_all(policy: Policy) -> frozenset[str]:
    """Files that every decision under this profile rests on. A mapping is its source's, an agreement its parties'."""
    return frozenset({"hub.yaml", *(file.name for file in policy.documents)})


def _agreements(papers: Sequence[Paper], missing: Collection[str]) -> tuple[Agreement, ...]:
    return tuple(paper.agreement for paper in papers if paper.name not in missing)


def _closed(
    sources: Sequence[SourceSettings], hub_wide: Sequence[Checked], missing: Collection[str]
) -> Iterator[tuple[str, Why]]:
    stopped = suspended(hub_wide)
    for source in sources:
        if source.suspended is not None or source.name in stopped:
            yield source.name, Why.SUSPENDED
        elif source.mapping in missing:
            yield source.name, Why.NOT_APPROVED
