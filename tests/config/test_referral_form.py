"""The referral form: what we ship is what the tool makes, and a filled one becomes exactly the case that was meant."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.config.case import load_case
from mash_trawl.config.referral_form import EMPTY_FORM, fill_in, read_form
from mash_trawl.config.referral_sheets import choices, tables, titles
from mash_trawl.config.workbook import read_workbook
from mash_trawl.errors import Misconfigured

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)
CASE = {  # synthetic
    "version": 1,
    "id": "MASH-2026-0142",
    "profile": "children_in_need",
    "opened_at": "2026-11-03T09:20:00+00:00",
    "referral": {
        "source": "school", "received_at": "2026-11-03T09:05:00+00:00", "concerns": ["physical_abuse", "neglect"],
        "level": 4, "rag": "red", "narrative": "Injury seen.\nShe told her teacher.",
        "referrer": {"name": "Kim Workerly", "telephone": "01632 960001", "email": "kim@school.example"},
    },
    "people": [
        {
            "id": "p1", "roles": ["subject"], "born": "2014-05-17", "sex": "female", "school": "Mill Lane Primary",
            "names": [{"given": ["Aisha"], "family": "Khan"}, {"given": ["Ash"], "use": "nickname"}],
            "identifiers": {"nhs_number": "943 476 5919", "upn": "H801200001001"},
            "addresses": [{"lines": ["14 Mill Lane"], "postcode": "NB1 4QT", "uprn": "100023336956",
                           "from": "2021-03"}],
        },
        {
            "id": "p2", "roles": ["parent", "household"], "born": "about May 1988", "restrictions": ["hidden_address"],
            "names": [{"given": ["Samira", "Noor"], "family": "Null"}, {"family": "Ahmed", "use": "maiden"}],
            "addresses": [{"no_fixed_address": True, "from": "2019"}],
        },
        {"id": "p3", "roles": ["sibling"], "due": "2027-02-14"},
    ],
    "relationships": [{"from": "p2", "to": "p1", "kind": "parent", "nature": "birth",
                       "parental_responsibility": "yes"}],
    "consents": [
        {
            "id": "c1", "given_by": "p2", "capacity": "self_and_parental_responsibility", "covers": ["p1", "p2"],
            "categories": {"housing": "all", "health": ["gp_summary", "camhs"]}, "how": "face_to_face",
            "given_at": "2026-11-03T10:05:00+00:00", "expires_at": "2027-02-01T00:00:00+00:00",
            "explained": {"notice": "privacy-notice-3.2", "understood_confirmed_by": "social worker"},
        },
    ],
}  # fmt: skip


@pytest.fixture
def spoilt(fill_form, tmp_path):
    """Spoil the good form by a function of its workbook; gives back each problem as (place, sentence)."""

    def made(spoil: Any) -> list[tuple[str, str]]:
        book = fill_form.book(CASE)
        spoil(book)
        with pytest.raises(Misconfigured) as failed:
            fill_in(fill_form.saved(book), name="form", now=NOW)
        return [(item.where, item.what) for item in failed.value.problems]

    return made


def test_the_form_that_we_ship_is_what_the_tool_makes() -> None:
    spec = importlib.util.spec_from_file_location("referral_form_tool", ROOT / "tools" / "referral_form.py")
    assert spec is not None and spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert EMPTY_FORM.read_bytes() == tool.form()


def test_the_form_has_its_sheets_its_drop_downs_and_unknown_in_every_list() -> None:
    from openpyxl import load_workbook

    book = load_workbook(EMPTY_FORM)
    assert tuple(book.sheetnames) == titles()
    for heading, words in choices().items():
        if not heading.endswith((": Person", ": Answer")) and words != ("all", "unknown"):
            assert "unknown" in words, heading
    for table in tables():
        checks = book[table.title].data_validations.dataValidation
        assert len(checks) == len(table.asks)
        assert [item.prompt for item in checks] == [ask.hint for ask in table.asks]
        assert [bool(item.formula1) for item in checks] == [bool(ask.words) for ask in table.asks]
    assert not any(sheet.merged_cells.ranges or sheet.sheet_state != "visible" for sheet in book)


def test_every_hint_fits_where_excel_shows_it() -> None:
    for table in tables():
        for ask in table.asks:
            assert len(ask.hint) <= 255 and len(ask.title) <= 40


def test_the_shipped_form_passes_the_reader_of_workbooks_and_lacks_only_what_is_needed() -> None:
    assert [sheet.title for sheet in read_workbook(EMPTY_FORM).sheets] == list(titles())
    with pytest.raises(Misconfigured) as failed:
        read_form(EMPTY_FORM)
    places = [item.where.removeprefix(f"{EMPTY_FORM}:") for item in failed.value.problems]
    assert places == ["Referral:B7", "Referral:B12", "Referral:B13", "People"]


def test_a_filled_form_is_the_case_that_was_meant(fill_form, tmp_path) -> None:
    file = tmp_path / "form.xlsx"
    file.write_bytes(fill_form(CASE))
    assert load_case(read_form(file)) == load_case(CASE)
    filled = fill_in(file, now=NOW)
    assert [item.where.rpartition(":")[2] for item in filled.left_out] == []


# A form that was spoilt ----------------------------------------------------------------------------------------------


def only(found: list[tuple[str, str]]) -> tuple[str, str]:
    assert len(found) == 1, found
    return found[0]


def test_shifted_columns_are_refused_with_the_cell_and_what_was_expected(spoilt) -> None:
    place, what = only(spoilt(lambda book: book["Addresses"].insert_cols(2)))
    assert (place, what) == ("form:Addresses:B4", "`Address line 1` is expected here.")


def test_shifted_rows_are_refused_on_every_sheet(spoilt) -> None:
    found = spoilt(lambda book: book["Relationships"].insert_rows(1))
    assert ("form:Relationships:A4", "`Person` is expected here.") in found
    found = spoilt(lambda book: book["Referral"].delete_rows(9))
    assert ("form:Referral:A9", "`Your name` is expected here.") in found


def test_two_columns_changed_over_are_noticed(spoilt) -> None:
    def swap(book: Any) -> None:
        sheet = book["People"]
        sheet["E4"], sheet["F4"] = sheet["F4"].value, sheet["E4"].value

    assert ("form:People:E4", "`Given names` is expected here.") in spoilt(swap)


def test_every_kind_of_doubt_is_told_at_once_each_with_its_cell(spoilt, fill_form) -> None:
    def spoil(book: Any) -> None:
        people = book["People"]
        people[fill_form.cell("People", "born")] = "=TODAY()"
        people[fill_form.cell("People", "nhs_number")] = "943 476 5918"
        people[fill_form.cell("People", "sex", 2)] = "f"
        people.row_dimensions[7].hidden = True
        book["Addresses"][fill_form.cell("Addresses", "uprn")] = "1.00023E+11"
        book["Addresses"][fill_form.cell("Addresses", "person", 2)] = "p9"
        book["Addresses"].merge_cells("B20:C20")
        book["Addresses"]["L6"] = "also at his mother's"
        book["Relationships"][fill_form.cell("Relationships", "to")] = "p1, p3"
        book["Consent"][fill_form.cell("Consent", "given_day")] = "November"
        book["Referral"][fill_form.cell("Referral", "received_time")] = "morning"
        book.create_sheet("Notes")["A1"] = "Khan"

    found = spoilt(spoil)
    assert not any("Khan" in what or "mother" in what for _, what in found)
    assert {place for place, _ in found} == {
        f"form:{place}" for place in (
            "sheet 8", "Referral:B13", "People:M5", "People:R5", "People:P6", "People:A7", "Addresses:F5",
            "Addresses:A6", "Addresses:L6", "Addresses:B20", "Relationships:C5", "Consent:S5",
        )
    }  # fmt: skip


def test_a_hidden_column_and_a_hidden_sheet_are_told(spoilt) -> None:
    def hide(book: Any) -> None:
        book["People"].column_dimensions["M"].hidden = True
        book["Consent"].sheet_state = "hidden"

    assert spoilt(hide) == [
        ("form:People:M1", "a column is hidden here."), ("form:Consent", "this sheet is hidden.")
    ]  # fmt: skip


def test_a_missing_sheet_and_another_version_are_told(spoilt) -> None:
    assert only(spoilt(lambda book: book.remove(book["Consent"]))) == ("form", "the sheet `Consent` is missing.")
    found = spoilt(lambda book: book["Referral"].__setitem__("B5", "0"))
    assert only(found) == ("form:Referral:B5", "this form is of another version.")


def test_an_id_that_tells_a_name_is_refused_at_its_cell(spoilt) -> None:
    def rename(book: Any) -> None:
        book["People"]["A5"] = "Khan"
        for cell in ("A5", "A6"):
            book["Addresses"][cell] = "Khan"

    assert ("form:People:A5", "this id tells who the person is.") in spoilt(rename)


# What nobody knows ---------------------------------------------------------------------------------------------------


def taken(fill_form, case: dict[str, Any], *cells: tuple[str, str, str]) -> tuple[Any, list[str]]:
    """The case of a form in which these (sheet, key, text) are written in the first row, and what was left out."""
    book = fill_form.book(case)
    for sheet, key, text in cells:
        book[sheet][fill_form.cell(sheet, key)] = text
    filled = fill_in(fill_form.saved(book), name="form", now=NOW, profile="early_help", token=lambda size: "ab12cd")
    return load_case(filled.case), [f"{item.where} {item.what}" for item in filled.left_out]


@pytest.mark.parametrize("word", ["", "unknown", "Unknown", "not known", "n/k", "?"])
def test_unknown_never_becomes_no(fill_form, word: str) -> None:
    case, _ = taken(
        fill_form, CASE, ("Relationships", "parental_responsibility", word), ("People", "sex", word),
        ("Consent", "interpreter", word), ("Addresses", "no_fixed_address", word), ("People", "born", word),
    )  # fmt: skip
    assert case.relationships[0].parental_responsibility == "unknown" and case.people[0].sex == "unknown"
    assert case.people[0].born is None or case.people[0].born.earliest is None
    assert case.consents[0].explained.interpreter == "unknown"


def test_an_answer_that_nobody_knows_to_be_yes_or_no_is_not_taken_in_and_told(fill_form) -> None:
    case, left_out = taken(fill_form, CASE, ("Consent", "kind", "unknown"))
    assert not case.consents and ["not taken in" in item for item in left_out] == [True]


def test_a_yes_for_a_child_counts_only_when_somebody_said_whether_an_order_limits_it(fill_form) -> None:
    for word in ("", "unknown"):
        case, left_out = taken(fill_form, CASE, ("Consent", "limited_by", word))
        assert not case.consents and "court order" in left_out[0]
        case, left_out = taken(fill_form, CASE, ("Consent", "limited_by", word), ("Consent", "kind", "refusal"))
        assert [item.kind for item in case.consents] == ["refusal"] and not left_out
        case, _ = taken(fill_form, CASE, ("Consent", "limited_by", word), ("Consent", "capacity", "self"))
        assert len(case.consents) == 1


def test_an_address_that_may_have_to_be_hidden_is_hidden_and_an_empty_answer_is_told(fill_form) -> None:
    case, left_out = taken(fill_form, CASE, ("People", "hidden", "unknown"))
    assert case.people[0].restrictions == ("hidden_address",) and "kept hidden" in left_out[0]
    case, left_out = taken(fill_form, CASE, ("People", "hidden", ""))
    assert case.people[0].restrictions == () and "nobody said" in left_out[0]


def test_a_case_without_a_reference_gets_one_that_means_nothing(fill_form) -> None:
    case, _ = taken(fill_form, {**CASE, "id": None, "opened_at": None, "profile": None})
    assert (case.id, case.opened_at, case.profile) == ("MASH-2026-AB12CD", NOW, "early_help")


def test_the_clock_is_that_of_the_uk_and_a_time_that_never_was_is_refused(fill_form, spoilt) -> None:
    summer = {**CASE, "opened_at": None, "consents": []}
    case, _ = taken(
        fill_form, summer, ("Referral", "received_day", "01/07/2026"), ("Referral", "received_time", "9.05")
    )
    assert case.referral.received_at == datetime(2026, 7, 1, 8, 5, tzinfo=UTC)

    def skipped(book: Any) -> None:
        book["Referral"]["B12"], book["Referral"]["B13"] = "29/03/2026", "01:30"

    assert only(spoilt(skipped)) == ("form:Referral:B13", "the clocks went forward over this time.")


def test_days_that_excel_made_of_what_was_typed_are_read_as_far_as_they_are_shown(fill_form) -> None:
    book = fill_form.book(CASE)
    for key, value, shown_as in (
        ("born", datetime(2019, 5, 1), "mmm-yy"),
        ("died", datetime(2020, 5, 17), "dd/mm/yyyy"),
    ):
        cell = book["People"][fill_form.cell("People", key)]
        cell.value, cell.number_format = value, shown_as
    case = load_case(fill_in(fill_form.saved(book), now=NOW).case)
    assert (case.people[0].born.edtf, case.people[0].died.edtf) == ("2019-05", "2020-05-17")


def test_words_are_taken_as_shown_as_codes_and_in_any_capitals(fill_form) -> None:
    case, _ = taken(
        fill_form, CASE, ("People", "role_1", "Alleged Source of Harm"), ("Referral", "concern_1", "Domestic abuse"),
        ("Referral", "profile", "children in need"), ("Consent", "agency_police", "Domestic abuse; arrest"),
    )  # fmt: skip
    assert case.people[0].roles == ("alleged_source_of_harm",) and case.profile == "children_in_need"
    assert case.referral.concerns[0] == "domestic_abuse"
    assert case.consents[0].categories["police"] == ("domestic_abuse", "arrest")
