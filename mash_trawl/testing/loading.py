"""An author's own code, imported without pytest: found as pytest finds it, and what is wrong with it told as theirs."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from mash_trawl.errors import Misconfigured, Problem, TrawlError
from mash_trawl.testing.capture import listening
from mash_trawl.testing.guard import staying

_OURS = Path(__file__).parent.parent
_DO = "Mend it, then test again."


@contextmanager
def authors(where: str) -> Iterator[None]:
    """Whatever the author's code or files raise in the block becomes Misconfigured, with their file and line.

    `where` is named when it arose in none of their files. What is printed meanwhile is dropped, and nothing ends here.
    """
    try:
        with listening(), staying():
            yield
    except TrawlError:
        raise
    except SystemExit as left:
        what = f"it ends the program that reads it (exit {left.code}): no connector may."
        raise Misconfigured(Problem(where=_place(left, where), what=what, do=_DO)) from None
    except Exception as error:
        said = str(error) or "no more is said"
        raise Misconfigured(
            Problem(where=_place(error, where), what=f"{type(error).__name__}: {said}.", do=_DO)
        ) from None


def module_of(path: Path) -> ModuleType:
    """A test file as a module. Its folder and its project's own come first on the path, before what is installed.

    They stay there: what it imports may import more of itself later. Raises Misconfigured.
    """
    if not path.is_file():
        raise Misconfigured(Problem(where=str(path), what="there is no such file."))
    name = f"mash_trawl_kit_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise Misconfigured(Problem(where=str(path), what="it cannot be loaded."))
    for place in (*project_path(path), str(path.parent.resolve())):
        if place in sys.path:
            sys.path.remove(place)
        sys.path.insert(0, place)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    with authors(str(path)):
        spec.loader.exec_module(module)
    return module


def project_path(path: Path) -> list[str]:
    """The folders that pytest would put first: `pythonpath` of the nearest pyproject.toml, or its own folder."""
    home = next((one for one in path.resolve().parents if (one / "pyproject.toml").is_file()), None)
    if home is None:
        return []
    with authors(str(home / "pyproject.toml")):
        told = tomllib.loads((home / "pyproject.toml").read_text(encoding="utf-8"))
        said = told.get("tool", {}).get("pytest", {}).get("ini_options", {}).get("pythonpath", ["."])
        return [str((home / one).resolve()) for one in (said.split() if isinstance(said, str) else said)]


def _place(error: BaseException, where: str) -> str:
    """File and line of the author's where it arose."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [one for one in frames if _theirs(Path(one.filename))]
    return f"{theirs[-1].filename}:{theirs[-1].lineno}" if theirs else where


def _theirs(file: Path) -> bool:
    """Is it neither ours nor Python's nor a library's?"""
    ours = any(one in file.parents for one in (_OURS, Path(traceback.__file__).parent))
    return file.is_file() and not ours and not {"site-packages", "dist-packages"} & set(file.parts)
