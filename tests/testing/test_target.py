"""From a name or a file to what is tested: the right one, from the right folder, and mistakes told as the author's."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mash_trawl.errors import Misconfigured
from mash_trawl.testing.making import new_connector
from mash_trawl.testing.target import targets

PACKAGE = "c_sql"


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh distribution, that was never installed."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    new_connector("c-sql", "sql", tmp_path, agency="housing")
    yield tmp_path / "c-sql"
    for name in [name for name in sys.modules if name.partition(".")[0] in (PACKAGE, "mash_trawl_kit_test_contract")]:
        del sys.modules[name]


@pytest.mark.parametrize("name", ["housing", "housing_civica", "domestic_abuse", "missing_people"])
def test_the_contract_of_that_connector_alone_is_run(name: str) -> None:
    assert [one.connector.name for one in targets(name, None)] == [name]


LOST = [
    ("connector.py", "\ndef (:\n", r"connector\.py:\d+: SyntaxError"),
    ("connector.py", "\nimport nowhere_at_all\n", r"connector\.py:\d+: ModuleNotFoundError: No module named"),
    ("connector.py", "\nraise SystemExit(0)\n", r"connector\.py:\d+: it ends the program"),
    ("connector.py", "\nimport os\nos._exit(0)\n", r"connector\.py:\d+: it ends the program"),
    ("test_contract.py", "\nclass (:\n", r"test_contract\.py:\d+: SyntaxError"),
    ("pyproject.toml", "\n[tool\n", r"pyproject\.toml: TOMLDecodeError"),
]


@pytest.mark.parametrize(("file", "more", "said"), LOST)
def test_a_mistake_in_a_file_of_the_authors_is_told_with_the_file(made: Path, file: str, more: str, said: str) -> None:
    (place,) = made.rglob(file)
    place.write_text(place.read_text("utf-8") + more, "utf-8")
    with pytest.raises(Misconfigured, match=said):
        targets(str(made / "tests" / "test_contract.py"), None)


def test_the_checkout_is_tested_and_not_what_is_installed(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (made / "elsewhere" / PACKAGE).mkdir(parents=True)
    (made / "elsewhere" / PACKAGE / "__init__.py").write_text("raise ImportError('the installed one')\n", "utf-8")
    monkeypatch.syspath_prepend(made / "elsewhere")
    (one,) = targets(str(made / "tests" / "test_contract.py"), None)
    assert Path(sys.modules[one.connector.__module__].__file__ or "").is_relative_to(made / PACKAGE)


@pytest.mark.parametrize("said", ["pythonpath = ['src']", "pythonpath = 'src'"])
def test_a_package_is_found_where_pytest_is_told_to_look(made: Path, said: str) -> None:
    (made / "src").mkdir()
    (made / PACKAGE).rename(made / "src" / PACKAGE)
    (made / "pyproject.toml").write_text(f"[tool.pytest.ini_options]\n{said}\n", "utf-8")
    (one,) = targets(str(made / "tests" / "test_contract.py"), None)
    assert one.connector.__module__ == f"{PACKAGE}.connector"


SEEDS = [
    ("seed.sql", b"create table a (b text);\ncreate tabel c (d text);\n", r"seed\.sql:2: SQLite says"),
    ("seed.sql", b"create table a (b text);\n-- \xe4\n", r"seed\.sql:2: it is not UTF-8"),
    ("seed.sql", None, r"seed\.sql: it cannot be read \(FileNotFoundError\)"),
    ("test_contract.py", ('seeded_sql("seed.sql")', '"seed.sql"'), "its `source` is a str"),
    ("test_contract.py", ('seeded_sql("seed.sql")', "seeded_sql(lambda db: db.nothing)"), r"contract\.py:\d+: Attr"),
    ("test_contract.py", ("seeded_sql", "seeded_files"), "there is no such folder"),
    ("test_contract.py", ("source =", "cast = 'K1'\n    source ="), "its `cast` is a str"),
    ("test_contract.py", ("connector = CSql", "connector = 'CSql'"), "its `connector` is a str"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "change", "said"), SEEDS)
def test_a_mistake_in_a_seed_or_contract_is_told_with_its_place(made: Path, file: str, change: Any, said: str) -> None:
    place = made / "tests" / file
    if change is None:
        place.unlink()
    elif isinstance(change, bytes):
        place.write_bytes(change)
    else:
        place.write_text(place.read_text("utf-8").replace(*change), "utf-8")
    with pytest.raises(Misconfigured, match=said):
        targets(str(made / "tests" / "test_contract.py"), None)[0].run(only=(1,))


def test_a_name_that_two_distributions_claim_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint(name="council", value="a:B", group="mash_trawl")
    two = [SimpleNamespace(distribution=name, entry=entry) for name in ("council-a", "council-b")]
    monkeypatch.setattr("mash_trawl.testing.target.installed", lambda: iter(two))
    with pytest.raises(Misconfigured, match="council-a and council-b both bring a connector of this name"):
        targets("council", None)


def test_an_entry_point_that_leads_to_no_connector_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint(name="council", value="json:loads", group="mash_trawl")
    one = [SimpleNamespace(distribution="council-a", entry=entry)]
    monkeypatch.setattr("mash_trawl.testing.target.installed", lambda: iter(one))
    with pytest.raises(Misconfigured, match="leads to a function, and to no connector"):
        targets("council", None)
