"""A Python file beside a test, whichever way the test itself was loaded: by pytest, or by `connectors test`."""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

from mash_trawl.testing.seeds_sql import beside


def neighbour(file: str) -> Any:
    """The module of a file beside the one that asks, loaded once: `people = neighbour("people.py")`.

    pytest may put no folder of tests into the path, and several connectors may each have a file of that name.
    """
    path = beside(file, sys._getframe(1).f_globals).resolve()
    name = f"mash_trawl_beside_{abs(hash(str(path)))}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise ImportError(f"{file} cannot be loaded")
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]
