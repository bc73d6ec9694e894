"""The county that a seed draws: always the same, and true to its own ground truth."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
import yaml

from mash_trawl_county.build import CASE_FILES, draw, write_cases, write_county
from mash_trawl_county.systems.social_care import TABLES


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("county")
    built = draw(seed=3, families=25)
    write_county(folder, built)
    write_cases(folder / "cases", built)
    return folder


def test_the_same_seed_draws_the_same_county_in_another_process(county, tmp_path):
    command = [sys.executable, "-m", "mash_trawl_county", "build", str(tmp_path), "--seed", "3", "--families", "25"]
    subprocess.run(command, check=True, capture_output=True)
    for name in ("police.json", "health.json", "truth.json", *(f"cases/{file}" for file in CASE_FILES)):
        assert (county / name).read_bytes() == (tmp_path / name).read_bytes()


def test_another_seed_draws_another_county():
    names = [{person.family for person in draw(seed, 25).people().values()} for seed in (1, 2)]
    assert names[0] != names[1]


def keys(file, tables):
    """The keys in these tables of a database, by table and column."""
    with closing(sqlite3.connect(file)) as database:
        return {row[0] for table, key in tables.items() for row in database.execute(f"select {key} from {table}")}  # noqa: S608 - our names


def test_every_record_of_the_truth_is_in_its_system(county):
    truth = json.loads((county / "truth.json").read_text("utf-8"))
    police = json.loads((county / "police.json").read_text("utf-8"))
    health = json.loads((county / "health.json").read_text("utf-8"))
    education = json.loads((county / "education.json").read_text("utf-8"))
    held = {
        "police": {row["occurrence_id"] for row in police["occurrences"]},
        "health": {row["id"] for row in health},
        "education": {row["recordId"] for row in education["records"]},
        "housing": keys(county / "housing.db", {"asb_case": "case_id", "homelessness": "case_id"}),
        "social_care": keys(county / "social_care.db", {table: key for table, key, *_ in TABLES.values()}),
        "youth_offending": keys(
            county / "youth_offending.db",
            {"intervention": "intervention_id", "offence": "offence_id", "asset_plus": "assessment_id"},
        ),
    }
    for ref, record in truth["records"].items():
        assert ref in held[record["system"]]
    known = {row["nominal_id"] for row in police["nominals"]}
    assert known == {person["police"] for person in truth["people"].values() if person["police"]}
    pupils = {row["pupilId"] for row in education["pupils"]}
    assert pupils == {person["education"] for person in truth["people"].values() if person["education"]}


def test_the_people_of_a_database_are_those_of_the_truth_and_their_ties_lead_to_nobody_else(county):
    truth = json.loads((county / "truth.json").read_text("utf-8"))["people"]
    for system in ("social_care", "youth_offending"):
        held = keys(county / f"{system}.db", {"person": "person_id"})
        assert held == {person[system] for person in truth.values() if person[system]}
        if system == "social_care":
            with closing(sqlite3.connect(county / "social_care.db")) as database:
                ends = {end for row in database.execute("select person_id, related_person_id from person_relation")
                        for end in row}  # fmt: skip
            assert ends and ends <= held


def test_nhs_numbers_are_valid_different_and_of_the_test_range(county):
    import nhs_number

    health = json.loads((county / "health.json").read_text("utf-8"))
    numbers = [row["identifier"][0]["value"] for row in health if row["resourceType"] == "Patient"]
    assert len(numbers) == len(set(numbers))
    assert all(number.startswith("999") and nhs_number.is_valid(number) for number in numbers)


def test_every_demo_case_is_a_valid_case_and_says_that_it_is_synthetic(county):
    from mash_trawl import load_case

    for name in CASE_FILES:
        file = county / "cases" / name
        assert file.read_text("utf-8").startswith("# Synthetic")
        assert load_case(file).id == yaml.safe_load(file.read_text("utf-8"))["id"]


def test_strangers_share_a_name_or_a_birth_date_with_the_demo_family(county):
    built = draw(seed=3, families=25)
    family = next(family for family in built.families if family.id == "D2")
    names = {(person.given, person.family) for person in built.strangers}
    assert (family.mother.given, family.mother.family) in names
    assert any(person.born == family.children[0].born for person in built.strangers)


def test_serving_a_folder_without_a_county_says_what_to_do(tmp_path):
    command = [sys.executable, "-m", "mash_trawl_county", "serve", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "build" in done.stderr
