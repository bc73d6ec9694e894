"""What came of every ask, in plain English. "Nothing known" and "could not ask" never read alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC
from typing import Literal

from mash_trawl.model.answer import Answer, Status, Why
from mash_trawl.model.decision import Decisions
from mash_trawl.model.hub import SourceSettings
from mash_trawl.model.product import AgencyOutcome, Possible, Refusal, RefusalKind, SearchedKeys, WithheldCategory
from mash_trawl.model.shown import instant_words, key_words
from mash_trawl.product.by_person import category_lines, paper_sentence
from mash_trawl.product.confirmed import by_people
from mash_trawl.product.not_counted import what_is_missing
from mash_trawl.product.plain import agency_name, code_words, count_words, period_words

_REASONS: dict[Why, str] = {
    Why.NO_RULE: "no rule allows it",
    Why.FORBIDDEN_BY_RULE: "a rule forbids it",
    Why.GATEWAY_NOT_MET: "the legal power relied on does not reach this",
    Why.OUT_OF_SCOPE: "this person or category lies outside what was agreed or decided",
    Why.NOT_SIGNED: "the statement it would rest on is not signed",
    Why.NOT_COUNTERSIGNED: "an emergency run of this case was not countersigned in time",
    Why.NO_AGREEMENT: "no information-sharing agreement in force covers it",
    Why.POLICY_NOT_APPROVED: "a file that decides what may be asked is not approved as it stands",
    Why.CONSENT_NOT_SOUGHT: "consent was not sought",
    Why.CONSENT_NOT_COUNTED: "the agreement given does not count",
    Why.CONSENT_NOT_GIVEN: "consent was not given",
    Why.CONSENT_WITHDRAWN: "consent was withdrawn",
    Why.CONSENT_EXPIRED: "consent has expired",
    Why.NAME_NOT_RESOLVED: "its network name could not be resolved",
    Why.CONNECTION_REFUSED: "its server refused the connection",
    Why.CONNECTION_LOST: "the connection broke",
    Why.TLS_FAILED: "its certificate could not be trusted",
    Why.LOGIN_FAILED: "the log-in failed",
    Why.SERVER_ERROR: "its server reported an error",
    Why.TOO_MANY_REQUESTS: "its server asked us to slow down and did not let us in",
    Why.CONNECTOR_CRASHED: "the connector failed",
    Why.UNREADABLE_ANSWER: "its answer could not be read",
    Why.REDIRECTED: "its server pointed to another address, which is not followed",
    Why.BREAKER_OPEN: "it failed repeatedly and is being left to recover",
    Why.NO_END_PROOF: "there is no proof that these are all of its records",
    Why.ROW_BUDGET: "the limit on records was reached, so there are more",
    Why.ROWS_QUARANTINED: "some of its records could not be read",
    Why.SEARCH_TRUNCATED: "its list of candidates was cut off",
    Why.TOO_OLD: "its data are older than this hub accepts",
    Why.NOT_INSTALLED: "its connector is not installed",
    Why.NOT_APPROVED: "its connector is not approved",
    Why.SUSPENDED: "it is suspended here",
    Why.DRIVER_MISSING: "a database driver is missing",
    Why.SECRET_MISSING: "its log-in details are missing",
    Why.SETTINGS_REFUSED: "what hub.yaml says of its connection cannot be done (`check` says what to write instead)",
    Why.NOTHING_RECEIVED: "no extract of it is here, or the last one is over its time",
}
REFUSALS: dict[Status, RefusalKind] = {
    Status.NOT_PERMITTED: "law",
    Status.CONSENT_MISSING: "family_choice",
    Status.REFUSED_BY_CUSTODIAN: "custodian",
}
NotUsed = Literal["unknown", "not_given", "not_valid", "cut"]
_WHY_NOT: dict[NotUsed, str] = {
    "unknown": "not known",
    "not_given": "known, but it may not be given to this source",
    "not_valid": "a number is known, but it is not valid",
    "cut": "more values are known than one source is asked by",
}
_NOT_USED: dict[NotUsed, str] = dict.fromkeys(_WHY_NOT, "Not searched") | {"cut": "Only in part searched"}
SEARCHED = (Status.FOUND, Status.NONE_FOUND, Status.PARTIAL, Status.AMBIGUOUS_IDENTITY)
SILENT = (Status.TIMED_OUT, Status.UNREACHABLE, Status.NOT_CONNECTED)
"""Nothing was heard: what is known of the person there is from before."""
UNANSWERED = (
    Status.AMBIGUOUS_IDENTITY, Status.TIMED_OUT, Status.UNREACHABLE, Status.PENDING_PERSON, Status.NOT_CONNECTED,
)  # fmt: skip


def outcome_sentence(answer: Answer, name: str, settings: SourceSettings | None, missing: str = "") -> str:
    """What came of one (source, person), fit to be read aloud; and what was not searched by.

    `missing` is what an agreement lacks that was given and does not count. Who is no longer asked was asked before.
    What a source cannot be searched by is said where it found nothing for certain: "holds nothing" would say too much.
    """
    said = _outcome(answer, name, settings, missing) + by_people(answer) + _earlier_matches(answer) + _carried(answer)
    if answer.status not in SEARCHED:
        return said
    for why, keys in unsearched(answer):
        said += f" {_NOT_USED[why]} by {keys}: {_WHY_NOT[why]}."
    if answer.not_offered and answer.status is not Status.FOUND:
        said += f" Not searched by {unknown_keys(sorted(answer.not_offered))}: it has no such search."
    return said


def _carried(answer: Answer) -> str:
    """What of it is older than this trawl, and from when."""
    if answer.carried_from is None:
        return ""
    at = f", asked for on {instant_words(answer.carried_at.astimezone(UTC).isoformat())}" if answer.carried_at else ""
    if answer.status in (*SILENT, Status.PARTIAL):
        return f" What it said before is still shown (version {answer.carried_from}{at})."
    return f" Carried over from version {answer.carried_from}{at}."


def unsearched(item: Answer | AgencyOutcome) -> Iterator[tuple[NotUsed, str]]:
    """Why keys were not used, or not with all that is known, and which, in words; each reason once."""
    asked = {one.by for one in item.searched}
    for reason in _WHY_NOT:
        keys = [key for key in item.not_searched if _why_not(item, key, asked) == reason]
        if keys:
            yield reason, unknown_keys(sorted(keys))


def _why_not(item: Answer | AgencyOutcome, key: tuple[str, ...], asked: Collection[tuple[str, ...]]) -> NotUsed:
    if key in item.not_given:
        return "not_given"
    if key in item.not_valid:
        return "not_valid"
    return "cut" if key in asked else "unknown"


def unknown_keys(keys: Iterable[Iterable[str]]) -> str:
    """The search keys that could not be used, in words: `NHS number; UPRN and date of birth`."""
    return "; ".join(dict.fromkeys(key_words(key) for key in keys))


def _earlier_matches(answer: Answer) -> str:
    """A match that was to be confirmed stays one, though the next ask found nobody at home."""
    if not answer.possible or answer.status not in SILENT:
        return ""
    records = count_words(answer.possible, "possible record")
    return f" An earlier search had found {records}, unconfirmed; nothing was read."


def _outcome(answer: Answer, name: str, settings: SourceSettings | None, missing: str) -> str:
    if answer.by_person is not None:
        return paper_sentence(answer, answer.by_person, name)
    agency, reason = agency_name(answer.agency), _REASONS.get(answer.why, code_words(answer.why.value))
    period = period_words(answer.coverage)
    match answer.status:
        case Status.FOUND if answer.why is Why.KNOWN_NOTHING_IN_SCOPE:
            return f"{agency}: answered, knows {name}, but holds nothing in the categories asked for{period}."
        case Status.FOUND if answer.why is Why.KNOWN_EXISTENCE_ONLY:
            return f"{agency}: answered, knows {name}; only whether it does was permitted, so nothing was read{period}."
        case Status.FOUND:
            return f"{agency}: answered, sent {count_words(answer.found, 'record')} about {name}{period}."
        case Status.NONE_FOUND:
            return f"{agency}: answered, holds nothing for {name}{period}."
        case Status.PARTIAL:
            sent = count_words(answer.found, "record")
            return f"{agency}: answered only in part about {name} ({sent}): {reason}."
        case Status.NOT_PERMITTED:
            because = missing if missing and answer.why is Why.OUT_OF_SCOPE else reason
            return f"{agency}: not asked{_again(answer)} about {name}: {because}."
        case Status.CONSENT_MISSING:
            lacks = f" ({missing})" if missing and answer.why is Why.CONSENT_NOT_COUNTED else ""
            return f"{agency}: not asked{_again(answer)} about {name}: {reason}{lacks}. {_no_concern(answer.why)}"
        case Status.REFUSED_BY_CUSTODIAN:
            return f"{agency}: asked, refused to answer about {name}."
        case Status.AMBIGUOUS_IDENTITY:
            return _ambiguous(answer, agency, name)
        case Status.TIMED_OUT:
            return _late(answer, agency, name, settings)
        case Status.UNREACHABLE:
            return f"{agency}: could not be reached about {name}: {reason}."
        case Status.PENDING_PERSON:
            waits = "a written return is awaited" if answer.why is Why.RETURN_OWED else "a person must decide first"
            return f"{agency}: no answer yet about {name}: {waits}."
        case Status.NOT_CONNECTED:
            return f"{agency}: could not be asked about {name}: {reason}."


def _again(answer: Answer) -> str:
    """An earlier version had asked: what came then is not shown any more, but that it was asked stays true."""
    return " again" if answer.asked_before else ""


def _no_concern(why: Why) -> str:
    """A family's choice is not a concern; that nobody asked them is not even a choice."""
    if why in (Why.CONSENT_NOT_GIVEN, Why.CONSENT_WITHDRAWN):
        return "That is the family's choice, not a concern."
    return "That says nothing about the family."


