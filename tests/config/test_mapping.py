"""What a mapping may not say: every mistake is found at load, with its line, before anything is asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from mash_trawl.config.mapping import load_mapping
from mash_trawl.errors import Misconfigured

GOOD = """version: 1
name: asb
agency: housing
kind: sql
as_of: {lag: 1d}
find:
  - by: [family, born]
    table: housing.person
    where: {surname: family, dob: born}
    person: {ref: tenant_id, given: forename, family: surname, born: {from: dob, format: "%d/%m/%Y"}}
  - by: [uprn, born]
    sql: select tenant_id, forename, surname, dob from housing.person where uprn = :uprn and dob = :born
fetch:
  - category: housing.asb
    table: housing.asb_case
    where: {tenant_id: ref, opened: {at_least: since}}
    event: {ref: case_id, at: {from: opened, zone: Europe/London}, kind: asb-opened, headline: summary}
never: [rent_arrears_amount]
"""
FIND_SQL = "select tenant_id, forename, surname, dob from housing.person where uprn = :uprn and dob = :born"


@pytest.fixture
def problems(mapping_problems: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """What is said of the good mapping in which `old` is replaced by `new`."""
    return partial(mapping_problems, GOOD)


def test_a_good_mapping_is_read_and_people_are_described_once(tmp_path: Path) -> None:
    path = tmp_path / "asb.yaml"
    path.write_text(GOOD)
    mapping = load_mapping(path)
    assert mapping.find[1].person == mapping.find[0].person and mapping.never == ("rent_arrears_amount",)


@pytest.mark.parametrize(("old", "new", "line", "words"), [
    ("headline: summary", "headline: rent_arrears_amount", 17, "may never be read"),
    ("{tenant_id: ref,", "{Rent_Arrears_Amount: ref,", 16, "may never be read"),
    ("select tenant_id,", 'select "rent_arrears_amount", tenant_id,', 12, "may never be read"),
    ("select tenant_id, forename", "select *, forename", 12, "select * is not allowed"),
    ("select tenant_id, forename", "select p.*, forename", 12, "select * is not allowed"),
    ("uprn = :uprn", "uprn = {uprn} and 1 = :uprn", 12, "may not hold {"),
    ("uprn = :uprn", "uprn = :uprn and pc = :postcode", 12, ":postcode is not a key"),
    ("uprn = :uprn", "uprn = :uprn; drop table x", 12, "may not hold ;"),
    (FIND_SQL, "delete from x where uprn = :uprn and dob = :born", 12, "must start with select or with"),
    (FIND_SQL, FIND_SQL.replace("forename", "'forename'"), 11, "does not name the column forename"),
    ("{surname: family,", "{surname: familly,", 9, "no key that the step has"),
    ("by: [family, born]", "by: [famly, born]", 7, "no such query key"),
    ("by: [family, born]", "by: [family, born, born]", 7, "stands here twice"),
    ("by: [family, born]", "by: [family, born, sex]", 7, "sex is asked for and never used"),
    ("{tenant_id: ref,", "{tenant_id: family,", 16, "no key that the step has"),
    ("{tenant_id: ref, opened", "{opened", 14, "not bound to one record"),
    ("{at_least: since}", "{at_least: since, at_most: until}", 16, "one of at_least, at_most, soundex"),
    ("{at_least: since}", "{at_least: ref}", 16, "at_least needs since"),
    ("{at_least: since}", "{soundex: ref}", 16, "soundex needs family_soundex"),
    ("{at_least: since}", "{sector: ref}", 16, "sector needs postcode_sector"),
    ("zone: Europe/London", 'format: "%d/%m/%Y"', 16, "do not sort as text"),
    ("%d/%m/%Y", "%d/%m/%y", 10, "two digits does not say its century"),
    ("%d/%m/%Y", "dd/mm/yyyy", 10, "not a format for days"),
    ("Europe/London", "Europe/Lundun", 17, "no such time zone"),
    ("housing.asb\n", "police.asb\n", 14, "must begin with the agency"),
    ("kind: asb-opened", "kind: asb, polarity: bad", 17, "polarity must be one of concern"),
    ("family: surname,", "family: surname, sex: {from: sex, map: {F: lady}},", 10, "sex must be one of"),
    ("    where: {surname: family, dob: born}\n", "    where: {surname: family, dob: born}\n    sql: select 1\n", 7,
     "either a table or sql"),
    ("{lag: 1d}", '{lag: 1d, sql: "select 1"}', 5, "one of lag, sql, file"),
    ("{lag: 1d}", "{file: modified}", 5, "does not go with the kind sql"),
    ("{lag: 1d}", '{sql: "select max(day) from x where a = :ref"}', 5, ":ref is not a key"),
    ("kind: sql", "kind: files", 12, "a file has no statements"),
    ("headline: summary", "headline: {from: summary, map: {a: b}, words: {a: c}}", 17, "words only tells them"),
    ("family: surname,", "family: surname, addresses: {line1: a, parts: {uprn: [A]}},", 10, "parts belongs to json"),
    ("family: surname,", "family: surname, addresses: {json: pc, parts: {road: [A]}},", 10, "an address has line1"),
    ("headline: summary", "headlin: summary", 17, "Did you mean `headline`"),
    ("kind: sql", "kind: sqll", 4, ""),
    ("never:", "nevr:", 18, ""),
])  # fmt: skip
def test_each_mistake_is_found_at_its_line(
    problems: Callable[..., list[str]], old: str, new: str, line: int, words: str
) -> None:
    found = problems(old, new)
    assert any(problem.startswith(f"{line}:") and words in problem for problem in found), found


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "asb.yaml"
    path.write_text(GOOD.replace("headline: summary", "headline: rent_arrears_amount").replace("[family, born]", "[x]"))
    with pytest.raises(Misconfigured) as told:
        load_mapping(path)
    assert len(told.value.problems) >= 3


def test_nothing_is_found_in_a_good_mapping(problems: Callable[..., list[str]]) -> None:
    assert problems() == []
    assert (
        problems("select tenant_id,", "select count(*) as n, 2 * 3 as m, replace(a, 'x;{', 'y') as r, tenant_id,") == []
    )


def test_every_mapping_in_the_documents_loads(tmp_path: Path) -> None:
    reference = Path(__file__).parents[2] / "docs" / "connectors.md"
    blocks = [part.split("```")[0] for part in reference.read_text("utf-8").split("```yaml\n")[1:]]
    mappings = [block for block in blocks if block.startswith("version: 1\nname:") and "\nfind:" in block]
    assert mappings
    for number, block in enumerate(mappings):
        path = tmp_path / f"{number}.yaml"
        path.write_text(block)
        load_mapping(path)
