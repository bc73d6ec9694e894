"""The questions about legal powers: which was decided on, by whom, when, on what grounds, about whom.

Only powers that the profile relies on and that can open something now are offered. A decision that lacks what the
profile requires is not kept: it could not count, and would look as if somebody had decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mash_trawl.cli.interview import Question, Script
from mash_trawl.cli.interview_read import day, keep, known, label, pick, pick_several, whether
from mash_trawl.cli.interview_referral import Desk
from mash_trawl.cli.interview_times import moment
from mash_trawl.model.profile import Gateway, Profile

_MISSING = "not known; then the decision is not recorded"
_TEXTS = {
    "grounds": ("On what grounds?", "Facts, not labels: what was seen or said, and by whom."),
    "necessity": ("Why is it necessary to ask?", "The purpose of the Act, and why it cannot be met otherwise."),
    "order_ref": ("What is the reference of the order?", "The order itself must be to hand. A request is no order."),
    "signed_off_by": ("Who signed it off? (post)", "The holder's Caldicott Guardian or named doctor, before asking."),
    "own_view": ("What does the adult concerned want?", "Their own words or wishes; `could not be asked` and why."),
}


def powers(desk: Desk, profile: Profile, level: int | None) -> dict[str, Gateway]:
    """What may be decided on here: relied on, in force, opening something by itself, not above the case's level."""
    found = {}
    for ident in profile.relies_on:
        gateway = profile.gateways.get(ident)
        if gateway is None or not gateway.opens or gateway.consent == "needed":
            continue
        started = gateway.in_force_from is not None and gateway.in_force_from <= desk.today
        ended = gateway.in_force_until is not None and gateway.in_force_until <= desk.today
        confirmed = not gateway.confirm or (gateway.instrument and gateway.confirmed_by)
        if started and not ended and confirmed and not (gateway.levels and level and level not in gateway.levels):
            found[ident] = gateway
    return found


def _how_to(desk: Desk, draft: Mapping[str, Any]) -> str:
    add = f"{desk.begins} case power add {draft.get('id', 'CASE')}"
    return f"`back` returns to that question; or add it when it is known: `{add}`."


def ask_powers(desk: Desk, profile: Profile, draft: dict[str, Any]) -> Script[tuple[str, ...]]:
    """Every decision to rely on a power; not asked where the profile has none that fits.

    Gives back what was not kept and why, which is also said at once.
    """
    offered = powers(desk, profile, draft["referral"].get("level"))
    decided: list[dict[str, Any]] = []
    draft["gateways"] = decided
    ask = "Has a manager decided to rely on a legal power, without or beside an agreement?"
    why = (
        "Such as a s.47 enquiry. The decision comes before the asking. If it is not made yet, leave it: it can follow."
    )
    lost: list[str] = []
    before: tuple[str, ...] = ()
    while offered and (yield whether(ask, why, before=before)) == "yes":
        titles = {ident: f"{ident}: {gateway.title}" for ident, gateway in offered.items()}
        why_power = "The law that the decision names."
        ident = yield pick("Which power?", why_power, titles, otherwise=_MISSING)
        use: dict[str, Any] = {"id": ident}
        lacking = "nobody said which power"
        if ident is not None:
            lacking = yield from _decision(desk, profile, draft, offered[ident], use)
        before = (f"  Not recorded: {lacking}. {_how_to(desk, draft)}",) if lacking else ()
        if lacking:
            lost.append(f"A decision was not recorded: {lacking}. {_how_to(desk, draft)}")
        else:
            decided.append(use)
        ask = "Has another decision of this kind been made?"
    return tuple(lost)


def _decision(desk: Desk, profile: Profile, draft: dict[str, Any], gateway: Gateway,
              use: dict[str, Any]) -> Script[str]:  # fmt: skip
    """One decision; what it lacks and cannot count without, or nothing."""
    if lacking := (yield from _decider(desk, profile, gateway, use)):
        return lacking
    why = "The day and the time. It does not reach back. Without a time the end of that day is taken, to be safe."
    use["decided_at"] = yield Question(ask="When was it decided?", why=why, otherwise=_MISSING,
                                       **moment(desk.clock, late=True))  # fmt: skip
    if use["decided_at"] is None:
        return "nobody said when it was decided"
    for field, (ask, told) in _TEXTS.items():
        if field == "grounds" or field in gateway.requires:
            use[field] = yield Question(ask=ask, why=told, otherwise=_MISSING)
            if use[field] is None:
                return f"the law requires an answer to `{ask}`"
    words = {item["id"]: label(item) for item in draft["people"]}
    use["covers"] = yield pick_several(
        "About whom was it decided?", "Nobody else is covered.", words, otherwise=_MISSING
    )
    if not use["covers"]:
        return "nobody said about whom it was decided"
    if not (yield from _test(gateway, use)):
        return "nobody said which part of the law's test is met"
    if not (yield from _reach(desk, profile, gateway, use)):
        return "the agencies that it names, or its end, are missing"
    yield from _health(gateway, use, words)
    yield from _agreement(gateway, use)
    why = "The day on which it is looked at again."
    review = yield Question(ask="When is it reviewed?", why=why, **day(desk.today, ahead=True),
                            check=lambda value: "" if value.exact else "Here the exact day is needed.")  # fmt: skip
    keep(use, "review_on", review.earliest if review else None)
    return ""


