"""Templates are read strictly: nothing unknown, nothing that must be said left out, and told by file and line."""

from __future__ import annotations

from importlib.resources import files

import pytest

from mash_trawl.errors import Misconfigured
from mash_trawl.model.telling import LISTS
from mash_trawl.render.family.files import language_of, template_for
from mash_trawl.render.family.template import read_template

OURS = {
    name: (files("mash_trawl.render.family") / "templates" / f"{name}.txt").read_text("utf-8")
    for name in ("notice-en", "notice-en-easy", "sheet-en", "sheet-en-easy")
}


def faults(text):
    with pytest.raises(Misconfigured) as caught:
        read_template(text, "t.txt")
    return [(problem.where, problem.what) for problem in caught.value.problems]


@pytest.mark.parametrize("name", OURS)
def test_the_templates_that_come_with_the_program_are_whole(name):
    read = read_template(OURS[name], name)
    assert (read.kind, read.easy) == (name.split("-")[0], name.endswith("easy"))
    assert {block.of for block in read.blocks if block.of} == set(LISTS[read.kind])


@pytest.mark.parametrize("name", [name for name in OURS if name.endswith("easy")])
def test_headings_of_easy_read_are_questions(name):
    heads = [block.text for block in read_template(OURS[name], name).blocks if block.tag in ("h1", "h2")]
    assert [head for head in heads if not head.endswith("?")] == []


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("Dear {{ name }},", "Dear {{ nmae }},", 13, "there is no `{{ nmae }}`"),
        ("Dear {{ name }},", "Dear {{ name.__class__ }},", 13, "nothing else stands in such braces"),
        ("Dear {{ name }},", "{% for x in y %}", 13, "nothing else stands in such braces"),
        ("- each asked: {{ agency }}", "- each asekd: {{ agency }}", 20, "there is no list `asekd`"),
        ("  - {{ kind }}", "  - {{ choice }}", 21, "there is no `{{ choice }}`"),
        ("[if asked]", "[if asekd]", 18, "there is no list `asekd` to stand under"),
        ("[if asked]", "[when asked]", 17, "conditions are"),
        ("kind: notice", "kind: letter", 2, "`kind` is notice or sheet"),
        ("notice: family-notice-1.1", "notice: 1.0", 1, "a name and a version"),
        ("dir: ltr", "dir: up", 4, "`dir` is ltr"),
        ("language: en", "language: English", 3, "`language` is a code"),
        ("easy-read: no", "easy-read: maybe", 5, "yes or no"),
        (", December", "", 7, "twelve names"),
        ("{{ day }} {{ month }} {{ year }}", "{{ day }}", 6, "`date` holds"),
        ("dir: ltr", "colour: red", 4, "the head holds only"),
        ("dir: ltr", "dir: ltr\ndir: rtl", 5, "stands here twice"),
        ("# What", "#What", 9, "a heading is"),
    ],
)
def test_a_fault_is_told_by_its_line(old, new, line, told):
    found = faults(OURS["notice-en"].replace(old, new, 1))
    assert any(where == f"t.txt:{line}" and told in what for where, what in found), found


@pytest.mark.parametrize(
    ("old", "told"),
    [
        ("{{ telephone }}", "these must be said and are not: {{ telephone }}"),
        ("{{ complaints }}", "these must be said and are not: {{ complaints }}"),
        ("{{ kept_days }}", "these must be said and are not: {{ kept_days }}"),
        ("- each not_asked: {{ agency }}, about {{ about }}", "these lists must be there and are not: not_asked"),
        ("you = you", "the words lack: you"),
        ("choice.consent_withdrawn = not asked: consent withdrawn", "the words lack: choice.consent_withdrawn"),
        ("# What we will ask", "there is exactly one"),
    ],
)
def test_what_a_family_must_be_told_cannot_be_left_out(old, told):
    found = faults(OURS["notice-en"].replace(old, "" if old != "# What we will ask" else "## What", 1))
    assert any(told in what for _, what in found), found


def test_conditions_are_closed_and_never_nested():
    text = OURS["notice-en"]
    assert any("has no `[end]`" in what for _, what in faults(text.replace("[end]\n## If you", "## If you", 1)))
    nested = text.replace("## Whom we will ask", "[if waits]\n## Whom we will ask", 1)
    assert any("never one inside another" in what for _, what in faults(nested))


def test_a_template_has_three_parts_and_plain_words():
    assert faults("notice: x-1") == [("t.txt:1", "a template has three parts, head, text and words, with a line `---` "
                                      "between them.")]  # fmt: skip
    assert any("code = words" in what for _, what in faults(OURS["sheet-en"] + "a line\n"))
    assert any("stands here twice" in what for _, what in faults(OURS["sheet-en"] + "you = you\n"))


def test_a_hub_has_its_own_template_before_ours(tmp_path):
    folder = tmp_path / "templates" / "family"
    folder.mkdir(parents=True)
    own = OURS["notice-en"].replace("family-notice-1.1", "north-notice-2.1")
    (folder / "notice-en.txt").write_text(own, "utf-8")
    assert template_for(tmp_path, "notice", "en", easy=False).version == "north-notice-2.1"
    assert template_for(tmp_path, "notice", "en", easy=True).version == "family-notice-1.1"
    (folder / "notice-cy.txt").write_text(own, "utf-8")
    with pytest.raises(Misconfigured, match="does not say what the file's name says"):
        template_for(tmp_path, "notice", "cy", easy=False)


@pytest.mark.parametrize("language", ["cy", "../../etc", "xx-../..", ""])
def test_a_language_without_a_template_is_told(tmp_path, language):
    with pytest.raises(Misconfigured, match="there is no template of a notice in this language") as told:
        template_for(tmp_path, "notice", language, easy=False)
    assert not language or f"notice-{language}" not in str(told.value)


def test_a_file_that_is_no_text_is_told(tmp_path):
    folder = tmp_path / "templates" / "family"
    folder.mkdir(parents=True)
    for data, told in ((b"\xff\xfe", "it is not UTF-8"), (b" " * 300_000, "too long")):
        (folder / "notice-en.txt").write_bytes(data)
        with pytest.raises(Misconfigured, match=told):
            template_for(tmp_path, "notice", "en", easy=False)


def test_a_language_that_nobody_translated_is_never_replaced_by_english_in_silence(tmp_path):
    assert [language_of(tmp_path, said) for said in (None, "", "English", "en")] == ["en"] * 4
    with pytest.raises(Misconfigured, match="another language than English"):
        language_of(tmp_path, "Polish")
    (tmp_path / "templates" / "family").mkdir(parents=True)
    (tmp_path / "templates" / "family" / "notice-pl.txt").touch()
    assert language_of(tmp_path, "pl") == "pl"
