"""A connector class that reads its YAML mapping when it is first looked at, not when its package is imported."""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, cast

from mash_trawl.hookspecs import hookimpl
from mash_trawl.sources.kinds import Connector


class _Deferred(ABCMeta):
    """The metaclass: a fact that is not on the class yet is looked up on the one that the mapping gives."""

    def __getattr__(cls, fact: str) -> Any:
        if fact in {"name", "agency", "offers", "search_keys"}:
            (real,) = cls.mash_trawl_connectors()
            return getattr(real, fact)
        raise AttributeError(fact)

    def __call__(cls, *args: Any) -> Any:
        (real,) = cls.mash_trawl_connectors()
        return real(*args)


def deferred(module: Mapping[str, Any], file: str) -> type[Connector]:
    """A class that stands for the mapping `file` beside the module with these globals, in a folder or an archive."""

    @cache
    def read() -> type[Connector]:
        from mash_trawl.sources.mapping import mapping_class

        beside = Path(module["__file__"]).with_name(file)
        with as_file(beside if beside.is_file() else files(module["__package__"]) / file) as path:
            return mapping_class(path)

    @hookimpl
    def mash_trawl_connectors(cls: type[Connector]) -> Iterable[type[Connector]]:
        return (read(),)

    body = {"mash_trawl_connectors": classmethod(mash_trawl_connectors), "__module__": module["__name__"]}
    return cast(type[Connector], _Deferred("Mapped", (Connector,), body))
