"""Import what was read and approved, not what somebody compiled beside it: bytecode is in no digest."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import CodeType, ModuleType


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        """The source, compiled now; nothing is looked for beside it, and nothing left there."""
        place = self.get_filename(fullname)
        return self.source_to_code(self.get_data(place), place)


class _Finder(MetaPathFinder):
    """Found as ever, but loaded from its source, for modules of these top-level names: whenever they are imported."""

    def __init__(self, tops: frozenset[str]) -> None:
        self.tops = tops

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As the other finders have it."""
        if fullname.partition(".")[0] not in self.tops:
            return None
        others = (one for one in sys.meta_path if not isinstance(one, _Finder))
        spec = next(filter(None, (one.find_spec(fullname, path, target) for one in others)), None)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


def only_from_source(tops: frozenset[str]) -> None:
    """From now on in this process; a connector may import more of itself at any ask."""
    if not any(isinstance(one, _Finder) and one.tops >= tops for one in sys.meta_path):
        sys.meta_path.insert(0, _Finder(tops))
