"""The housing mapping before the conformance kit, and what only this mapping promises."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from zipfile import ZipFile

from mash_trawl.model.finding import Event, Residence
from mash_trawl.testing import ConnectorContract, seeded_sql
from mash_trawl_housing import Housing


class TestHousing(ConnectorContract):
    connector = Housing
    source = seeded_sql("seed.sql")

    def test_a_candidate_carries_all_that_identifies(self) -> None:
        (found,) = self.find(nhs_number="943 476 5919")
        assert found.names[0].given == ("Aisha", "Noor") and found.names[0].family == "KHAN"
        assert found.born and found.born.earliest == date(2014, 5, 17) and found.born.original == "17/05/2014"
        assert found.sex == "female" and found.identifiers == {"nhs_number": "9434765919"}
        assert found.addresses[0].lines == ("14 Mill Lane",) and found.addresses[0].uprn == "100023336956"

    def test_a_former_name_is_a_name_of_its_own(self) -> None:
        (found,) = self.find(family="Khan", born=date(1988, 11, 2))
        assert [(name.family, name.use) for name in found.names] == [("Khan", "usual"), ("Malik", "old")]

    def test_a_name_with_an_apostrophe_is_found_in_capitals_or_not(self) -> None:
        for family in ("O'Brien", "o'brien"):
            assert [one.ref for one in self.find(family=family, born=date(1985, 3, 9))] == ["T6"]

    def test_a_row_with_an_impossible_day_is_counted_and_costs_only_itself(self) -> None:
        run = self.fetch("T5", "housing.tenancy")
        assert [item.about for item in run.items] == [("T5",)] and run.haul.quarantined == 1

    def test_a_person_without_a_birthday_is_found_by_another_fact(self) -> None:
        (found,) = self.find(nhs_number="9990000034")
        assert found.ref == "T7" and found.born is None and found.names[0].given == ("Zoë",)

    def test_the_household_of_each_spell_is_listed_and_who_left_is_not_shown_as_there(self) -> None:
        found = [item for item in self.fetch("T2", "housing.tenancy").items if isinstance(item, Residence)]
        spells = {(item.from_ and item.from_.edtf, item.to and item.to.edtf): item for item in found}
        assert spells[("2018-02-01", None)].about == ("T1", "T2", "T3")
        assert spells[("2018-02-01", "2020-06-30")].about == ("T1", "T2", "T3", "T6")
        assert len(found) == 2 and found[0].tenure == "secure" and found[0].address.lines == ("14 Mill Lane",)

    def test_members_of_the_household_are_shown_as_found(self) -> None:
        found = self.fetch("T2", "housing.tenancy").items
        names = {one.ref: one.names[0].family for item in found for one in item.mentions}
        assert names["T6"] == "O'Brien" and "T5" not in names

    def test_the_same_spell_is_the_same_record_whoever_is_asked_about(self) -> None:
        mother = {item.ref: item for item in self.fetch("T1", "housing.tenancy").items}
        assert mother == {item.ref: item for item in self.fetch("T2", "housing.tenancy").items}

    def test_events_of_two_categories_with_one_number_stay_two(self) -> None:
        found = [item for item in self.fetch("T2").items if isinstance(item, Event)]
        assert {item.ref for item in found} == {"asb:C1", "asb:C2", "homelessness:C1"}

    def test_the_rent_account_is_never_read(self) -> None:
        asked = self.fetch("T2").seen.asked
        assert asked and not any("rent_account" in one.tables or "arrears" in one.text for one in asked)


def test_the_wheel_holds_the_mapping_and_offers_the_connector(tmp_path: Path) -> None:
    here = Path(__file__).parents[1]
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=here, check=True, capture_output=True)
    with ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = wheel.namelist()
        (entry,) = [name for name in names if name.endswith("entry_points.txt")]
        assert "housing = mash_trawl_housing:Housing" in wheel.read(entry).decode()
    assert {f"mash_trawl_housing/{name}" for name in ("__init__.py", "housing.yaml", "py.typed")} <= set(names)
