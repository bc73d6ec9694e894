"""The page of names for connector authors: complete, light, and enough for a connector in thirty lines."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pluggy
import pytest

from mash_trawl import api, hookspecs
from mash_trawl.model.base import to_plain


def test_importing_it_loads_no_heavy_library():
    heavy = ("sqlalchemy", "requests", "pyodbc", "pydantic", "cryptography", "rich", "tenacity", "yaml")
    code = f"import sys, mash_trawl.api; print([name for name in {heavy!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_every_name_on_the_page_is_there_and_documented():
    for name in api.__all__:
        assert getattr(api, name).__doc__, name
    assert len(api.__all__) == len(set(api.__all__))


def test_every_hook_has_words_and_says_since_when():
    hooks = [name for name in vars(hookspecs) if name.startswith("mash_trawl_")]
    assert hooks == ["mash_trawl_connectors"]
    assert all("since api" in vars(hookspecs)[name].__doc__ for name in hooks)


def test_a_connector_class_is_its_own_plugin():
    class Parks(api.SqlConnector):
        name, agency = "parks", "district_council"
        offers = frozenset({"district_council.parks"})
        search_keys = (("family", "born"),)

        def find(self, query, grant):
            yield from ()

        def fetch(self, ref, grant):
            yield from ()

    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(Parks)
    manager.check_pending()
    assert manager.hook.mash_trawl_connectors() == [(Parks,)]


def test_a_mapping_beside_the_calling_module_is_read_when_first_looked_at(tmp_path, monkeypatch):
    package = tmp_path / "council_damp"
    package.mkdir()
    (package / "__init__.py").write_text(
        'from mash_trawl.api import mapping_connector\nDamp = mapping_connector("damp.yaml")\n', encoding="utf-8"
    )
    (package / "damp.yaml").write_text(
        "version: 1\nname: damp\nagency: housing\nkind: sql\n"
        "find:\n  - by: [family, born]\n    table: person\n    where: {surname: family, dob: born}\n"
        "    person: {ref: id, given: forename, family: surname, born: dob}\n"
        "fetch:\n  - category: housing.asb\n    table: asb\n    where: {person_id: ref}\n"
        "    event: {ref: case_id, at: opened, headline: summary}\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    import council_damp

    damp = council_damp.Damp
    assert issubclass(damp, api.Connector)
    assert (damp.name, damp.agency, damp.offers) == ("damp", "housing", frozenset({"housing.asb"}))
    assert damp.search_keys == (("family", "born"),)
    (real,) = damp.mash_trawl_connectors()
    assert issubclass(real, api.SqlConnector) and isinstance(damp(lambda grants: None), real)
    del sys.modules["council_damp"]


@pytest.mark.parametrize(
    ("given", "earliest", "latest"),
    [
        ("03/04/2012", date(2012, 4, 3), date(2012, 4, 3)),
        (" 17/05/2014 ", date(2014, 5, 17), date(2014, 5, 17)),
        (date(2014, 5, 17), date(2014, 5, 17), date(2014, 5, 17)),
        ("2015", date(2015, 1, 1), date(2015, 12, 31)),
        ("", None, None),
        (None, None, None),
        ("31/02/2014", None, None),
        ("not known", None, None),
    ],
)
def test_uk_dates_are_day_first_and_what_cannot_be_read_is_unknown_not_lost(given, earliest, latest):
    read = api.uk_date(given)
    assert (read.earliest, read.latest) == (earliest, latest)
    assert api.PartialDate.parse(to_plain(read)) == read


def test_an_unreadable_date_keeps_its_own_words():
    assert api.uk_date("31/02/2014").original == "31/02/2014"


@pytest.mark.parametrize("text", ["2014-05-17", "2014-05-17T23:30", "2014-05-17T00:30:00+01:00", "2014-05-17 09:30"])
def test_iso_dates_keep_the_day_that_is_written(text):
    assert api.iso_date(text).earliest == date(2014, 5, 17)


def test_names_and_addresses_of_text_columns():
    full = api.name("Synthetica Jane", "Testfall", middle="May")
    assert (full.given, full.family, full.use) == (("Synthetica", "Jane", "May"), "Testfall", "usual")
    assert api.name(None, " ") == api.Name()
    home = api.address("1 Example Row", None, " ", "Northtown", postcode=" NB1 4QT ", uprn="")
    assert (home.lines, home.postcode, home.uprn) == (("1 Example Row", "Northtown"), "NB1 4QT", None)
