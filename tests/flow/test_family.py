"""Letters about a county case, from the plan and from the sealed product: what they say, and whom they never name."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from mash_trawl.cli.main import main
from mash_trawl.config.case import load_case
from mash_trawl.consent.told import children_spoken_for, own_words_only, told_in_person
from mash_trawl.model.base import to_plain
from mash_trawl.model.product import DecisionLine, Product
from mash_trawl.product.sharing import sheet
from mash_trawl.product.telling import notice, tellable
from mash_trawl.render.family.files import template_for
from mash_trawl.render.family.fill import Facts, fill
from mash_trawl.render.family.page import text
from mash_trawl.render.family.reading_age import EASY_LIMIT, LIMIT, reading_age
from mash_trawl.store.notices import family_telling

FAMILY = """
family: {team: the family desk, telephone: "01632 960123", complaints: the complaints officer}
"""
CONTACT = (
    '  contacts: [{kind: letter, value: "9 Safe Street", safe: yes, confirmed_on: 2026-11-01, note: not on Sunday}]\n'
)
WHY_NOT = "  why_not: Telling the parent first could place the child at risk.\n"


@pytest.fixture
def told(place, tmp_path, monkeypatch, capsys):
    """Runs a `family` command in this process; code, output and the letters' texts by person."""
    monkeypatch.setenv("HOME", str(tmp_path))
    with (place.hub / "hub.yaml").open("a", encoding="utf-8") as file:
        file.write(FAMILY)

    def run(*arguments):
        capsys.readouterr()
        code = main(["--hub", str(place.hub), *map(str, arguments)])
        return code, capsys.readouterr()

    return run


def safe(place, name, person="p3", old="", new=""):
    """The case with a safe contact for somebody; without `old`."""
    file = place.case(name)
    said = file.read_text("utf-8").replace(f"- id: {person}\n", f"- id: {person}\n{CONTACT}", 1).replace(old, new)
    file.write_text(said, "utf-8")
    return file


def letters(folder):
    return {file.name: file.read_text("utf-8") for file in sorted(Path(folder).iterdir())}


def kinds(place):
    with place.open() as hub:
        return [(row.kind, row.public) for row in hub.ledger.rows() if row.kind.startswith("notice.")]


def test_a_notice_tells_one_parent_what_is_asked_and_nothing_about_the_other(place, told, tmp_path):
    case = safe(place, "children-in-need", old=WHY_NOT)
    code, said = told("family", "notice", case, "--person", "p3", "--to", tmp_path / "out", "--json")
    made = json.loads(said.out)["made"]
    files = letters(tmp_path / "out")
    assert code == 0 and len(made) == 1 and len(files) == 2
    assert all(re.fullmatch(r"[0-9a-f]{16}\.(html|txt)", name) for name in files)
    letter = " ".join(next(body for name, body in files.items() if name.endswith("txt")).split())
    assert "Dear Samira Malik" in letter and "about you, Aisha and Yusuf" in letter and "section 47" in letter
    assert "9 Safe Street" in letter
    for other in ("Imran", "Victoria Road", "Park Lane", "NB1", "NB2", "9990000077", "intelligence", "exual", "refuge",
                  "Disclosure of physical harm", "not on Sunday", "demo.manager", "DEMO-2026"):  # fmt: skip
        assert all(other not in body for body in files.values()), other
    assert kinds(place) == [("notice.made", {"number": made[0]["number"], "letter": "notice",
                                             "template": "family-notice-1.1"})]  # fmt: skip
    assert {oct(file.stat().st_mode & 0o777) for file in (tmp_path / "out").iterdir()} == {"0o600"}


def test_a_recorded_reason_not_to_tell_holds_every_letter_and_the_case_says_so(place, told, tmp_path):
    case = safe(place, "children-in-need")
    code, said = told("family", "notice", case, "--to", tmp_path / "out", "--json")
    done = json.loads(said.out)
    assert code == 3 and done["made"] == [] and not (tmp_path / "out").exists()
    assert {one["person"]: one["why"] for one in done["held"]} == {
        "p1": ["not_to_tell", "no_safe_contact"], "p3": ["not_to_tell"], "p4": ["not_to_tell", "no_safe_contact"],
    }  # fmt: skip
    early = place.case("early-help")
    assert told("family", "notice", early, "--to", tmp_path / "out")[0] == 3
    code, said = told("family", "held", "--json")
    held = json.loads(said.out)
    assert code == 0 and not any(one["overdue"] for one in held)
    with place.open() as hub, hub.store.begin() as connection:
        past = update(family_telling).where(family_telling.c.whys.contains("not_to_tell"))
        connection.execute(past.values(review_on="2026-11-10"))
    code, said = told("family", "held", "--json")
    assert code == 3 and [one["overdue"] for one in json.loads(said.out)] == [True, True, True, False]
    code, said = told("family", "held")
    assert "OVERDUE since 10 November 2026" in said.out and "no contact of this person is marked safe" in said.out
    assert "Letters to the family that wait" in told("status", case, "--no-open")[1].out
    assert kinds(place)[0][1]["why"] == ["not_to_tell", "no_safe_contact"]


