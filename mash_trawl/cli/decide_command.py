"""`decide`: what waits for a named person in a case, and their signed answer; the countersignature of an emergency."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.errors import Misconfigured, Problem

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.model.case import Case
    from mash_trawl.model.statement import Statement


@click.command("decide")
@click.argument("case_text", metavar="CASE")
@click.option("--person", help="Whom the answer is about: their id in the case (p1).")
@click.option("--category", "categories", multiple=True, help="Which records, e.g. health.gp_summary; repeatable.")
@click.option("--agency", "agencies", multiple=True, help="All that waits of this agency, e.g. police; repeatable.")
@click.option("--all-of", "rules", multiple=True, metavar="RULE", help="All that waits under this rule; repeatable.")
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
    ctx: click.Context, case_text: str, person: str | None, categories: tuple[str, ...], agencies: tuple[str, ...],
    rules: tuple[str, ...], answer: bool | None, until: str | None, agrees: bool | None, emergency: str | None,
    reason: str | None, key: Path | None, sure: bool, as_json: bool,
) -> None:  # fmt: skip
    """Show what in CASE waits for a named person, or sign an answer: --person, --category, --yes or --no, --reason.

    One answer may settle several questions: name more categories, an agency, or a rule. All are listed before you sign.
    """
    from mash_trawl.cli.decide_answers import Answer, Which, show_questions, sign_answers
    from mash_trawl.cli.left_behind import living_case
    from mash_trawl.cli.place import command_for, open_hub
    from mash_trawl.cli.signing import told
    from mash_trawl.system import shell_word

    hub = open_hub(ctx)
    case = living_case(hub, case_text)
    which = Which(person=person, categories=categories, agencies=agencies, rules=rules)
    if answer is None and agrees is None:
        if which != Which() or (until, emergency, reason) != (None,) * 3:
            do = "Say --yes or --no; for an emergency --countersign or --not-countersign."
            raise Misconfigured(Problem(where="decide", what="there is no answer in it.", do=do))
        show_questions(hub, case, open_emergencies(hub, case), as_json, command_for(ctx), case_text)
        return
    if reason is None or not reason.strip():
        raise Misconfigured(Problem(where="--reason", what="there is none.", do="Say why; it is signed."))
    if agrees is None:
        said = Answer(yes=bool(answer), until=until, reason=reason)
        made = sign_answers(hub, case, which, said, key=key, sure=sure, begins=command_for(ctx), typed=case_text)
    elif answer is None:
        decide = f"{command_for(ctx)} decide {shell_word(case_text)}"
        made = _countersign(hub, case, (emergency, agrees, reason), key, sure, decide)
    else:
        raise Misconfigured(Problem(where="decide", what="answer a question, or an emergency: one at a time."))
    told(case, made, as_json, "It counts from now on, and not for a trawl that you start yourself.")


def open_emergencies(hub: Hub, case: Case) -> list[Statement]:
    """The emergencies that a decider has yet to look at, or that stop the case; oldest first, by what decides."""
    from mash_trawl.consent.urgent import emergencies_now

    behind = hub.backing(case)
    told = emergencies_now(case, hub.profile_of(case), hub.clock(), behind)
    open_ = {one.id for one in told if one.state != "countersigned"}
    return [item.statement for item in behind.spoken if item.statement.id in open_]


def _countersign(
    hub: Hub, case: Case, given: tuple[str | None, bool, str], key: Path | None, sure: bool, decide: str
) -> list[Statement]:
    """Sign that the emergency was right, or was not."""
    from mash_trawl.cli.saying_words import emergency_lines
    from mash_trawl.cli.signing import sign_all
    from mash_trawl.model.statement import Countersignature, Emergency

    emergency, agrees, reason = given
    hub.require("countersign")
    open_ = [item for item in open_emergencies(hub, case) if emergency in (None, item.id)]
    if not open_:
        do = f"`{decide}` lists what waits."
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
