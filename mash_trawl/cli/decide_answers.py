"""What waits for a named person, in words; and their answer to one question or to many, signed in one go."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mash_trawl.cli.case_words import case_again, check_person
from mash_trawl.errors import Misconfigured, Problem, Refused

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.model.case import Case
    from mash_trawl.model.decision import Decision
    from mash_trawl.model.profile import Profile
    from mash_trawl.model.statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which open questions are answered: about this person (None: everybody), those that one of the rest names."""

    person: str | None = None
    categories: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    def of(self, waiting: Iterable[Decision]) -> list[Decision]:
        """The questions that it names."""
        return [
            item
            for item in waiting
            if self.person in (None, item.person)
            and (item.category in self.categories or item.agency in self.agencies or item.rule in self.rules)
        ]

    def empty_handed(self, found: Iterable[Decision]) -> bool:
        """Whether it names something of which no question waits: a slip of the pen would leave that unanswered."""
        there = {word for item in found for word in (item.category, item.agency, item.rule)}
        return not there.issuperset((*self.categories, *self.agencies, *self.rules))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answer:
    """Yes or no, until when as it was typed, and why."""

    yes: bool
    until: str | None
    reason: str


def waiting(hub: Hub, case: Case) -> list[Decision]:
    """The REVIEWs that wait, each question once: one answer is for every source of that agency."""
    from mash_trawl.model.decision import Outcome

    found = {
        (item.person, item.category, item.rule, item.basis): item
        for item in reversed(list(hub.plan(case).decisions))
        if item.outcome is Outcome.REVIEW
    }
    return list(reversed(found.values()))


def show_questions(
    hub: Hub, case: Case, emergencies: Sequence[Statement], as_json: bool, begins: str, typed: str = ""
) -> None:
    """What waits: as JSON question by question, in words those together that ask the same about one person."""
    from mash_trawl.model.base import to_plain

    open_, profile = waiting(hub, case), hub.profile_of(case)
    if as_json:
        keys = ("person", "category", "rule", "reason", "unlock")
        rows = [{"n": n} | {name: getattr(item, name) for name in keys} for n, item in enumerate(open_, 1)]
        told = [{"id": item.id, "by": item.by, "at": to_plain(item.at)} for item in emergencies]
        shown = {"case": case.id, "decides": profile.decides, "waiting": rows, "emergencies": told}
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    _in_words(open_, case, profile)
    for statement in emergencies:
        click.echo(f"Emergency {statement.id}, declared by {statement.by}: not countersigned.")
    if not open_ and not emergencies:
        click.echo("Nothing in this case waits for a named person.")
    _how_to_answer(open_, bool(emergencies), f"{begins} decide {case_again(case, typed)}", profile)


def _in_words(open_: Sequence[Decision], case: Case, profile: Profile) -> None:
    from mash_trawl.cli.saying_words import names_of
    from mash_trawl.model.unlocks import category_words, with_people, without_names

    names = names_of(case)
    alike: dict[tuple[str, str, str], list[Decision]] = {}
    for item in open_:
        alike.setdefault((item.person, item.rule, without_names(item.reason, item, profile)), []).append(item)
    for number, ((person, rule, reason), items) in enumerate(alike.items(), 1):
        click.echo(f"{number}. {names[person]}: {category_words(items, profile)}")
        click.echo(f"   {with_people(reason, items)}")
        click.echo(f"   rule {rule}; {', '.join(dict.fromkeys(item.category for item in items))}")


def _how_to_answer(open_: Sequence[Decision], emergencies: bool, decide: str, profile: Profile) -> None:
    from mash_trawl.cli.main import say

    if open_ and profile.decides:
        first = open_[0]
        say("To answer (or `--no`); all that you answer is listed before you sign:")
        say(f"  `{decide} --person {first.person} --category {first.category} --yes --reason TEXT`")
        say("Several at once: more `--category`, or in its place:")
        say(f"  `{decide} --person {first.person} --agency {first.agency} --yes --reason TEXT`")
        say(f"  `{decide} --all-of {first.rule} --yes --reason TEXT`")
    if emergencies:
        say(f"To countersign (or `--not-countersign`): `{decide} --countersign --reason TEXT`")


def sign_answers(
    hub: Hub, case: Case, which: Which, answer: Answer, *, key: Path | None, sure: bool, begins: str,
    typed: str = "",
) -> list[Statement]:  # fmt: skip
    """Sign this answer to each open question that is named: one confirmation that lists them all, one passphrase."""
    from mash_trawl.cli.saying_words import reply_lines
    from mash_trawl.cli.signing import instant_of, may_decide, must_hold, sign_all
    from mash_trawl.consent import question_mark
    from mash_trawl.model.statement import Reply

    check_person(case, which.person)
    profile = hub.profile_of(case)
    _deciding(hub, profile)
    may_decide(hub, profile.deciders)
    must_hold(hub, profile.deciders, "this profile's questions")
    asked = which.of(waiting(hub, case))
    if not asked or which.empty_handed(asked):
        what = "no question waits here about what was named, or about a part of it."
        do = f"`{begins} decide {case_again(case, typed)}` lists what waits, and how to name it."
        raise Misconfigured(Problem(where="decide", what=what, do=do))
    ends = None if answer.until is None else instant_of(answer.until, hub.clock(), "--until")
    signings = []
    for item in asked:
        basis = None if item.rule.startswith("restriction.") else item.basis
        said = Reply(person=item.person, category=item.category, rule=item.rule, yes=answer.yes, reason=answer.reason,
                     basis=basis, until=ends, question=question_mark(item))  # fmt: skip
        signings.append((said, reply_lines(said, item, case, profile)))
    return sign_all(hub, signings, case, key=key, sure=sure)


def _deciding(hub: Hub, profile: Profile) -> None:
    """Refused("deciding_disabled") where the profile gathers and leaves every decision to others; the ledger has it."""
    if profile.decides:
        return
    from mash_trawl.audit.entry import Entry

    about = {"kind": "reply", "why": "deciding_disabled"}
    hub.ledger.write(Entry("statement.refused", hub.actor.id, about))
    what = f"under the profile {profile.id} nothing is decided: it only gathers what may be gathered without a decision"
    raise Refused("deciding_disabled", what, "Use a profile that decides, if the case has become such a case.")
