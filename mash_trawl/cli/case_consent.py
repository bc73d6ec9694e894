"""`case consent add|withdraw`: what somebody of the family said after the case was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mash_trawl.cli.case_edit import Draft
    from mash_trawl.cli.interview import Script
    from mash_trawl.cli.interview_referral import Desk
    from mash_trawl.model.case import Case
    from mash_trawl.model.profile import Profile

_COUNTS = "It counts from the moment that was said; what was asked before is not touched."
_ENDS = "From that moment on nothing is asked on this agreement."


@click.group("consent")
def command() -> None:
    """Agreements and refusals of a case."""


@command.command("add")
@click.argument("case", metavar="CASE")
@click.option("--json", "as_json", is_flag=True, help="Print where the case is, as one JSON object.")
@click.pass_context
def add(ctx: click.Context, case: str, as_json: bool) -> int:
    """Add an agreement or a refusal to CASE by answering questions; `run` then asks only what it opens."""
    from mash_trawl.cli.case_edit import edit

    return edit(ctx, case, ask_new_consents, ("Add this to the case?", _COUNTS), as_json, "consent add")


@command.command("withdraw")
@click.argument("case", metavar="CASE")
@click.option("--json", "as_json", is_flag=True, help="Print where the case is, as one JSON object.")
@click.pass_context
def withdraw(ctx: click.Context, case: str, as_json: bool) -> int:
    """Note in CASE that an agreement was withdrawn, by answering questions. From then on nothing is asked on it."""
    from mash_trawl.cli.case_edit import edit

    return edit(ctx, case, ask_withdrawal, ("Note the withdrawal?", _ENDS), as_json)


def ask_new_consents(desk: Desk, profile: Profile, case: Case) -> Script[Draft]:
    """The consents of the case with the new ones, each under an id of its own."""
    from mash_trawl.cli.case_edit import nothing
    from mash_trawl.cli.interview_consent import ask_consents
    from mash_trawl.cli.interview_person import drafts_of
    from mash_trawl.config.write import plain_case

    draft: Draft = {"id": case.id, "people": drafts_of(case), "relationships": plain_case(case.relationships)}
    lost = yield from ask_consents(desk, profile, draft)
    new: list[dict[str, Any]] = draft["consents"]
    if not new and lost:
        raise nothing("what was said cannot count as it was told", " ".join(lost))
    if not new:
        raise nothing("no agreement and no refusal was told", "Say yes to the first question, then who spoke.")
    taken = {consent.id for consent in case.consents}
    free = (f"c{number}" for number in range(1, 10_000) if f"c{number}" not in taken)
    for consent in new:
        consent["id"] = next(free)
    return {"consents": [*plain_case(case.consents), *new]}


def ask_withdrawal(desk: Desk, profile: Profile, case: Case) -> Script[Draft]:
    """The consents of the case, one of them with the moment of its withdrawal."""
    from mash_trawl.cli.case_edit import nothing
    from mash_trawl.cli.interview import Question
    from mash_trawl.cli.interview_person import drafts_of
    from mash_trawl.cli.interview_read import label, pick
    from mash_trawl.cli.interview_times import moment, moment_words
    from mash_trawl.config.write import plain_case
    from mash_trawl.consent.times import begins

    names = {item["id"]: label(item) for item in drafts_of(case)}
    open_ = {item.id: item for item in case.consents if item.kind == "agreement" and item.withdrawn_at is None}
    if not open_:
        add = f"{desk.begins} case consent add {case.id}"
        do = f"Only an agreement can be withdrawn; `{add}` records that somebody refused."
        raise nothing("no agreement in this case stands", do)
    standing = {key: f"{names[item.given_by]}, {moment_words(begins(item.given_at))}" for key, item in open_.items()}
    why = "Who gave it, and when. What was lawfully asked until now stays in the version that was sealed."
    ident = yield pick("Which agreement was withdrawn?", why, standing, otherwise="none; nothing is written")
    if ident is None:
        raise nothing("no agreement was chosen", "Choose by its number or by who gave it.")
    given = begins(open_[ident].given_at)

    def after(value: Any) -> str:
        return "" if value >= given else f"This is before it was given ({moment_words(given)})."

    why = "The moment at which they said so. Without a time the first minute of that day counts, to be safe."
    at = yield Question(ask="When was it withdrawn?", why=why, empty=desk.clock, otherwise="just now", check=after,
                        unsure="Then write the day at least: `today` or `3/11/2026` counts from its first minute.",
                        **moment(desk.clock, late=False, after=given))  # fmt: skip
    consents = plain_case(case.consents)
    return {"consents": [item | ({"withdrawn_at": at} if item["id"] == ident else {}) for item in consents]}