def _ambiguous(answer: Answer, agency: str, name: str) -> str:
    if answer.why is Why.NO_USABLE_KEY:
        return f"{agency}: could not search for {name}: too little is known to find one person safely."
    possible = count_words(answer.possible, "record")
    return f"{agency}: cannot say whether it holds {name}: {possible} possible, unconfirmed; nothing was read."


def _late(answer: Answer, agency: str, name: str, settings: SourceSettings | None) -> str:
    if answer.why is Why.STOPPED:
        return f"{agency}: the trawl was stopped before an answer about {name} came."
    limit = f" within {settings.limits.deadline.seconds} seconds" if settings else " in time"
    return f"{agency}: asked, did not answer about {name}{limit}."


def outcome(answer: Answer, decisions: Decisions, name: str, settings: SourceSettings | None) -> AgencyOutcome:
    """The outcome of one (source, person)."""
    about = decisions.about(answer.source, answer.person)
    unlock = {item.category: item.unlock for item in about}
    answer = replace(answer, asked_before=tuple(one for one in answer.asked_before if one in unlock))
    return AgencyOutcome(
        source=answer.source,
        agency=answer.agency,
        agency_name=agency_name(answer.agency),
        person=answer.person,
        status=answer.status,
        why=answer.why,
        sentence=outcome_sentence(answer, name, settings, what_is_missing(about)),
        found=answer.found,
        possible=answer.possible,
        dropped=answer.dropped,
        quarantined=answer.quarantined,
        withheld=tuple(
            WithheldCategory.of(item, unlock.get(item.category, ""))
            for item in sorted(answer.withheld, key=lambda item: (item.category, item.rule, item.why))
        ),
        coverage=answer.coverage,
        searched=tuple(
            SearchedKeys(by=item.by, candidates=item.candidates, truncated=item.truncated)
            for item in sorted(answer.searched, key=lambda item: (item.by, item.candidates, item.truncated))
        ),
        not_searched=tuple(sorted(answer.not_searched)),
        not_offered=tuple(sorted(answer.not_offered)),
        not_given=tuple(sorted(answer.not_given)),
        not_valid=tuple(sorted(answer.not_valid)),
        asked_at=answer.asked_at.astimezone(UTC).isoformat() if answer.asked_at else None,
        connector=answer.connector,
        carried_from=answer.carried_from,
        carried_at=answer.carried_at.astimezone(UTC).isoformat() if answer.carried_at else None,
        due=_due(answer),
        each=category_lines(answer.by_person) if answer.by_person else (),
    )


