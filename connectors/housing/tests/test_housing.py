"""The housing mapping against a seeded system: the right people, the right categories, nothing else."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from mash_trawl.model.finding import Event, Residence
from mash_trawl.model.query import PersonQuery
from mash_trawl_housing import Housing


def ask(**fields: Any) -> PersonQuery:
    return PersonQuery(id="q1", person="p1", by=tuple(fields), **fields)


def refs(opener: Any, grant: Any, **fields: Any) -> list[str]:
    return [found.ref for found in Housing(opener).find(ask(**fields), grant())]


def test_a_person_is_found_by_surname_and_birthday_in_capitals_or_not(opener: Any, grant: Any) -> None:
    assert refs(opener, grant, family="Khan", born=date(2014, 5, 17)) == ["T2", "T3"]


def test_same_surname_with_another_birthday_is_not_offered(opener: Any, grant: Any) -> None:
    assert refs(opener, grant, family="Khan", born=date(1974, 5, 17)) == ["T4"]


def test_same_birthday_with_another_surname_is_not_offered(opener: Any, grant: Any) -> None:
    assert refs(opener, grant, family_soundex="S350", born=date(2014, 5, 17)) == ["T5"]


def test_every_search_key_that_is_offered_finds_the_child(opener: Any, grant: Any) -> None:
    known = {"nhs_number": "9434765919", "family_soundex": "K500", "given_soundex": "A200", "uprn": "100023336956",
             "family": "Khan", "born": date(2014, 5, 17)}  # fmt: skip
    for key in Housing.search_keys:
        assert "T2" in refs(opener, grant, **{name: known[name] for name in key}), key


def test_a_candidate_carries_all_that_identifies(opener: Any, grant: Any) -> None:
    (found,) = Housing(opener).find(ask(nhs_number="943 476 5919"), grant())
    assert found.names[0].given == ("Aisha", "Noor") and found.names[0].family == "KHAN"
    assert found.born and found.born.earliest == date(2014, 5, 17) and found.born.original == "17/05/2014"
    assert found.sex == "female" and found.identifiers == {"nhs_number": "9434765919"}
    assert found.addresses[0].lines == ("14 Mill Lane",) and found.addresses[0].uprn == "100023336956"


def test_a_former_name_is_a_name_of_its_own(opener: Any, grant: Any) -> None:
    (found,) = Housing(opener).find(ask(family="Khan", born=date(1988, 11, 2)), grant())
    assert [(name.family, name.use) for name in found.names] == [("Khan", "usual"), ("Malik", "old")]


@pytest.mark.parametrize(
    "family", ["O'Brien", "o'brien", "' or 1=1 --", "Khan'; drop table person; --", "%", "K" * 200]
)
def test_a_hostile_surname_is_only_ever_a_value(opener: Any, grant: Any, family: str, statements: list[str]) -> None:
    expected = ["T6"] if family.lower() == "o'brien" else []
    assert refs(opener, grant, family=family, born=date(1985, 3, 9)) == expected
    assert not any(family in statement for statement in statements)


def test_a_row_with_an_impossible_day_is_counted_and_costs_only_itself(opener: Any, door: Any, grant: Any) -> None:
    (found,) = Housing(opener).fetch("T5", grant("housing.tenancy"))
    assert found.about == ("T5",) and door.tally.quarantined == 1


def test_a_person_without_a_birthday_is_found_by_another_fact(opener: Any, grant: Any) -> None:
    (found,) = Housing(opener).find(ask(nhs_number="9990000034"), grant())
    assert found.ref == "T7" and found.born is None and found.names[0].given == ("Zoë",)


def test_the_household_of_each_spell_is_listed_and_who_left_is_not_shown_as_there(opener: Any, grant: Any) -> None:
    found = [item for item in Housing(opener).fetch("T2", grant("housing.tenancy")) if isinstance(item, Residence)]
    spells = {(item.from_ and item.from_.edtf, item.to and item.to.edtf): item for item in found}
    assert spells[("2018-02-01", None)].about == ("T1", "T2", "T3")
    assert spells[("2018-02-01", "2020-06-30")].about == ("T1", "T2", "T3", "T6")
    assert len(found) == 2 and found[0].tenure == "secure" and found[0].address.lines == ("14 Mill Lane",)


def test_members_of_the_household_are_shown_as_found(opener: Any, grant: Any) -> None:
    found = list(Housing(opener).fetch("T2", grant("housing.tenancy")))
    names = {one.ref: one.names[0].family for item in found for one in item.mentions}
    assert names["T6"] == "O'Brien" and "T5" not in names


def test_the_same_spell_is_the_same_record_whoever_is_asked_about(opener: Any, grant: Any) -> None:
    mother = {item.ref: item for item in Housing(opener).fetch("T1", grant("housing.tenancy"))}
    child = {item.ref: item for item in Housing(opener).fetch("T2", grant("housing.tenancy"))}
    assert mother == child


def test_events_of_two_categories_with_one_number_stay_two(opener: Any, grant: Any) -> None:
    found = [item for item in Housing(opener).fetch("T1", grant()) if isinstance(item, Event)]
    assert {item.ref for item in found} == {"asb:C1", "asb:C2", "homelessness:C1"}
    assert all(item.about == ("T1",) for item in found)


def test_only_granted_categories_are_asked_for(opener: Any, grant: Any, statements: list[str]) -> None:
    found = list(Housing(opener).fetch("T1", grant("housing.asb")))
    assert {item.category for item in found} == {"housing.asb"}
    assert not any("tenancy" in text or "homelessness" in text for text in statements if "pragma" not in text.lower())


def test_nothing_before_the_granted_period_is_read(opener: Any, grant: Any) -> None:
    found = Housing(opener).fetch("T1", grant("housing.asb", since=date(2015, 1, 1)))
    assert [item.ref for item in found] == ["asb:C1"]


def test_the_rent_account_is_never_read(opener: Any, grant: Any, statements: list[str]) -> None:
    list(Housing(opener).fetch("T1", grant()))
    assert statements and not any("arrears" in text or "rent_account" in text for text in statements)


def test_it_says_what_it_offers_before_anything_is_opened() -> None:
    assert (Housing.name, Housing.agency) == ("housing", "housing")
    assert Housing.offers == {"housing.tenancy", "housing.asb", "housing.homelessness"}


def test_the_wheel_holds_the_mapping_and_offers_the_connector(tmp_path: Path) -> None:
    here = Path(__file__).parents[1]
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=here, check=True, capture_output=True)
    with ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = wheel.namelist()
        (entry,) = [name for name in names if name.endswith("entry_points.txt")]
        assert "housing = mash_trawl_housing:Housing" in wheel.read(entry).decode()
    assert {f"mash_trawl_housing/{name}" for name in ("__init__.py", "housing.yaml", "py.typed")} <= set(names)