def test_a_letter_that_is_made_is_no_longer_held(place, told, tmp_path):
    case = place.case("early-help")
    assert told("family", "notice", case, "--to", tmp_path / "out")[0] == 3
    safe(place, "early-help")
    code, said = told("family", "notice", case, "--to", tmp_path / "out", "--easy-read")
    assert code == 0 and "To heed: not on Sunday" in said.out
    assert json.loads(told("family", "held", "--json")[1].out) == []
    assert "What can you" not in said.out and "Hello Louise Tansley" in "".join(letters(tmp_path / "out").values())


def test_a_hub_that_does_not_say_whom_a_family_may_ring_writes_nothing(place, told, tmp_path):
    place.edit(FAMILY, "")
    code, said = told("family", "notice", safe(place, "early-help"), "--to", tmp_path / "out")
    assert code == 2 and "whom a family may turn to" in said.err and not (tmp_path / "out").exists()


def test_professionals_small_children_and_strangers_get_no_letter(place, told, tmp_path):
    case = safe(place, "early-help")
    for person, code in (("p1", 5), ("p9", 2)):
        assert told("family", "notice", case, "--person", person, "--to", tmp_path / "out")[0] == code
    assert told("family", "notice", case, "--language", "cy", "--to", tmp_path / "out")[0] == 2


@pytest.fixture
def sealed(place, county):
    """The case of two estranged parents, trawled, and its product."""
    file = safe(place, "children-in-need", old=WHY_NOT)
    with place.open() as hub:
        return file, hub.run(file).product


def test_a_sheet_says_what_was_shared_and_is_listed_as_a_copy(place, told, sealed, tmp_path):
    _, product = sealed
    assert "9 Safe Street" not in json.dumps(to_plain(product))
    code, said = told("family", "sheet", "DEMO-2026-0002", "--person", "p3", "--to", tmp_path / "out", "--json")
    assert code == 0, said.err
    letter = next(body for name, body in letters(tmp_path / "out").items() if name.endswith("txt"))
    plain = " ".join(letter.split())
    assert "Housing, about you, Aisha and Yusuf, asked on" in plain and "not asked: consent not sought" in plain
    choice, failed = plain.index("Your family's choice"), plain.index("No answer so far")
    assert failed < choice < plain.index("Why we could ask")
    assert_nothing_of_others(letter, product)
    with place.open() as hub:
        exported = [row.public for row in hub.ledger.rows("record.exported")]
    assert [(row["format"], row["copy"]) for row in exported] == [("family-sheet", 1)]


def assert_nothing_of_others(letter, product: Product):
    """No other adult, no place, no identifier, no words of any record."""
    own = {"p1", "p2", "p3"}
    said = " ".join(letter.split())
    others = [held.value for one in product.people if one.id not in own for held in one.names] + ["Imran", "Rahman"]
    places = [held.value for one in product.people for held in one.addresses] + [
        row.address for row in product.residences
    ]
    numbers = [held.value for one in product.people for held in one.identifiers]
    words = [piece for row in product.chronology for piece in (row.headline, row.text) if len(piece) > 12]
    staff = [row.practitioner for row in product.involvements] + [
        fact.value for fact in product.facts if len(fact.value) > 5
    ]
    assert others and places and numbers and words
    for value in (*others, *places, *numbers, *words, *staff):
        assert not value or " ".join(value.split()) not in said
    assert not re.search(r"\bNB\d", said)


