"""Who of a hub's people may decide what a power wants, and who sits here: for questions that offer them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.hub import HubFile
from mash_trawl.model.roles import able


def deciders_of(settings: HubFile) -> Callable[[Sequence[str]], Mapping[str, str]]:
    """Gives, for the roles that a power wants (none: any), the enrolled people who may sign such a decision."""

    def people(wanted: Sequence[str]) -> Mapping[str, str]:
        found = able("decide", wanted, settings)
        return {person.id: f"{person.id} ({', '.join(person.roles).replace('_', ' ')})" for person in found}

    return people


def typist_of(settings: HubFile, folder: Path) -> str:
    """The id of who types here; empty where this account is not enrolled: a draft needs no role."""
    from mash_trawl.cli.behind_sudo import who_types
    from mash_trawl.config.actors import acting

    try:
        return acting(settings, who_types(folder)).id
    except (Refused, Misconfigured):
        return ""