def _decider(desk: Desk, profile: Profile, gateway: Gateway, use: dict[str, Any]) -> Script[str]:
    """Who decided: where only their signature counts, somebody enrolled who may; what is lacking, or nothing."""
    wanted = gateway.deciders or profile.deciders
    allowed = ", ".join(wanted).replace("_", " ")
    if desk.able is None:
        why = f"Their staff id or post. Allowed here: {allowed or 'anybody named'}."
        use["decided_by"] = yield Question(ask="Who decided?", why=why, otherwise=_MISSING)
        return "" if use["decided_by"] is not None else "nobody said who decided"
    people = desk.able(wanted)
    if not people:
        return f"nobody enrolled in this hub may decide it ({allowed or 'whoever may decide'})"
    why = f"The id with which they sign it themselves afterwards. Allowed here: {allowed or 'whoever may decide'}."
    own = desk.typist if desk.typist in people else None
    use["decided_by"] = yield pick("Who decided?", why, people, empty=own, otherwise=own or _MISSING,
                                   unknown=None)  # fmt: skip
    return "" if use["decided_by"] is not None else "nobody said who decided"


def _test(gateway: Gateway, use: dict[str, Any]) -> Script[bool]:
    """Which part of the law's test is met."""
    if gateway.triggers:
        why = "The part of the law's test that was met."
        trigger = yield pick("Which part of the test is met?", why, gateway.triggers)
        keep(use, "trigger", trigger)
        if trigger is None and not gateway.assumed_trigger:
            return False
    if gateway.limbs:
        why = "All of them must be met; choose those that were found to be."
        use["limbs"] = yield pick_several("Which parts of the test were found to be met?", why, gateway.limbs)
        return bool(use["limbs"])
    return True


def _reach(desk: Desk, profile: Profile, gateway: Gateway, use: dict[str, Any]) -> Script[bool]:
    """Which agencies and categories an order or sign-off names, and when it ends; only where the power wants it."""
    if "categories" in gateway.requires:
        names = [name for name in profile.agencies if name in gateway.opens]
        titles = {name: profile.agencies[name].title for name in names}
        why = "Exactly what the order or the sign-off names; nothing else is opened."
        chosen = yield pick_several("Which agencies does it name?", why, titles, otherwise=_MISSING)
        found: dict[str, Any] = {}
        for name in chosen:
            words = {code: item.title for code, item in profile.agencies[name].categories.items()}
            parts = yield pick_several(f"What of {titles[name]}?", why, words, otherwise="nothing of it")
            keep(found, name, parts)
        if not found:
            return False
        use["categories"] = found
    if "ends_at" in gateway.requires:
        why = "The order counts until then: 3/12/2026, or 3/12/2026 12:00."
        use["ends_at"] = yield Question(
            ask="When does it end?", why=why, otherwise=_MISSING, **moment(desk.clock, late=False, ahead=True),
            check=lambda value: "" if value > use["decided_at"] else "This is before the decision.",
        )  # fmt: skip
        return use["ends_at"] is not None
    return True


def _health(gateway: Gateway, use: dict[str, Any], words: Mapping[str, str]) -> Script[None]:
    """Health records need a reason for each person; without one they are not asked."""
    if gateway.health != "with_reason":
        return
    reasons: dict[str, str] = {}
    for ident in use["covers"]:
        why = "Why their health records are needed. It opens a summary only."
        ask = f"Reason to ask about the health of {words[ident]}?"
        keep(reasons, ident, (yield Question(ask=ask, why=why, otherwise="none; health is not asked")))
    keep(use, "health_reasons", reasons or None)


def _agreement(gateway: Gateway, use: dict[str, Any]) -> Script[None]:
    """Whether the family was asked; and why not, or why a no is set aside."""
    why = "A family is asked or told first, unless that is unsafe or would defeat the purpose."
    sought = yield known("Was their agreement sought first?", why)
    keep(use, "consent_sought", sought)
    if sought == "no" or (sought == "yes" and gateway.consent == "sought"):
        ask = "Why not?" if sought == "no" else "If they said no: why is it set aside?"
        keep(use, "why_not", (yield Question(ask=ask, why="The reason stands in the record.")))
