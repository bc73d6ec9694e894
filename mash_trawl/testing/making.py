"""A new connector from built-in templates: a distribution with its tests, or only a mapping with its seed.

Everything is written as it must be but what only the author knows, which says FILL_IN; until then the kit is red there.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path
from typing import Literal, get_args

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.sources.installed import OUR_NAMES

Kind = Literal["sql", "odbc", "http", "fhir", "files", "sftp", "person"]
KINDS: tuple[str, ...] = get_args(Kind)
ONLY_YAML = ("sftp", "person")
"""Kinds that are made of a mapping alone."""
_NAME = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
_AGENCY = re.compile(r"[a-z][a-z0-9_]*")
_REST = "{url: env:FILL_IN, token_url: env:FILL_IN, client_id: FILL_IN, client_secret: env:FILL_IN}"
_SEEDS = {
    "sql": ("seeded_sql", '"seed.sql"', "{url: env:FILL_IN}"),
    "odbc": ("seeded_odbc", '"seed.sql"', "{dsn: FILL_IN}"),
    "http": (
        "served",
        'service, page="cursor"',
        _REST,
    ),
    "fhir": (
        "served_fhir",
        "RESOURCES",
        _REST,
    ),
    "files": ("seeded_files", '"seed"', "{folder: FILL_IN}"),
}
"""Of each kind: what plays its system in the tests, with what, and how hub.yaml leads to the real one."""


def new_connector(name: str, kind: str, folder: Path, *, agency: str, yaml: bool = False) -> tuple[Path, ...]:
    """Write a new connector called `name` into a folder of its own name below `folder`; returns the files.

    `yaml`: a mapping and no code. Raises Misconfigured when the name cannot be one, or its folder is there already:
    nothing is ever written over.
    """
    _check(name, agency)
    if not (yaml or kind in ONLY_YAML):
        _check_package(name)
    home = folder / name
    made = dict(_only_yaml(name, kind, agency) if yaml or kind in ONLY_YAML else _distribution(name, kind, agency))
    try:
        home.mkdir(parents=True)
        for place, text in made.items():
            file = home / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    except FileExistsError:
        do = "Choose another name, or `--to` another folder."
        raise Misconfigured(Problem(where="NAME", what="there is a folder of this name already.", do=do)) from None
    except OSError as error:
        what = f"its folder cannot be written ({type(error).__name__})."
        raise Misconfigured(Problem(where="--to", what=what, do="Choose a folder that you may write to.")) from None
    return tuple(home / place for place in made)


def _check(name: str, agency: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > 60:
        do = "Use small letters and digits, parted by single dashes: council-housing."
        raise Misconfigured(Problem(where="NAME", what="this cannot be the name of a connector.", do=do))
    if not _AGENCY.fullmatch(agency):
        do = "Use an agency id of your profile, for example housing."
        raise Misconfigured(Problem(where="--agency", what="this cannot be the id of an agency.", do=do))


def _check_package(name: str) -> None:
    """Its package would be imported in another's place, or never; only ours bring connectors called as ours are."""
    package = name.replace("-", "_")
    taken = iskeyword(package) or package in sys.stdlib_module_names or package.startswith("mash_trawl")
    if taken or package in OUR_NAMES or _installed(package):
        do = "Put whose system it is before it: council-housing."
        raise Misconfigured(Problem(where="NAME", what="something else is called this already.", do=do))


def _installed(package: str) -> bool:
    """Is a package of this name there for every program? One in the folder where we stand is the author's own."""
    spec = find_spec(package)
    places = [] if spec is None else list(spec.submodule_search_locations or [spec.origin or ""])
    return any(Path(place).resolve().parent != Path.cwd() for place in places)


def _distribution(name: str, kind: str, agency: str) -> Iterator[tuple[str, str]]:
    seeder, seed, connect = _SEEDS[kind]
    package = name.replace("-", "_")
    words = {
        "name": name, "distribution": name.replace("_", "-"), "package": package, "agency": agency, "seeder": seeder,
        "class": "".join(part.title() for part in re.split("[-_]", name)), "seed": seed, "connect": connect,
        "before": _template(f"{kind}/service.py").rstrip() + "\n" if kind in ("http", "fhir") else "",
    }  # fmt: skip
    for place, template in (
        ("pyproject.toml", "all/pyproject.toml"), ("README.md", "all/README.md"),
        (f"{package}/__init__.py", "all/__init__.py"), (f"{package}/connector.py", f"{kind}/connector.py"),
        ("tests/test_contract.py", "all/test_contract.py"),
    ):  # fmt: skip
        yield place, _filled(_template(template), words)
    yield from _system(kind, "tests/")


def _only_yaml(name: str, kind: str, agency: str) -> Iterator[tuple[str, str]]:
    shape = {"odbc": "sql", "sftp": "files"}.get(kind, kind)
    words = {"name": name, "agency": agency, "kind": kind}
    yield f"{name}.yaml", _filled(_template(f"yaml/{shape}.yaml"), words)
    yield from _system(shape, "")
    if shape in ("http", "fhir"):
        seeder, seed, _ = _SEEDS[shape]
        service = _template(f"{shape}/service.py").rstrip()
        yield "test_contract.py", _filled(_template("yaml/test_contract.py"), words | {
            "seeder": seeder, "seed": seed, "before": service,
        })  # fmt: skip


def _system(kind: str, below: str) -> Iterator[tuple[str, str]]:
    """What plays the author's system, as files beside the test."""
    if kind in ("sql", "odbc"):
        yield f"{below}seed.sql", _template("all/seed.sql")
    if kind == "files":
        for file in ("people-1.csv", "visits-1.csv"):
            yield f"{below}seed/{file}", _template(f"files/{file}")


def _filled(text: str, words: Mapping[str, str]) -> str:
    for word, value in words.items():
        text = text.replace("{{" + word + "}}", value)
    return text


def _template(place: str) -> str:
    return (files("mash_trawl.testing") / "templates" / f"{place}.txt").read_text(encoding="utf-8")