def _due(answer: Answer) -> str | None:
    """Until when a person owes it."""
    due = answer.by_person.due if answer.by_person and answer.why is Why.RETURN_OWED else None
    return due.astimezone(UTC).isoformat() if due else None


def outcomes(
    answers: Iterable[Answer], decisions: Decisions, names: Mapping[str, str], sources: Iterable[SourceSettings]
) -> tuple[AgencyOutcome, ...]:
    """One outcome for each answer, in the same order."""
    settings = {source.name: source for source in sources}
    return tuple(
        outcome(item, decisions, names.get(item.person, item.person), settings.get(item.source)) for item in answers
    )


def refusals(outcomes: Iterable[AgencyOutcome]) -> tuple[Refusal, ...]:
    """The law's no, a family's choice and a custodian's no, each by its own name."""
    return tuple(
        Refusal(
            source=item.source,
            agency=item.agency,
            agency_name=item.agency_name,
            person=item.person,
            kind=REFUSALS[item.status],
            status=item.status,
            why=item.why.value,
            sentence=item.sentence,
        )
        for item in outcomes
        if item.status in REFUSALS
    )


def possible_matches(outcomes: Iterable[AgencyOutcome], names: Mapping[str, str]) -> tuple[Possible, ...]:
    """How many records may be someone, without a word of what they hold."""
    return tuple(
        Possible(
            source=item.source,
            agency=item.agency,
            agency_name=item.agency_name,
            person=item.person,
            count=item.possible,
            sentence=f"{item.agency_name}, {names.get(item.person, item.person)}: "
            f"possible, unconfirmed: {item.possible}. Nothing was read from them.",
        )
        for item in outcomes
        if item.possible
    )
