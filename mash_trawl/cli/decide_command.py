"""`decide`: what waits for a named person in a case, and their signed answer; the countersignature of an emergency."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.errors import Misconfigured, Problem, Refused

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.model.case import Case
    from mash_trawl.model.decision import Decision
    from mash_trawl.model.profile import Profile
    from mash_trawl.model.statement import Checked, Statement


@click.command("decide")
@click.argument("case_text", metavar="CASE")
@click.option("--person", help="Whom the answer is about: their id in the case (p1).")
@click.option("--category", help="Which records, for example health.gp_summary.")
@click.option("--yes/--no", "answer", default=None, help="It may be asked, or it is not asked.")
@click.option("--until", help="A yes ends then, e.g. 2026-12-01 (default: with what it rests on).")
@click.option("--countersign/--not-countersign", "agrees", default=None, help="Agree to an emergency, or do not.")
@click.option("--emergency", help="Which emergency, where more than one waits: its statement's id.")
@click.option("--reason", help="Why; it is signed with the answer.")
@click.option(
    "--key", type=click.Path(dir_okay=False, path_type=Path), help="Your own key file, where it is not found."
)
@click.option("--sure", is_flag=True, help="Sign without asking again.")
@click.option("--json", "as_json", is_flag=True, help="Print what waits, or what was signed: ids, no names.")
@click.pass_context
def command(
    ctx: click.Context, case_text: str, person: str | None, category: str | None, answer: bool | None,
    until: str | None, agrees: bool | None, emergency: str | None, reason: str | None, key: Path | None,
    sure: bool, as_json: bool,
) -> None:  # fmt: skip
    """Show what in CASE waits for a named person, or sign an answer: --person, --category, --yes or --no, --reason."""
    from mash_trawl.cli.left_behind import living_case
    from mash_trawl.cli.place import open_hub
    from mash_trawl.cli.signing import told
    from mash_trawl.saying import hear

    hub = open_hub(ctx)
    case = living_case(hub, case_text)
    if answer is None and agrees is None:
        if (person, category, until, emergency, reason) != (None,) * 5:
            do = "Say --yes or --no; for an emergency --countersign or --not-countersign."
            raise Misconfigured(Problem(where="decide", what="there is no answer in it.", do=do))
        _show(hub, case, open_emergencies(hear(hub, case.id)[0]), as_json)
        return
    if reason is None or not reason.strip():
        raise Misconfigured(Problem(where="--reason", what="there is none.", do="Say why; it is signed."))
    if agrees is None:
        made = _reply(hub, case, (person, category, bool(answer), until, reason), key, sure)
    elif answer is None:
        made = _countersign(hub, case, emergency, agrees, reason, key, sure)
    else:
        raise Misconfigured(Problem(where="decide", what="answer a question, or an emergency: one at a time."))
    told(case, made, as_json, "It counts from now on, and not for a trawl that you start yourself.")


def waiting(hub: Hub, case: Case) -> list[Decision]:
    """The REVIEWs that wait, each question once: one answer is for every source of that agency."""
    from mash_trawl.model.decision import Outcome

    found = {
        (item.person, item.category, item.rule, item.basis): item
        for item in reversed(list(hub.plan(case).decisions))
        if item.outcome is Outcome.REVIEW
    }
    return list(reversed(found.values()))


def open_emergencies(spoken: Sequence[Checked]) -> list[Statement]:
    """The emergencies that nobody else agreed to yet, oldest first."""
    from mash_trawl.model.statement import Countersignature

    agreed = {
        item.statement.said.emergency
        for item in spoken
        if isinstance(item.statement.said, Countersignature) and item.statement.said.agrees
    }
    said = [item.statement for item in spoken if item.statement.kind == "emergency"]
    return [statement for statement in said if statement.id not in agreed]


def _show(hub: Hub, case: Case, emergencies: Sequence[Statement], as_json: bool) -> None:
    from mash_trawl.cli.saying_words import names_of
    from mash_trawl.model.base import to_plain

    open_ = waiting(hub, case)
    if as_json:
        keys = ("person", "category", "rule", "reason", "unlock")
        rows = [{"n": n} | {name: getattr(item, name) for name in keys} for n, item in enumerate(open_, 1)]
        told = [{"id": item.id, "by": item.by, "at": to_plain(item.at)} for item in emergencies]
        shown = {"case": case.id, "decides": hub.profile_of(case).decides, "waiting": rows, "emergencies": told}
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    names = names_of(case)
    for number, item in enumerate(open_, 1):
        click.echo(f"{number}. {names[item.person]}: {item.category} ({item.rule})")
        click.echo(f"   {item.reason}")
    for statement in emergencies:
        click.echo(f"Emergency {statement.id}, declared by {statement.by}: not countersigned.")
    if not open_ and not emergencies:
        click.echo("Nothing in this case waits for a named person.")


def _reply(
    hub: Hub, case: Case, given: tuple[str | None, str | None, bool, str | None, str], key: Path | None, sure: bool
) -> list[Statement]:
    """Sign the answer to each open question about this person and category."""
    from mash_trawl.cli.saying_words import reply_lines
    from mash_trawl.cli.signing import instant_of, must_hold, sign_all
    from mash_trawl.consent import question_mark
    from mash_trawl.model.statement import Reply

    person, category, yes, until, reason = given
    profile = hub.profile_of(case)
    _deciding(hub, profile)
    hub.require("decide")
    must_hold(hub, profile.deciders, "this profile's questions")
    asked = [item for item in waiting(hub, case) if (item.person, item.category) == (person, category)]
    if not asked:
        do = f"`mash-trawl decide {case.id}` lists what waits, with --person and --category to name."
        raise Misconfigured(Problem(where="decide", what="no question about this person and category waits.", do=do))
    ends = None if until is None else instant_of(until, hub.clock(), "--until")
    signings = []
    for item in asked:
        basis = None if item.rule.startswith("restriction.") else item.basis
        said = Reply(person=item.person, category=item.category, rule=item.rule, yes=yes, reason=reason, basis=basis,
                     until=ends, question=question_mark(item))  # fmt: skip
        signings.append((said, reply_lines(said, item, case)))
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


def _countersign(
    hub: Hub, case: Case, emergency: str | None, agrees: bool, reason: str, key: Path | None, sure: bool
) -> list[Statement]:
    """Sign that the emergency was right, or was not."""
    from mash_trawl.cli.saying_words import emergency_lines
    from mash_trawl.cli.signing import sign_all
    from mash_trawl.model.statement import Countersignature, Emergency
    from mash_trawl.saying import hear

    hub.require("countersign")
    open_ = [item for item in open_emergencies(hear(hub, case.id)[0]) if emergency in (None, item.id)]
    if not open_:
        do = f"`mash-trawl decide {case.id}` lists what waits."
        raise Misconfigured(Problem(where="decide", what="no such emergency waits to be countersigned.", do=do))
    if len(open_) > 1:
        do = f"Name one with --emergency: {', '.join(item.id for item in open_)}."
        raise Misconfigured(Problem(where="decide", what="more than one emergency waits.", do=do))
    declared: Any = open_[0].said
    said = Countersignature(emergency=open_[0].id, agrees=agrees, reason=reason)
    words = [f"The emergency that {open_[0].by} declared:"]
    if isinstance(declared, Emergency):
        words += [f"  {line}" for line in emergency_lines(declared, case, hub.profile_of(case))]
    words += [f"You {'agree' if agrees else 'do NOT agree: nothing more is asked for this case'}.", f"Reason: {reason}"]
    return sign_all(hub, [(said, words)], case, key=key, sure=sure)
