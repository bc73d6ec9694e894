"""Looks at an open hub once, for its dossier."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Protocol

from mash_trawl import __version__
from mash_trawl.audit.signing import Signer
from mash_trawl.config.approvals import read_policy
from mash_trawl.config.lint import lint_agreements, lint_profile
from mash_trawl.dossier.build import Live
from mash_trawl.model.moments import LONDON
from mash_trawl.said import OpenHouse, suspended
from mash_trawl.saying import hear, kept_text
from mash_trawl.sources.registry import Registry
from mash_trawl.store.copies import copies
from mash_trawl.vault.readers import enrolled_readers


class WholeHouse(OpenHouse, Protocol):
    """An open hub with its sources and its key."""

    @property
    def registry(self) -> Registry: ...
    @property
    def signer(self) -> Signer: ...


def look(house: WholeHouse, drafts: int) -> Live:
    """What the hub is at this moment. Misconfigured when a profile or a source of it cannot be used as it is."""
    settings, folder = house.settings, house.folder
    policies = tuple(read_policy(name, folder) for name in settings.profiles)
    spoken, faults = hear(house, None)
    with house.store.read() as connection:
        counted = copies(connection)
    papers = (*house.papers, *(document for policy in policies for document in policy.documents))
    return Live(
        settings=settings, policies=policies, documents=tuple({paper.name: paper for paper in papers}.values()),
        agreements=tuple(paper.agreement for paper in house.agreements), described=house.registry.describe(),
        refs={policy.profile.id: house.registry.refs(policy.profile) for policy in policies}, spoken=spoken,
        suspended=suspended(spoken), remarks=tuple(_remarks(house)), faults=tuple(fault.words for fault in faults),
        readers=enrolled_readers(folder / settings.reader_keys), kept=partial(kept_text, house), counted=counted,
        drafts=drafts, signing_key=house.signer.verifier.line, program=f"mash-trawl {__version__}",
        actor=house.actor.id, now=house.clock(),
    )  # fmt: skip


def _remarks(house: WholeHouse) -> Iterator[str]:
    """What is doubtful in profiles and agreements, without where it stands in a file."""
    settings, folder, today = house.settings, house.folder, house.clock().astimezone(LONDON).date()
    for name in settings.profiles:
        for remark in lint_profile(name, today, folder, settings):
            yield f"{name}: {remark.what} To do: {remark.do}"
    for remark in lint_agreements(settings, folder, today):
        yield f"Agreements: {remark.what} To do: {remark.do}"