def test_nothing_restricted_reaches_a_sheet_even_when_the_product_holds_it(place, sealed):
    case, product = sealed
    with place.open() as hub:
        profile = hub.profile_of(load_case(case))
    hidden = [f"{agency}.{name}" for agency, it in profile.agencies.items() for name in it.categories
              if tellable(profile, f"{agency}.{name}", "p3", "p3") != "yes"]  # fmt: skip
    rows = [row for row in product.chronology if "p3" in row.people]
    answer = next(one for one in product.answers if one.person == "p3" and one.status == "found")
    more = tuple(
        replace(rows[0], origin=replace(rows[0].origin, category=category, source=answer.source)) for category in hidden
    )
    lines = tuple(
        DecisionLine(person="p3", source=answer.source, agency=category.split(".")[0], category=category,
                     outcome="PERMIT", rule="r", reason="", basis="S47")
        for category in hidden
    )  # fmt: skip
    laden = replace(product, chronology=(*product.chronology, *more), decisions=(*product.decisions, *lines))
    told = sheet(laden, profile, "p3", ("p1", "p2"), frozenset(), sealed_at=datetime.now(UTC), counts={})
    shown = {
        kind for name, group in told.lists.items() for line in group for kind in line.kinds if name != "asked_only"
    }
    assert len(hidden) == 6 and not shown & set(hidden)
    asked = {kind for line in told.lists["asked_only"] for kind in line.kinds}
    assert asked == {"police.domestic_abuse", "exploitation_team.panel"}
    bare = sheet(product, profile, "p3", ("p1", "p2"), frozenset(), sealed_at=datetime.now(UTC), counts={})
    assert told.lists["shared"] == bare.lists["shared"]
    restricted_rows_and_the_other_parent(product, profile)


def restricted_rows_and_the_other_parent(product, profile):
    """What its agency restricts is not on a sheet, nor what is about the other parent."""
    closed = replace(product, chronology=tuple(
        replace(row, origin=replace(row.origin, restricted=True)) for row in product.chronology
    ))  # fmt: skip
    when = datetime.now(UTC)
    shown = sheet(closed, profile, "p3", ("p1", "p2"), frozenset(), sealed_at=when, counts={})
    from_rows = {row.origin.category for row in (*product.involvements, *product.residences, *product.relationships,
                                                 *product.facts)}  # fmt: skip
    assert {kind for line in shown.lists["shared"] for kind in line.kinds} <= from_rows
    father = sheet(product, profile, "p4", (), frozenset(), sealed_at=when, counts={})
    assert {person for group in father.lists.values() for line in group for person in line.about} == {"p4"}
    assert father.lists["shared"] == () and father.lists["choices"]


def test_letters_of_the_county_are_within_their_reading_age_whomever_they_are_to(place, tmp_path):
    templates = [(template_for(tmp_path, "notice", "en", easy=easy), limit)
                 for easy, limit in ((False, LIMIT), (True, EASY_LIMIT))]  # fmt: skip
    told = {}
    with place.open() as hub:
        for name in ("early-help", "children-in-need", "front-door"):
            case = load_case(place.case(name))
            plan, profile = hub.plan(case), hub.profile_of(case)
            for person in case.people:
                if told_in_person(case, profile, plan.decisions.at, person):
                    facts = facts_for(case, profile, plan.decisions, person.id)
                    told[case.id, person.id] = facts.telling.children
                    for template, limit in templates:
                        letter = fill(template, facts)
                        prose = ["".join(run.text for run in piece.runs) for piece in letter.pieces if piece.tag == "p"]
                        assert reading_age(prose) <= limit, (case.id, person.id)
                        assert "{{" not in text(letter)
    assert {case for case, _ in told} == {"DEMO-2026-0001", "DEMO-2026-0002", "DEMO-2026-0003"}
    assert any(told.values()) and not all(told.values())


def facts_for(case, profile, decisions, person):
    """What a notice to this person is filled with: about them, and the children whom they may speak for."""
    children = children_spoken_for(case, profile, decisions.at, person)
    telling = notice(case, profile, decisions, person, children, own_words_only(case, children))
    scalars = {"name": "Ann", "number": "1", "team": "the desk", "telephone": "1", "complaints": "us",
               "partnership": profile.partnership}  # fmt: skip
    return Facts(telling=telling, profile=profile, names=dict.fromkeys(children, "Synthetica"), scalars=scalars,
                 contact_kind="letter", contact="x", days={"today": case.opened_at.date()})  # fmt: skip


def test_a_template_is_checked_by_its_place(told, tmp_path):
    from importlib.resources import files

    ours = (files("mash_trawl.render.family") / "templates" / "notice-en.txt").read_text("utf-8")
    file = tmp_path / "mine.txt"
    file.write_text(ours, "utf-8")
    code, said = told("family", "check", file, "--json")
    assert code == 0 and json.loads(said.out)["lacks"] == []
    hard = "Notwithstanding multidisciplinary considerations, organisations disseminate confidential information. " * 40
    file.write_text(ours.replace("If you say no, we do not ask.", hard), "utf-8")
    code, said = told("family", "check", file)
    assert code == 3 and "TOO HARD" in said.out
    file.write_text(ours.replace("{{ name }}", "{{ nam }}"), "utf-8")
    code, said = told("family", "check", file)
    assert code == 2 and "mine.txt:13" in said.err
