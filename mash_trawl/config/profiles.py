"""Profiles: found by name, a local overlay over a national base, validated as one document."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from mash_trawl.config.chain import NAME, Chain, overlay, profile_folders, read_chain
from mash_trawl.config.read import validate

if TYPE_CHECKING:
    from mash_trawl.config.thresholds import Laid
    from mash_trawl.model.profile import Profile

__all__ = ["load_profile", "overlay", "profile_names", "profile_of_chain", "profile_with_papers"]


def load_profile(name: str, hub_dir: FilePath | None = None) -> Profile:
    """The profile of this name, with everything that it extends; `name` may pin its version, as `early_help@2026.1`.

    Looked for in the hub's `profiles/`, then in the package. A file may extend its own name: that is an overlay of
    the next one found. The threshold document that it names is read with it. Raises Misconfigured: no such profile, a
    parent or document that is missing, a circle, a version that is not the pinned one, any bad value.
    """
    return profile_of_chain(read_chain(name, profile_folders(hub_dir)), hub_dir)


def profile_of_chain(chain: Chain, hub_dir: FilePath | None = None) -> Profile:
    """The files of a profile as the one document that they make. Raises Misconfigured for any bad value."""
    return profile_with_papers(chain, hub_dir)[0]


def profile_with_papers(chain: Chain, hub_dir: FilePath | None = None) -> tuple[Profile, Laid | None]:
    """The same, with the threshold document that was laid into it."""
    from mash_trawl.config.matching import laid_names, matching_faults
    from mash_trawl.config.thresholds import laid_thresholds, written_in_file
    from mash_trawl.model.profile import Profile

    faults = (*written_in_file(chain.tree), *matching_faults(chain.trees, chain.tree))
    profile = laid_names(validate(Profile, chain.tree, faults), chain.tree, beside(hub_dir, chain))
    return laid_thresholds(profile, chain.tree, beside(hub_dir, chain))


def beside(hub_dir: FilePath | None, chain: Chain) -> list[FilePath]:
    """Where a profile's threshold document is looked for: the hub's own folder, then beside the profiles."""
    return [hub_dir, *chain.folders] if hub_dir else [*chain.folders]


def profile_names(hub_dir: FilePath | None = None) -> tuple[str, ...]:
    """Every profile that can be loaded here, sorted."""
    found = {
        file.stem for folder in profile_folders(hub_dir) for file in folder.glob("*.yaml") if NAME.fullmatch(file.stem)
    }
    return tuple(sorted(found))
