"""The outcome of a run in plain English: few sentences, and "nothing known" never beside "could not ask"."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mash_trawl.config.profiles import load_profile
from mash_trawl.model.answer import Status, Why
from mash_trawl.model.product import AgencyOutcome, DecisionLine, Product
from mash_trawl.render.summary import run_summary

BASE = load_profile("base")
AT = datetime(2026, 11, 3, 11, 0, tzinfo=UTC)
PEOPLE = ("Ada Example", "Bea Example", "Col Example", "Dan Example")


def outcome(source: str, number: int, status: Status, why: Why, sentence: str, **more: Any) -> AgencyOutcome:
    name = source.capitalize()
    return AgencyOutcome(
        source=source, agency=source, agency_name=name, person=f"p{number}", status=status, why=why,
        sentence=f"{name}: {sentence.format(PEOPLE[number - 1])}", **more,
    )  # fmt: skip


@pytest.fixture
def product_of(product: Product) -> Any:
    """A product of the four people with these answers and decisions."""

    def make(*answers: AgencyOutcome, decisions: tuple[DecisionLine, ...] = (), **more: Any) -> Product:
        people = tuple(
            replace(product.people[0], id=f"p{place + 1}", name=name, found=False) for place, name in enumerate(PEOPLE)
        )
        return replace(
            product, at=AT.isoformat(), people=people, answers=answers, decisions=decisions, chronology=(),
            restricted_services="", **more,
        )  # fmt: skip

    return make


def section(lines: list[str], title: str) -> list[str]:
    """The sentences under one heading; none when it is not printed."""
    start = [place for place, line in enumerate(lines) if line.startswith(title)]
    if not start:
        return []
    body = lines[start[0] + 1 :]
    return [line.strip() for line in body[: body.index("")]]


def found(source: str, number: int, records: int, **more: Any) -> AgencyOutcome:
    return outcome(source, number, Status.FOUND, Why.MATCHED, f"answered, sent {records} records about {{}}.",
                   found=records, asked_at=AT.isoformat(), **more)  # fmt: skip


def refused(source: str, category: str, number: int, unlock: str) -> DecisionLine:
    return DecisionLine(
        person=f"p{number}", source=source, agency=source, category=f"{source}.{category}", outcome="DENY", rule="r",
        reason="Nobody agreed.", unlock=unlock,
    )  # fmt: skip


def test_forty_refusals_read_as_five_sentences(product_of):
    answers, decisions = [], []
    for source in ("housing", "police", "health", "education", "probation"):
        for number in (1, 2, 3, 4):
            asked = number < 3
            status, why, words = (
                (Status.CONSENT_MISSING, Why.CONSENT_NOT_SOUGHT, "consent was not sought")
                if asked
                else (Status.NOT_PERMITTED, Why.NO_RULE, "no rule allows it")
            )
            answers.append(outcome(source, number, status, why, f"not asked about {{}}: {words}."))
            for category, kind in list(BASE.agencies[source].categories.items())[:2]:
                label = f"{BASE.agencies[source].title}: {kind.title}"
                unlock = f"Ask p{number} to agree to {label}." if asked else "Ask the named professional."
                decisions.append(refused(source, category, number, unlock))
    assert len(decisions) == 40
    lines = run_summary(product_of(*answers, decisions=tuple(decisions)), BASE)
    told = section(lines, "Could not ask") + section(lines, "What would unlock")
    assert len(told) == 4
    shown = " ".join(lines)
    assert "not asked about Ada Example and Bea Example: consent was not sought." in shown
    assert "not asked about Col Example and Dan Example: no rule allows it." in shown
    assert "Ask Ada Example and Bea Example to agree to this. It would open Housing: Tenancy and household, " in shown
    assert not any(f"p{number}" in shown for number in (1, 2, 3, 4))


def test_a_sentence_for_two_people_says_of_each_only_what_it_would_open(product_of):
    housing = BASE.agencies["housing"]
    decisions = [
        refused(
            "housing", category, number, f"Ask p{number} to agree to Housing: {housing.categories[category].title}."
        )
        for number, category in ((1, "asb"), (2, "asb"), (2, "tenancy"))
    ]
    (told,) = section(run_summary(product_of(decisions=tuple(decisions)), BASE), "What would unlock")
    assert told == (
        "Ask Ada Example and Bea Example to agree to this. It would open Housing: Antisocial behaviour cases (about "
        "Ada Example); Housing: Antisocial behaviour cases, Tenancy and household (about Bea Example)."
    )


def test_nothing_known_and_could_not_ask_stand_apart(product_of):
    lines = run_summary(
        product_of(
            found("housing", 1, 3),
            found("housing", 2, 1),
            outcome("police", 1, Status.NONE_FOUND, Why.SEARCHED_ALL_KEYS, "answered, holds nothing for {}."),
            outcome("police", 2, Status.TIMED_OUT, Why.DEADLINE, "asked, did not answer about {} within 20 seconds."),
            outcome("police", 3, Status.NOT_PERMITTED, Why.NO_RULE, "not asked about {}: no rule allows it."),
            outcome("police", 4, Status.PARTIAL, Why.NO_END_PROOF, "answered only in part about {}."),
        ),
        BASE,
    )
    assert section(lines, "What came") == ["Housing: 4 records about Ada Example and Bea Example."]
    assert section(lines, "Asked, and nothing known") == ["Police: answered, holds nothing for Ada Example."]
    assert section(lines, "Answered only in part") == ["Police: answered only in part about Dan Example."]
    assert section(lines, "No answer") == ["Police: asked, did not answer about Bea Example within 20 seconds."]
    assert section(lines, "Could not ask") == ["Police: not asked about Col Example: no rule allows it."]


def test_what_was_carried_over_says_from_which_version_and_when_it_was_asked(product_of):
    before = datetime(2026, 11, 3, 9, 41, tzinfo=UTC).isoformat()
    carried = [
        replace(found("housing", number, 2), asked_at=before, carried_at=before, carried_from=1) for number in (1, 2)
    ]
    lines = run_summary(product_of(*carried, found("police", 1, 1)), BASE, version=2, path="x-v2.mtr")
    assert lines[0].endswith("version 2: asked Police about 1 person.")
    assert section(lines, "Carried over") == [
        "Housing about Ada Example and Bea Example: carried over from version 1, asked today at 09:41 UK time."
    ]
    assert lines[-1].endswith("Sealed: x-v2.mtr")


def test_a_run_with_nothing_new_says_which_version_stands(product_of):
    lines = run_summary(product_of(found("housing", 1, 2)), BASE, version=3, unchanged=True)
    assert lines[0].endswith("nothing was to be asked and nothing is new. Version 3 still stands.")


def test_a_question_that_waits_names_what_would_settle_it(product_of):
    line = DecisionLine(
        person="p1", source="police", agency="police", category="police.intelligence", outcome="REVIEW", rule="r",
        reason="Police: Intelligence reports: a named person decides for p1.", unlock="Ask the team manager.",
    )  # fmt: skip
    (told,) = section(run_summary(product_of(decisions=(line,)), BASE), "Waits for a person")
    assert told.startswith("Police: Intelligence reports (about Ada Example): ")
    assert told.endswith("decides for Ada Example. To settle it: Ask the team manager.")


def test_every_answer_of_a_real_product_is_told_and_no_line_is_too_long(product):
    lines = run_summary(product, BASE, width=70)
    assert all(len(line) <= 70 or " " not in line.strip() for line in lines)
    shown = " ".join(" ".join(lines).split())
    name = {person.id: person.name for person in product.people}
    for item in product.answers:
        assert item.agency_name in shown
        assert name[item.person] in shown


def test_a_name_can_drive_no_terminal(product_of):
    nasty = replace(found("housing", 1, 2))
    made = product_of(nasty)
    person = replace(made.people[0], name="Ada\x1b[2J\u202e\nSealed: nothing")
    lines = run_summary(replace(made, people=(person, *made.people[1:])), BASE)
    shown = "".join(lines)
    assert not {"\x1b", "\u202e", "\n"} & set(shown)
    assert "[U+001B]" in shown
