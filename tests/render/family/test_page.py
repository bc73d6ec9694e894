"""A filled letter as a page and as text: who it speaks to, in which direction, and nothing in it that could run."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from mash_trawl.config.profiles import load_profile
from mash_trawl.model.telling import LISTS, Line, Telling
from mash_trawl.render.family.fill import Facts, fill
from mash_trawl.render.family.page import page, text
from mash_trawl.render.family.reading_age import EASY_LIMIT, LIMIT, reading_age, syllables_of
from mash_trawl.render.family.template import read_template

PROFILE = load_profile("children_in_need", Path())


def template(name):
    return read_template((files("mash_trawl.render.family") / "templates" / f"{name}.txt").read_text("utf-8"), name)


def everything(kind):
    """A telling in which every list has an entry, and every kind of record that may be told is named."""
    full = Line(
        agency="police", kinds=("police.arrest", "police.missing"), about=("p3", "p1", "p2"), on=date(2026, 11, 2)
    )
    codes = {
        "said_no": "consent_withdrawn",
        "choices": "consent_not_given",
        "shared": "law",
        "asked_only": "agreement",
        "stopped": "no_longer",
    }
    lists = {name: (replace(full, code=codes.get(name, "")),) for name in LISTS[kind]}
    lists["reasons"] = tuple(Line(code=code) for code in (*PROFILE.gateways, "agreement", "LOCAL"))
    numbers = {"kept_days": 30, "readers": 4, "opened_by": 2, "copies": 1}
    return Telling(kind=kind, person="p3", children=("p1", "p2"), lists=lists, numbers=numbers)


def facts(kind="notice", **more):
    scalars = {"name": "Ann Example", "number": "0123 4567", "team": "the desk", "telephone": "01632 960123",
               "complaints": "the complaints officer", "partnership": "North partnership"}  # fmt: skip
    told = {
        "telling": everything(kind), "profile": PROFILE, "names": {"p1": "Ben", "p2": "Cleo"}, "scalars": scalars,
        "days": {"today": date(2026, 11, 3), "sealed_on": date(2026, 11, 2)}, "contact_kind": "letter",
        "contact": "2 Test Street\nNB1 1AA",
    }  # fmt: skip
    return Facts(**(told | more))


def sentences(letter):
    """Its paragraphs and the items that give a reason: lists and headings would make any text look easy."""
    laws = {words for code, words in letter.template.words.items() if code.startswith("law.")}
    said = [(piece.tag, "".join(run.text for run in piece.runs)) for piece in letter.pieces]
    return [words for tag, words in said if tag == "p" or words in laws]


@pytest.mark.parametrize("name", ["notice-en", "notice-en-easy", "sheet-en", "sheet-en-easy"])
def test_a_full_letter_is_within_its_reading_age_and_is_one_page_without_script(name):
    letter = fill(template(name), facts(name.split("-")[0]))
    assert reading_age(sentences(letter)) <= (EASY_LIMIT if name.endswith("easy") else LIMIT)
    html = page(letter)
    assert '<html lang="en" dir="ltr">' in html
    assert "<h1>" in html and html.count("<h1>") == 1
    assert not re.search(r"<script|javascript:|https?://|\son\w+=|<img|<link", html)
    assert "default-src 'none'" in html
    for said in (html, text(letter)):
        assert "{{" not in said and "2 Test Street" in said and letter.template.version in said
        assert "you, " in re.sub(r"</?bdi>", "", said) and "Cleo" in said


def test_a_list_without_entries_takes_its_heading_away():
    empty = replace(everything("notice"), lists=dict.fromkeys(LISTS["notice"], ()))
    said = text(fill(template("notice-en"), facts(telling=empty)))
    assert "Whom we will ask" not in said and "Whom we will not ask" not in said
    assert "If you change your mind" in said and "01632 960123" in said


def test_what_a_name_holds_is_shown_and_never_read():
    hostile = "# <b>{{ team }}</b>\u202e[if x]"
    scalars = facts().scalars | {"name": hostile}
    letter = fill(template("notice-en"), facts(scalars=scalars, names={"p1": "- each", "p2": "<i>"}, contact=hostile))
    html, plain = page(letter), text(letter)
    assert "# &lt;b&gt;{{ team }}&lt;/b&gt;[U+202E][if x]" in html
    assert "<b>" not in html and "<i>" not in html and "\u202e" not in html
    assert "Dear # <b>{{ team }}</b>[U+202E][if x]," in plain.replace("\n", " ")


def test_a_letter_in_another_direction_and_language_keeps_names_and_english_apart():
    words = template("notice-en").words
    own = replace(
        template("notice-en"), language="xx", rtl=True, words={k: v for k, v in words.items() if "police" not in k}
    )
    letter = fill(own, facts())
    html = page(letter)
    assert '<html lang="xx" dir="rtl">' in html
    assert '<bdi lang="en">Police</bdi>' in html and "<bdi>Ben</bdi>" in html
    assert "\u2068Ben\u2069" in text(letter) and "\u2068" not in text(fill(template("notice-en"), facts()))


def test_days_are_written_as_the_language_does():
    own = replace(template("notice-en"), date="{{ year }}. {{ month }} {{ day }}.", months=tuple("abcdefghijkl"))
    assert "2026. k 3." in text(fill(own, facts()))


def test_a_letter_says_by_which_safe_way_it_goes():
    said = text(fill(template("notice-en"), facts(contact_kind="through_worker", contact="the worker, 01632 960111")))
    assert said.startswith("How this reaches you: by hand, through your worker\nthe worker, 01632 960111\n")


@pytest.mark.parametrize(("word", "count"), [("cat", 1), ("house", 1), ("ask", 1), ("asked", 1), ("needed", 2),
                                             ("children", 2), ("family", 3), ("table", 2), ("services", 3),
                                             ("safeguarding", 4), ("information", 4), ("you", 1)])  # fmt: skip
def test_syllables_are_counted(word, count):
    assert abs(syllables_of(word) - count) <= (1 if word in ("safeguarding", "services") else 0)


def test_long_words_and_sentences_raise_the_reading_age():
    easy = "We ask the school. You can say no."
    hard = ("Notwithstanding the aforementioned considerations, multidisciplinary organisations disseminate "
            "confidential information proportionately and in accordance with statutory obligations.")  # fmt: skip
    assert reading_age([easy]) < EASY_LIMIT < LIMIT < reading_age([hard])
    assert reading_age([]) == reading_age(["12 34"]) == 5.0
    assert reading_age(["One. Two. Three."]) == reading_age(["One.", "Two.", "Three."])


@pytest.mark.parametrize("name", ["notice-en", "notice-en-easy", "sheet-en", "sheet-en-easy"])
def test_our_letters_promise_no_deletion_that_nobody_does_and_state_no_law_that_is_not_in_force(name):
    letter = fill(template(name), facts(name.split("-")[0]))
    said = " ".join(text(letter).split())
    assert "16LA" not in said and "law.16LA" not in letter.template.words
    assert re.search(r"[Oo]ur rule (says|is) .*30 days", said)
    assert not re.search(r"[Ww]e (will )?delete", said)
