"""Looking a profile over: contradictions, rules that nothing reaches, kinds of record that nothing opens, old law."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path as FilePath

from mash_trawl.config.agreement_state import standing
from mash_trawl.config.agreements import read_agreements
from mash_trawl.config.chain import profile_folders, read_chain
from mash_trawl.config.lint_look import Look
from mash_trawl.config.lint_people import deciders, routes_and_meetings
from mash_trawl.config.lint_powers import powers
from mash_trawl.config.lint_reach import covered, health_promises, reach
from mash_trawl.config.lowered import lowered_too_long
from mash_trawl.config.profiles import load_profile, profile_of_chain
from mash_trawl.config.remarks import Remark, in_order
from mash_trawl.model.hub import HubFile


def lint_profile(
    name: str, today: date, hub_dir: FilePath | None = None, settings: HubFile | None = None
) -> tuple[Remark, ...]:
    """Everything that is doubtful in the profile of this name, the worst first; nothing where nothing is.

    With `settings` (the hub's file, in `hub_dir`) also who may decide there and what its agreements take in. `today` is
    the day in Europe/London. Raises Misconfigured when a file cannot be read as it stands.
    """
    found = read_chain(name, profile_folders(hub_dir))
    look = Look(
        profile=profile_of_chain(found, hub_dir),
        tree=found.tree,
        today=today,
        settings=settings,
        papers=read_agreements(settings, hub_dir) if settings is not None and hub_dir is not None else None,
    )
    return in_order(_everything(look))


def lint_agreements(settings: HubFile, hub_dir: FilePath, today: date) -> tuple[Remark, ...]:
    """Everything that is doubtful in the agreements that a hub names, whatever the profile."""
    profiles = [load_profile(name, hub_dir) for name in settings.profiles]
    return in_order(standing(read_agreements(settings, hub_dir), profiles, today))


def lint_lowered(name: str, today: date, hub_dir: FilePath) -> tuple[Remark, ...]:
    """Whether the threshold that a profile lowers is lowered on this day. Raises Misconfigured as `load_profile`."""
    found = read_chain(name, profile_folders(hub_dir))
    return tuple(lowered_too_long(profile_of_chain(found, hub_dir).matching, found.tree, today))


def _everything(look: Look) -> Iterator[Remark]:
    yield from chain(
        powers(look),
        health_promises(look),
        reach(look),
        deciders(look),
        routes_and_meetings(look),
        covered(look),
        lowered_too_long(look.profile.matching, look.tree, look.today),
    )
