"""From a name or a file to what is to be tested, without pytest."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.sources.installed import installed
from mash_trawl.sources.kinds import Connector
from mash_trawl.testing.bench import Options
from mash_trawl.testing.cast import Cast, Facts
from mash_trawl.testing.contract import ConnectorContract
from mash_trawl.testing.describe import project_of
from mash_trawl.testing.kit import Report, real_class, run_kit
from mash_trawl.testing.loading import authors, module_of
from mash_trawl.testing.mutants import Score, score
from mash_trawl.testing.seeds import Seed
from mash_trawl.testing.seeds_files import seeded_files
from mash_trawl.testing.seeds_sql import seeded_odbc, seeded_sql

_YAML = (".yaml", ".yml")
_WORD = "ConnectorContract"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A connector with its seed, and what the author said beside them."""

    connector: type[Connector]
    seed: Seed
    cast: Cast | None = None
    facts: Facts | None = None
    options: Options = field(default_factory=Options)

    def run(self, only: Iterable[int] | None = None) -> Report:
        """All checks."""
        return run_kit(
            self.connector, self.seed, cast=self.cast, facts=self.facts, options=self.options, only=only or None
        )

    def mutants(self) -> tuple[Score, ...]:
        """The faulty twins."""
        return score(self.connector, self.seed, cast=self.cast, facts=self.facts, options=self.options)


def targets(what: str, seed: str | None) -> list[Target]:
    """What `connectors test WHAT` tests: a mapping, a test file, or an installed connector by its name.

    Raises Misconfigured when there is no such thing, or no seed for it.
    """
    path = Path(what)
    if path.suffix in _YAML:
        from mash_trawl.sources.mapping import mapping_class

        real = mapping_class(path)
        return [Target(connector=real, seed=_seed(real, seed, path.parent, path.stem))]
    if path.suffix == ".py":
        return _contracts(path)
    return _installed(what, seed)


def connector_of(what: str) -> type[Connector]:
    """The connector alone, for its page."""
    if Path(what).suffix in _YAML:
        from mash_trawl.sources.mapping import mapping_class

        return mapping_class(what)
    return targets(what, None)[0].connector if Path(what).suffix == ".py" else _loaded(what)


def _seed(real: type[Connector], named: str | None, folder: Path, stem: str) -> Seed:
    """The seed that was named, or one that lies beside the mapping."""
    choices = [Path(named)] if named else [
        folder / f"{stem}.seed.sql", folder / "seed.sql", folder / f"{stem}.seed", folder / "seed",
        folder / "tests" / "seed.sql", folder.parent / "tests" / "seed.sql", folder.parent / "tests" / "seed",
    ]  # fmt: skip
    found = next((one for one in choices if one.exists()), None)
    if found is None and real.kind == "person":
        raise Misconfigured(_on_paper(stem))
    if found is None and named:
        raise Misconfigured(Problem(where=named, what="there is no such seed.", do="Give --seed a file or folder."))
    if found is None:
        names = f"`{stem}.seed.sql` or `seed.sql` (files: a folder `seed`)"
        raise Misconfigured(Problem(where=str(folder), what="there is no seed.", do=f"Write {names}, or give --seed."))
    if found.is_dir():
        return seeded_files(found)
    return seeded_odbc(found) if real.kind == "odbc" else seeded_sql(found)


def _contracts(path: Path) -> list[Target]:
    """Every contract in a test file; Misconfigured if there is none."""
    found = _written_in(path)
    if not found:
        do = "Write a class that has ConnectorContract as its base, with `connector` and `source`."
        raise Misconfigured(Problem(where=str(path), what="it holds no contract.", do=do))
    return found


def _written_in(path: Path) -> list[Target]:
    """Every contract in a test file that says its own seed (one that pytest gives it is known to pytest alone)."""
    module = module_of(path)
    classes = (one for _, one in inspect.getmembers(module, inspect.isclass) if issubclass(one, ConnectorContract))
    found = [one for one in classes if hasattr(one, "connector") and hasattr(one, "source")]
    return [
        Target(connector=one.connector, seed=one.source, cast=one.cast, facts=one.facts, options=one.options())
        for one in found
    ]


def _loaded(name: str) -> type[Connector]:
    there = {one.distribution: one.entry for one in reversed([*installed()]) if one.entry.name == name}
    if len(there) > 1:
        what = f"{' and '.join(sorted(there))} both bring a connector of this name; no hub would ask either."
        raise Misconfigured(Problem(where=name, what=what, do="Rename one of them, or uninstall it."))
    if not there:
        known = ", ".join(sorted({one.entry.name for one in installed()})) or "none"
        what = f"no connector `{name}` is installed, and it is no .yaml or .py file."
        raise Misconfigured(Problem(where="connectors test", what=what, do=f"Installed are: {known}."))
    with authors(name):
        (loaded,) = (entry.load() for entry in there.values())
    if not hasattr(loaded, "mash_trawl_connectors"):
        what = f"its entry point leads to a {type(loaded).__name__}, and to no connector's class."
        raise Misconfigured(Problem(where=name, what=what, do="Write `package:Class` into its pyproject.toml."))
    found: type[Connector] = loaded
    return found


def _installed(name: str, seed: str | None) -> list[Target]:
    """An installed connector by its own contract: `contract.py` in its package, or the tests of its project.

    A distribution may bring several connectors, each with a contract of its own.
    """
    connector = _loaded(name)
    package = Path(str(sys.modules[connector.__module__.partition(".")[0]].__file__)).parent
    if seed is not None or (package / "seed.sql").is_file():
        return [Target(connector=connector, seed=_seed(connector, seed, package, name))]
    project = project_of(connector)
    tests = sorted((project / "tests").glob("*.py")) if project else []
    texts = {file: file.read_text(encoding="utf-8") for file in (package / "contract.py", *tests) if file.is_file()}
    for file in sorted(texts, key=lambda file: (name not in file.stem, -texts[file].count(name))):  # likeliest first
        if _WORD in texts[file]:
            own = [one for one in _written_in(file) if one.connector.name == name]
            if own:
                return own
    if real_class(connector).kind == "person":
        raise Misconfigured(_on_paper(name))
    if project is None:
        what = "it was installed without its tests, and its package brings neither a seed nor a contract."
        ours = package.name.startswith("mash_trawl_")
        home = f"{package.name.replace('mash_trawl_', 'connectors/')}/" if ours else ""
        do = f"Test it in a checkout, by name or as {home}tests/FILE.py."
        raise Misconfigured(Problem(where=name, what=what, do=do + " Or give --seed."))
    do = "Put `seed.sql` or a `contract.py` into its package, a contract into its tests, or give --seed."
    raise Misconfigured(Problem(where=name, what="it brings neither a seed nor a contract.", do=do))


def _on_paper(where: str) -> Problem:
    what = "a person is asked on paper: the kit has nothing to test."
    return Problem(where=where, what=what, do="Name the mapping in hub.yaml, then `mash-trawl check`.")
