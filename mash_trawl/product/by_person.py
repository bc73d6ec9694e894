"""What came of a question on paper, in plain English: until when it is owed, who answered, what nobody searched."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from mash_trawl.model.answer import Answer, Why
from mash_trawl.model.by_person import ByPerson, OfCategory
from mash_trawl.model.shown import day_words, instant_words
from mash_trawl.product.plain import agency_name, code_words, count_words, list_words, period_words

_SAID = {"nothing_held": "searched, and nothing held", "not_searched": "not searched, so still owed"}


def paper_sentence(answer: Answer, by: ByPerson, name: str) -> str:
    """One (source, person) of a source that is a person."""
    agency, period = agency_name(answer.agency), period_words(answer.coverage)
    sent = count_words(answer.found, "record")
    if answer.why is Why.RETURN_OWED:
        return f"{agency}: {_owed(answer, by, name)}{_came(answer, by)}"
    if answer.why is Why.NO_USABLE_KEY:
        return f"{agency}: could not say who is meant by {name}, so nothing was taken in.{_who(by)}"
    if answer.why is Why.CUSTODIAN_SAID_NO:
        return f"{agency}: asked, refused to answer about {name}: {_kinds(by.refused)}.{_came(answer, by)}"
    if answer.why is Why.TOO_OLD:
        old = f"{sent}: its data are older than this hub accepts"
        return f"{agency}: answered only in part about {name}, {old}.{_who(by)}"
    if answer.why is Why.MATCHED:
        return f"{agency}: answered, sent {sent} about {name}{period}.{_nothing(by)}{_who(by)}"
    if answer.why is Why.KNOWN_EXISTENCE_ONLY:
        return f"{agency}: answered, knows {name}; only whether it does was permitted{period}.{_who(by)}"
    if answer.why is Why.KNOWN_NOTHING_IN_SCOPE:
        return f"{agency}: answered, knows {name}, but holds nothing in the categories asked for{period}.{_who(by)}"
    return f"{agency}: answered, searched and holds nothing for {name}{period}.{_who(by)}"


def category_lines(by: ByPerson) -> tuple[str, ...]:
    """Each category by itself, where there are several: what was said, by whom, and as their records stood when."""
    return tuple(map(_line, by.each)) if len(by.each) > 1 and by.returned_at else ()


def _line(one: OfCategory) -> str:
    kind = _kinds([one.category]).capitalize()
    if one.returned_at is None:
        return f"{kind}: no answer yet."
    said = count_words(one.found, "record") if one.said == "records" else _SAID.get(one.said, code_words(one.said))
    covers = one.coverage if one.said not in ("not_searched", "refused") else None
    stood = f", as at {day_words(covers.as_of)}" if covers and covers.as_of else ""
    return f"{kind}: {said}{period_words(covers)}{stood}, by {one.practitioner} on {_at(one.returned_at)}."


def _owed(answer: Answer, by: ByPerson, name: str) -> str:
    due = f", due {_at(by.due)}" if by.due else ""
    if not by.request or by.requested_at is None:
        ask = f"{answer.source}, a person, has to be asked{due}"
        return f"no answer yet about {name}: {ask}, and no request was written yet."
    written = f"asked on {_at(by.requested_at)}, request {by.request}"
    if by.returned_at is None:
        return f"no answer yet about {name}: a written return is awaited{due} ({written})."
    are = "are" if len(by.owed) > 1 else "is"
    return f"no full answer yet about {name}: {_kinds(by.owed)} {are} owed{due} ({written})."


def _came(answer: Answer, by: ByPerson) -> str:
    """What an answer that is not whole has brought all the same."""
    if by.returned_at is None:
        return ""
    sent = f" Sent so far: {count_words(answer.found, 'record')}." if answer.found else ""
    left = f" Not searched: {_kinds(by.not_searched)}." if by.not_searched else ""
    no = f" Refused: {_kinds(by.refused)}." if by.refused and answer.why is not Why.CUSTODIAN_SAID_NO else ""
    return f"{sent}{_nothing(by)}{left}{no}{_who(by)}"


def _nothing(by: ByPerson) -> str:
    return f" Searched, and nothing held: {_kinds(by.nothing)}." if by.nothing else ""


def _who(by: ByPerson) -> str:
    if by.returned_at is None:
        return ""
    late = f", {by.late_words} late" if by.late_words else ""
    noted = "".join(f" They noted to {_kinds([one.category])}: {one.text.rstrip('.')}." for one in by.notes)
    return f"{noted} Said by {by.practitioner} in a return of {_at(by.returned_at)}{late}."


def _kinds(categories: Iterable[str]) -> str:
    return list_words(code_words(category.partition(".")[2]) for category in categories)


def _at(moment: datetime) -> str:
    return instant_words(moment.astimezone(UTC).isoformat())
