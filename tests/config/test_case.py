"""The case file: what is read, and every way in which it can be wrong, with its place and never its value."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from mash_trawl.config.case import load_case
from mash_trawl.config.read import read_value
from mash_trawl.model.base import to_plain
from mash_trawl.model.case import Case


def test_the_example_case_is_read_with_every_scalar_as_it_was_written(write: Any, case_text: str) -> None:
    case = load_case(write(case_text))
    child = case.person("p1")
    assert child.identifiers == {"nhs_number": "943 476 5919", "upn": "H801200001001"}
    assert child.addresses[0].uprn == "100023336956"
    assert child.addresses[0].from_ is not None and child.addresses[0].from_.precision == "month"
    assert case.opened_at == datetime(2026, 11, 3, 9, 20, tzinfo=UTC)
    assert case.relationships[0].parental_responsibility == "yes"
    assert case.consents[0].categories["health"] == ("gp_summary", "health_visiting")


def test_yaml_json_dict_and_plain_form_give_the_same_case(write: Any, case_text: str) -> None:
    case = load_case(write(case_text))
    plain = to_plain(case)
    assert load_case(plain) == read_value(Case, plain) == case
    assert load_case(write(json.dumps(plain), "case.json")) == case
    assert load_case(json.loads(json.dumps(plain))) == case


def test_a_dict_from_a_usual_yaml_reader_gives_the_same_case(write: Any, case_text: str) -> None:
    loaded = yaml.safe_load(case_text)
    loaded["people"][0]["identifiers"]["nhs_number"] = "943 476 5919"
    loaded["people"][0]["addresses"][0]["uprn"] = "100023336956"
    again = load_case(loaded)
    assert again.relationships[0].parental_responsibility == "yes"
    assert again.gateways[0].consent_sought == "no"
    assert again.people[0].born is not None and again.people[0].born.edtf == "2014-05-17"
    assert again == load_case(write(case_text))


@pytest.mark.parametrize("nothing", ["", "~", "null"])
def test_an_empty_key_is_the_same_as_no_key_and_never_a_no(nothing: str, write: Any, case_text: str) -> None:
    text = case_text.replace("parental_responsibility: yes", f"parental_responsibility: {nothing}")
    text = text.replace("why_not: Telling the parent first could place the child at risk.", f"why_not: {nothing}")
    case = load_case(write(text))
    assert case.relationships[0].parental_responsibility == "unknown"
    assert case.gateways[0].why_not is None


def test_people_called_null_no_and_012_keep_their_names(write: Any, case_text: str) -> None:
    text = case_text.replace("given: [Aisha], family: Khan", "given: [NO, 'null', 012], family: Null")
    name = load_case(write(text)).people[0].names[0]
    assert (name.given, name.family) == (("NO", "null", "012"), "Null")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("born: 2014", "bron: 2014", "10:5 this key is not known here. Did you mean `born`?"),
        ("sex: female\n", "sex: femal\n", "11:10 `sex` must be one of the words allowed here. Did you mean `female`?"),
        ("rag: red", "rag: [red]", "`rag` must be text."),
        ("version: 1", "version: 2", "1:10 `version` must be `1`."),
        ("version: 1\n", "", "1:1 `version` is missing here. Add `version: ...`."),
        ("id: MASH-2026-0142", "id:", "2:1 `id` is empty, and is needed. Write its value."),
        ("level: 4", "level: four", "`level` must be a whole number."),
        ("level: 4", "level: 4.0", "`level` must be a whole number."),
        ("roles: [subject]", "roles: subject", "8:12 `roles` must be a list."),
        ("born: 2014-05-17", "born: 2014-02-30", "10:11 `born` must be a date. There is no such day in the calendar."),
        ("born: 2014-05-17", "born: 05/17/2014", "Write the day before the month."),
        ("born: 2014-05-17", "born: 17/05/14", "Write the year with four digits."),
        ("born: 2014-05-17", "born: 2027-01-01", "this birth date is after the case was opened."),
        ("born: 2014-05-17", "born: 2014-05-17\n    died: 2013", "this date of death is before the birth."),
        ("born: 2014-05-17", "due: 2026-06", "this due date is long past. Write `born:` for a child who is born"),
        ("born: 2014-05-17", "due: 2028", "this due date is too far ahead."),
        ("943 476 5919", "943 476 5918", "12:31 this NHS number fails its check digit."),
        ("943 476 5919", "943 476 591", "12:31 an NHS number has ten digits."),
        ("H801200001001", "J801200001001", "12:50 this UPN fails its check letter."),
        ("H801200001001", "80120000100", "12:50 a UPN is a letter and twelve digits."),
        ("100023336956", "1000233369561", "a UPRN is a number of up to twelve digits."),
        ("NB1 4QT", "NB1 4Q", "this is not the shape of a UK postcode."),
        ("from: 2021-03", "from: 2021-03, to: 2020", "this ends before it begins."),
        ("id: p2,", "id: p1,", "another person already has this id. Give each its own."),
        ("given_by: p2", "given_by: p9", "18:15 a consent counts only from a person of the case"),
        ("    covers: [p1, p2]\n    categories", "    covers: [p1, p7]\n    categories", "20:18 there is no person"),
        ("    covers: [p1, p2]\n    categories", "    covers: []\n    categories", "this covers nobody."),
        ("{from: p2, to: p1,", "{from: p3, to: p1,", "15:24 there is no person with this id in the case."),
        ("{from: p2, to: p1,", "{from: p1, to: p1,", "this relates somebody to themself."),
        ("housing: all", "housing: some", "21:27 this must be `all` or a list."),
        ("given_at: 2026-11-03T10:05:00+00:00", "given_at: 2026-11-03T10:05:00", "the time has no offset from UTC."),
        ("given_at: 2026-11-03T10:05:00+00:00", "given_at: 2026-11-31T10:05:00Z", "there is no such day or time."),
        ("given_at: 2026-11-03T10:05:00+00:00", "given_at: 1762164300", "`given_at` must be an instant"),
        ("expires_at: 2027", "expires_at: 2026", "this consent ends before it is given."),
        ("decided_by: r.cole", "decided_by: ' '", "`decided_by` is empty."),
        ("decided_by: r.cole\n    ", "", "`decided_by` is missing here."),
        ("consent_sought: no", "consent_sought: nope", "Did you mean `no`?"),
        ("review_on: 2026-11-10", "review_on: 2026-11", "`review_on` must be one exact day such as 2026-11-10."),
        ("id: p2,", "id: Samira Khan,", "this cannot be an id."),
        ("explained: {notice", "explained: {notise", "Did you mean `notice`?"),
        ("profile: ", "profil: ", "Did you mean `profile`?"),
        ("people:\n", "people: nobody\npersons:\n", "`people` must be a list."),
        ("children_in_need", "children_in_need\nid: two", "this key stands here twice."),
        ("received_at: 2026-11-03", "received_at: 2026-11-04", "the referral came after the case was opened."),
    ],
)
def test_each_mistake_is_named_with_its_place_and_what_to_do(
    old: str, new: str, said: str, write: Any, complaints: Any, case_text: str
) -> None:
    assert old in case_text
    found = complaints(load_case, write(case_text.replace(old, new, 1)))
    assert any(said in line for line in found), found


def test_every_mistake_is_told_at_once_in_reading_order(write: Any, complaints: Any, case_text: str) -> None:
    text = case_text.replace("version: 1", "version: 1\nversion: 1").replace("level: 4", "level: for")
    text = text.replace("H8012", "K8012").replace("given_by: p2", "given_by: p4").replace("how:", "hwo:")
    found = complaints(load_case, write(text))
    lines = [int(line.split(":")[0]) for line in found]
    assert len(found) == 5 and lines == sorted(lines), found


def test_a_dict_is_told_by_path_and_its_unknown_keys_are_not_repeated(complaints: Any, case_text: str) -> None:
    data = yaml.safe_load(case_text)
    data["people"][0]["Aisha Khan"] = "x"
    data["people"][0]["identifiers"]["nhs_number"] = "943 476 5918"
    data["people"][0]["addresses"][0]["uprn"] = "100023336956"
    found = complaints(load_case, data)
    assert any(line.startswith("case: people[0].identifiers.*") for line in found)
    assert not any("Aisha" in line for line in found)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({1: 2}, "a key is not text"),
        ({"version": 1.5}, "a value is of type float"),
        ({"version": object()}, "a value is of type object"),
        ({"version": b"1"}, "a value is of type bytes"),
        ({"version": True}, "`version` must be a whole number"),
        ({}, "`version` is missing"),
    ],
)
def test_a_dict_of_other_things_is_refused(data: Any, said: str, complaints: Any) -> None:
    assert any(said in line for line in complaints(load_case, data))


def test_a_dict_with_a_control_character_in_a_name_is_refused_and_line_ends_are_not(
    complaints: Any, case_text: str
) -> None:
    data = yaml.safe_load(case_text)
    data["referral"]["narrative"] = "one\r\ntwo\tthree"
    data["people"][0]["addresses"][0]["uprn"] = "100023336956"
    data["people"][0]["names"][0]["family"] = "Kh\x1b[31man"
    found = complaints(load_case, data)
    assert found == ["case: people[0].names[0].family a control character stands in the text. Remove it."]


def test_a_dict_that_contains_itself_is_refused(complaints: Any) -> None:
    data: dict[str, Any] = {}
    data["people"] = [data]
    assert "nested too deeply" in complaints(load_case, data)[0]


def test_no_more_than_a_hundred_mistakes_are_listed(write: Any, complaints: Any, case_text: str) -> None:
    text = case_text + "".join(f"unknown{n}: x\n" for n in range(300))
    found = complaints(load_case, write(text))
    assert len(found) == 101
    assert found[-1].endswith("200 more problems are not listed.")


@pytest.mark.parametrize("ident", ["Aisha", "khan-1", "x.AISHA.2014", "n9434765919"])
def test_an_id_that_tells_who_the_person_is_is_refused(ident: str, write: Any, complaints: Any, case_text: str) -> None:
    (told,) = complaints(load_case, write(case_text.replace("p1", ident)))
    assert "tells who the person is" in told
    assert ident not in told


def test_a_due_date_about_now_is_that_of_an_unborn_child(write: Any, case_text: str) -> None:
    for due in ("2026-10-01", "about 2027", "2027-08", "Spring 2027"):
        assert load_case(write(case_text.replace("born: 2014-05-17", f"due: {due}"))).people[0].unborn


def test_people_as_families_are_are_read_from_a_dict_as_from_a_file(write: Any, case_text: str) -> None:
    data = yaml.safe_load(case_text)
    data["people"] = [
        {"id": "p1", "roles": ["subject"], "due": "about March 2027"},
        {"id": "p2", "names": [{"given": ["A"], "family": "B"}, {"family": "C", "use": "maiden"},
                               {"given": ["Z"], "use": "nickname"}], "born": "about May 1988",
         "addresses": [{"no_fixed_address": True}, {"lines": ["1 X Street"], "from": "2019~", "to": "2021"}]},
    ]  # fmt: skip
    unborn, mother = load_case(data).people
    assert unborn.unborn and unborn.due is not None and unborn.due.edtf == "2027-03~"
    assert [(name.given, name.family, name.use) for name in mother.names] == [
        (("A",), "B", "usual"), ((), "C", "maiden"), (("Z",), None, "nickname")]  # fmt: skip
    assert mother.born is not None and mother.born.show() == "about May 1988"
    assert [place.no_fixed_address for place in mother.addresses] == [True, False]
    assert load_case(write(json.dumps(data, default=str), "a.json")) == load_case(data)
