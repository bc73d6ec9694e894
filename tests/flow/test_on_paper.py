"""A source that is a person: the request out, the return in, and what stands between them."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

from mash_trawl.cli.request_command import write_sheet
from mash_trawl.cli.returns_command import reminders
from mash_trawl.config import return_sheets as sheets
from mash_trawl.config.case import load_case
from mash_trawl.errors import Misconfigured, Refused

SCHEMAS = Path(__file__).resolve().parents[2] / "profiles" / "schema" / "commands"
MAPPING = """version: 1
name: police-desk
agency: police
kind: person
shows: [given, family, former_names, born, postcode]
asks:
  - {category: police.safeguarding, question: "Occurrences in the period, each person's part in them and the outcome."}
  - {category: police.domestic_abuse, question: Domestic abuse incidents.}
  - {category: police.missing}
"""
SOURCE = """
sources:
  - name: police-desk
    agency: police
    mapping: sources/police-desk.yaml
    coverage: {from: 2015-01, area: North Borough}
    contact: {name: Police disclosure desk, telephone: "01632 960002", email: desk@police.example}
returns: {team: MASH desk, telephone: "01632 960100", send_to: mash@north.example by secure mail}
"""
CASE = "children-in-need"


@pytest.fixture
def desk(place):
    """The hub asks one person and no system."""
    (place.hub / "sources").mkdir(exist_ok=True)
    (place.hub / "sources" / "police-desk.yaml").write_text(MAPPING, "utf-8")
    file = place.hub / "hub.yaml"
    text = file.read_text("utf-8")
    head = re.sub(r"(?m)^approve:.*$", "approve: []", text[: text.index("\nsources:")])
    file.write_text(head + SOURCE, "utf-8")
    return place


@pytest.fixture
def shape():
    def check(name, value):
        schema = json.loads((SCHEMAS / f"{name}.v1.json").read_text("utf-8"))
        assert [f"{list(one.path)}: {one.message}" for one in Draft202012Validator(schema).iter_errors(value)] == []

    return check


WHO = {"name": "Pat Ashe (synthetic)", "role": "desk officer", "telephone": "01632 960002", "relevant": "yes",
       "as_of": "02/11/2026", "from": "January 2015", "area": "North Borough"}  # fmt: skip


def fill(file, who=WHO, identity=(), answers=(), records=()):
    """Fill a workbook in as somebody would: words into white cells, by row (from 1) and heading."""
    book = load_workbook(file)
    for row, ask in enumerate(sheets.who().asks, start=5):
        book["Who answers"].cell(row, 2, who.get(ask.key))
    for title, rows in (
        ("People", dict(identity)),
        ("Answers", dict(answers)),
        ("Records", dict(enumerate(records, 1))),
    ):
        table = next(table for table in sheets.tables() if table.title == title)
        column = {ask.key: at for at, ask in enumerate(table.asks, start=1)}
        for row, cells in rows.items():
            for key, text in cells.items():
                book[title].cell(4 + row, column[key], text)
    book.save(file)
    return file


def every(word, lines=9):
    return {number: {"said": word} for number in range(1, lines + 1)}


@pytest.fixture
def hub(desk):
    with desk.open() as hub:
        yield hub


@pytest.fixture
def asked(desk, hub):
    """The request is written: its workbook and its id."""
    sheet = hub.make_request(desk.case(CASE), "police-desk")
    (desk.root / "out").mkdir()
    return write_sheet(sheet, desk.root / "out", ("xlsx", "html"))[0], sheet.request.id


def answers_of(product):
    return {one.person: one for one in product.answers}


def test_a_person_owes_a_return_until_the_sheet_comes_back(desk, trawl_here, shape):
    run = trawl_here("run", desk.case(CASE), "--json").json()
    shape("run", run)
    owed = {one["person"] for one in run["answers"] if (one["status"], one["why"]) == ("pending_person", "return_owed")}
    assert owed == {"p1", "p2", "p3"}
    assert run["gaps"] == [{"source": "police-desk", "why": "return_owed", "due": "2026-11-02T13:05:00+00:00"}]
    written = trawl_here("request", desk.case(CASE), "police-desk", "--to", desk.root / "out", "--json").json()
    shape("request", written)
    assert [line["person"] for line in written["lines"]] == ["p1"] * 3 + ["p2"] * 3 + ["p3"] * 3
    for file in map(Path, written["files"]):
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.stem == f"request-{written['request']}"
    owed = trawl_here("returns", "--json")
    shape("returns", owed.json())
    shape("connectors", trawl_here("connectors", "list", "--json").json())
    assert "ok               police-desk: a person is asked on paper" in trawl_here("check").out
    (one,) = owed.json()["owed"]
    assert (owed.code, one["request"]) == (3, written["request"])
    assert one["late"].endswith("days")  # it is red, so by the running clock; the case is of 2 November 2026
    assert sum(len(person["categories"]) for person in one["people"]) == 9
    assert one["ring"]["telephone"] == "01632 960002"
    standing = trawl_here("status", desk.case(CASE), "--json").json()
    shape("status", standing)
    assert standing["again"] == []
    assert {pair["due"] for pair in standing["pairs"] if pair["state"] == "owed"} == {"2026-11-02T13:05:00+00:00"}
    again = trawl_here("run", desk.case(CASE), "--json").json()
    third = trawl_here("run", desk.case(CASE), "--json").json()
    assert again["product"] == third["product"]  # nothing is new: no other version is sealed


def test_the_sheet_holds_the_least_that_identifies_and_nothing_that_is_not_granted(desk, asked, trawl_here):
    file, _ = asked
    book = load_workbook(file)
    signed = base64.b64decode("".join(row[1].value for row in book["Seal"].iter_rows() if row[0].value == "request"))
    del book["Seal"]
    text = "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
    page = file.with_suffix(".html").read_text("utf-8")
    for shown in ("Aisha", "17 May 2014", "NB1 3FA", "s.47 enquiry, decided by demo.manager", "01632 960100"):
        assert shown in text
        assert shown in page
        assert shown in signed.decode()
    for hidden in ("Imran", "p4", "943 476 5919", "DEMO-2026-0002", "3 Victoria Road", "Domestic abuse team"):
        assert hidden not in text
        assert hidden not in re.sub('data-(request|signature)="[^"]*"', "", page)
        assert hidden not in signed.decode()
    assert "default-src 'none'" in page
    kinds = [row["kind"] for row in trawl_here("audit", "show", "--json").json()]
    assert kinds.index("source.asked") < kinds.index("request.written")
    assert "record.printed" in kinds
    assert trawl_here("audit", "verify").code == 0


def test_a_filled_workbook_becomes_findings_with_who_said_it_and_where(desk, asked, trawl_here, shape):
    file, request = asked
    fill(file, identity={1: {"identity": "yes"}, 3: {"identity": "no record"}},
         answers=every("searched nothing held") | {
             1: {"said": "records", "involved": "current", "worker": "Sgt B. Low"},
             2: {"said": "refused", "note": "It is under way."},
         },
         records=[{"line": "1", "date": "May 2024", "headline": "Call-out to the home", "polarity": "concern",
                   "basis": "reported"}])  # fmt: skip
    done = trawl_here("return", desk.case(CASE), "police-desk", file, "--json", "--delete")
    assert (done.code, done.err) == (0, "")
    shape("return", done.json())
    assert done.json()["late"].endswith("days")
    assert done.json()["deleted"]
    assert not file.exists()
    with desk.open() as hub:
        product = hub.open(Path(done.json()["product"]), reason="test")
    told = answers_of(product)
    assert [(told[who].status, told[who].why) for who in ("p1", "p2", "p3")] == [
        ("refused_by_custodian", "custodian_said_no"),
        ("none_found", "searched_all_keys"),
        ("none_found", "searched_all_keys"),
    ]
    (event,) = product.chronology
    assert (event.people, event.headline, event.origin.source) == (("p1",), "Call-out to the home", "police-desk")
    assert event.origin.ref == f"{request}:Records:D5"
    assert event.origin.recorded_by == "Pat Ashe (synthetic), desk officer"
    assert product.involvements[0].practitioner == "Sgt B. Low"
    assert "refused to answer about Aisha Malik: missing" in told["p1"].sentence
    assert "They noted to missing: It is under way." in told["p1"].sentence
    assert "Pat Ashe (synthetic) (desk officer), 01632 960002" in told["p2"].sentence
    assert "late" in told["p2"].sentence
    assert told["p2"].coverage.as_of == "2026-11-02"
    empty = trawl_here("returns")
    assert empty.code == 0 and "Nothing is owed on a request that was written." in empty.out
    run = trawl_here("run", desk.case(CASE), "--json").json()
    assert run["product"] == done.json()["product"]  # what was said on paper is carried over
    kinds = [row["kind"] for row in trawl_here("audit", "show", "--json").json()]
    assert kinds.index("source.answered") < kinds.index("return.taken")
    clear = b"Call-out to the home"
    assert not [path for path in desk.hub.rglob("*") if path.is_file() and clear in path.read_bytes()]


def test_what_the_page_saves_is_taken_in_like_the_workbook(desk, asked, trawl_here):
    file, request = asked
    page = file.with_suffix(".html").read_text("utf-8")
    sealed = {key: re.search(rf'data-{key}="([^"]*)"', page)[1] for key in ("request", "signature")}
    blank = {"said": "", "involved": "", "since": "", "last": "", "worker": "", "contact": "", "note": ""}
    saved = {
        "form": "1", **sealed, "who": WHO | {"email": "", "to": ""},
        "people": {who: {"identity": "yes" if who == "p1" else ""} for who in ("p1", "p2", "p3")},
        "answers": {str(n): blank | {"said": "records" if n == 3 else "not_searched" if n == 4 else
                                     "searched_nothing_held"} for n in range(1, 10)},
        "records": [{"line": "3", "date": "unknown", "until": "", "headline": "A report", "text": "", "polarity": "",
                     "basis": "", "outcome": ""}],
    }  # fmt: skip
    back = desk.root / "return.json"
    back.write_text(json.dumps(saved), "utf-8")
    done = trawl_here("return", desk.case(CASE), "police-desk", back, "--json")
    assert (done.code, done.json()["owed"]) == (3, [{"person": "p2", "category": "police.domestic_abuse"}])
    with desk.open() as hub:
        product = hub.open(Path(done.json()["product"]), reason="test")
        assert [one.id for one in hub.requests(desk.case(CASE))] == [request]
    told = answers_of(product)
    assert {who: told[who].status for who in ("p1", "p2", "p3")} == {
        "p1": "found", "p2": "pending_person", "p3": "none_found"}  # fmt: skip
    assert "Not searched: domestic abuse" in told["p2"].sentence
    (left,) = trawl_here("returns", "--json").json()["owed"]
    assert left["people"] == [{"person": "p2", "categories": ["police.domestic_abuse"]}]
    held = "(records held from January 2015, North Borough), as at 2 November 2026"
    assert {who: [line.partition(", by Pat")[0] for line in told[who].each] for who in ("p1", "p2")} == {
        "p1": [f"Domestic abuse: searched, and nothing held {held}", f"Missing: searched, and nothing held {held}",
               f"Safeguarding: 1 record {held}"],
        "p2": ["Domestic abuse: not searched, so still owed", f"Missing: searched, and nothing held {held}",
               f"Safeguarding: searched, and nothing held {held}"],
    }  # fmt: skip
    follow = trawl_here("request", desk.case(CASE), "police-desk", "--to", desk.root / "out", "--json").json()
    assert [(line["person"], line["category"]) for line in follow["lines"]] == [("p2", "police.domestic_abuse")]


def test_an_empty_row_is_no_answer_and_what_came_stays_beside_it(desk, asked, hub):
    file, _ = asked
    fill(file, identity={1: {"identity": "yes"}},
         answers={1: {"said": "records"}, 2: {"said": "searched nothing held"}},
         records=[{"line": "1", "date": "17/05/2024", "headline": "Call-out"}])  # fmt: skip
    done = hub.take_return(desk.case(CASE), "police-desk", file)
    product = done.result.product
    assert len(done.owed) == 7
    assert {one.status for one in product.answers if one.person != "p4"} == {"pending_person"}
    assert [event.headline for event in product.chronology] == ["Call-out"]
    with pytest.raises(Refused, match="taken in before"):
        hub.take_return(desk.case(CASE), "police-desk", file)


def test_every_wrong_cell_is_told_at_once_and_nothing_is_taken_in(desk, asked, hub):
    file, _ = asked
    fill(file, who=WHO | {"name": None, "relevant": None, "as_of": "2030"},
         identity={2: {"identity": "not sure"}, 3: {"name": "Somebody Else"}},
         answers={1: {"said": "records"}, 2: {"said": "perhaps"}, 4: {"said": "records"}, 5: {"note": "?!"},
                  6: {"said": "searched nothing held", "question": "Anything else?"}},
         records=[{"line": "4", "date": "17/05/2024", "headline": "=1+1"}, {"line": "77", "headline": "x"},
                  {"line": "6", "date": "soon", "headline": "x" * 301}])  # fmt: skip
    with pytest.raises(Misconfigured) as wrong:
        hub.take_return(desk.case(CASE), "police-desk", file)
    told = str(wrong.value)
    for cell in ("Who answers:B5", "Who answers:B9", "Who answers:B10", "People:B7", "People:E6", "Answers:F5",
                 "Answers:F6", "Answers:D10", "Answers:F10", "Records:D5", "Records:A6", "Records:B7",
                 "Records:D7"):  # fmt: skip
        assert f"{file}:{cell}:" in told, cell
    assert "Somebody Else" not in told
    assert not list((desk.hub / "records").glob("*.mtr"))
    assert [row.public["why"] for row in hub.ledger.rows("return.refused")] == ["unreadable"]


def test_not_being_sure_who_is_meant_takes_nothing_in_about_them(desk, asked, hub):
    file, _ = asked
    fill(
        file,
        identity={1: {"identity": "not sure"}},
        answers={n: {"said": "searched nothing held"} for n in range(4, 10)},
    )
    done = hub.take_return(desk.case(CASE), "police-desk", file)
    told = answers_of(done.result.product)
    assert (told["p1"].status, done.returned.not_sure) == ("ambiguous_identity", ("p1",))
    assert told["p2"].status == "none_found"


def test_only_our_own_request_about_this_case_and_source_is_read(desk, asked, hub):
    file, _ = asked
    fill(file, answers=every("searched nothing held"))
    book = load_workbook(file)
    book["Seal"]["B1"] = "A" + book["Seal"]["B1"].value[1:]
    book.save(desk.root / "forged.xlsx")
    for case, source, back, why in (
        ("early-help", "police-desk", file, "another_case"),
        (CASE, "gp", file, "another_source"),
        (CASE, "police-desk", desk.root / "forged.xlsx", "not_our_request"),
    ):
        with pytest.raises(Refused) as refused:
            hub.take_return(desk.case(case), source, back)
        assert refused.value.why == why
    (desk.root / "bare.json").write_text('{"form": "1", "request": "", "signature": ""}', "utf-8")
    with pytest.raises(Misconfigured, match="no request of a hub"):
        hub.take_return(desk.case(CASE), "police-desk", desk.root / "bare.json")


def test_a_return_is_not_read_once_its_permit_is_gone(desk, asked, hub):
    file, _ = asked
    fill(file, answers=every("searched nothing held"))
    case = yaml.safe_load(desk.case(CASE).read_text("utf-8"))
    case["gateways"] = []
    desk.case(CASE).write_text(json.dumps(case, default=str), "utf-8")
    with pytest.raises(Refused, match="may no longer be asked for"):
        hub.take_return(desk.case(CASE), "police-desk", file)
    assert list(reminders(hub)) == []
    assert len(hub.owed_on_paper()) == 1  # the ledger cannot know what may be asked for now; the list does
    with pytest.raises(Refused, match="nothing may be asked"):
        hub.make_request(desk.case(CASE), "police-desk")


def test_somebody_else_under_the_same_id_gets_nothing_of_it(desk, asked, hub):
    file, _ = asked
    fill(file, answers=every("searched nothing held"))
    hub.take_return(desk.case(CASE), "police-desk", file)
    text = desk.case(CASE).read_text("utf-8")
    assert "Yusuf" in text
    desk.case(CASE).write_text(text.replace("Yusuf", "Synthetico"), "utf-8")
    told = answers_of(hub.run(desk.case(CASE)).product)
    assert (told["p1"].status, told["p2"].status) == ("none_found", "pending_person")


def test_where_a_system_was_never_asked_a_return_waits_for_the_run(desk):
    housing = "  - {name: housing, agency: housing, connector: housing, connect: {url: 'sqlite:///none.db'}}\nreturns:"
    desk.edit("returns:", housing)
    with desk.open() as hub:
        sheet = hub.make_request(desk.case(CASE), "police-desk")
        (file,) = write_sheet(sheet, desk.root, ("xlsx",))
        fill(file, answers=every("searched nothing held"))
        with pytest.raises(Refused) as refused:
            hub.take_return(desk.case(CASE), "police-desk", file)
        assert refused.value.why == "run_first"
        assert "housing has to be asked first" in str(refused.value)
        case = load_case(desk.case(CASE)).id
        assert f"`mash-trawl run {case}`, then `mash-trawl return {case} police-desk FILE` again." in str(refused.value)
        hub.run(desk.case(CASE))
        done = hub.take_return(desk.case(CASE), "police-desk", file)
    told = {(one.source, one.person): one.status for one in done.result.product.answers}
    assert told["police-desk", "p1"] == "none_found"
    assert told["housing", "p1"] in ("unreachable", "not_connected")
    assert done.result.sealed.version == 2
