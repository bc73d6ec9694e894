"""What must fit together in a case: ids, the people they name, identifiers, and the order of dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain

from mash_trawl.config import identifiers
from mash_trawl.config.case_twice import own_ancestors
from mash_trawl.config.look import Spot
from mash_trawl.config.problems import Found
from mash_trawl.config.tree import Path, Tree
from mash_trawl.model.consent import HOUSEHOLD, HOUSEHOLD_CHILDREN
from mash_trawl.model.dates import PartialDate

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])", re.IGNORECASE)
OVERDUE, AHEAD = timedelta(days=60), timedelta(days=310)
_ID_DO = "Use letters, digits, dot, dash and underscore only, without spaces; not a name."
_IDENTIFIERS: dict[str, Callable[[str], str]] = {
    "nhs_number": identifiers.nhs_number_fault,
    "upn": identifiers.upn_fault,
    "former_upn": identifiers.upn_fault,
    "uprn": identifiers.uprn_fault,
}


def check_case(tree: Tree) -> list[Found]:
    """Every problem between parts of a case; parts of the wrong shape are left to validation."""
    case = Spot(tree.data)
    people = {person["id"].text for person in case.each("people")}
    return list(
        chain(
            _ids(case),
            *(_person(person, case) for person in case.each("people")),
            *(_tie(tie, people) for tie in case.each("relationships")),
            _ancestors(list(case.each("relationships"))),
            *(_consent(consent, people) for consent in case.each("consents")),
            *(_gateway(gateway, people) for gateway in case.each("gateways")),
            _before(case["referral"]["received_at"], case["opened_at"], "the referral came after the case was opened"),
        )
    )


def _ids(case: Spot) -> Iterator[Found]:
    yield from _id_shape(case["id"])
    if isinstance(case["people"].value, list | tuple) and not case["people"].value:
        yield Found(path=case["people"].path, what="the case names nobody", do="Add the people it is about.")
    for group, what in (("people", "person"), ("consents", "consent")):
        seen: set[str] = set()
        for item in case.each(group):
            ident = item["id"].text
            yield from _id_shape(item["id"])
            if ident in seen:
                yield Found(path=item["id"].path, what=f"another {what} already has this id", do="Give each its own.")
            seen.add(ident or "")


def id_fault(text: str) -> str:
    """Why this text cannot be an id; empty if it can."""
    return ". ".join(_id_fault(text))


def _id_fault(text: str) -> tuple[str, ...]:
    """What is wrong, and what to do; empty if the text can be an id.

    Ids stand in file names, summaries and the ledger: no number that an agency knows a person by, and no name that
    Windows keeps for devices or cuts a dot from.
    """
    if not _ID.fullmatch(text):
        return ("this cannot be an id", _ID_DO)
    if text.endswith(".") or _DEVICE.fullmatch(text.partition(".")[0]):
        return ("this cannot be the name of a file on Windows", "Choose another id, such as MASH-2026-0142.")
    digits = re.sub(r"[._-]", "", text)
    if len(digits) == len("9434765919") and not identifiers.nhs_number_fault(digits):
        return ("this is an NHS number, which tells who the person is", "Choose an id that means nothing.")
    return ()


def _id_shape(spot: Spot) -> Iterator[Found]:
    if spot.text is not None and (fault := _id_fault(spot.text)):
        yield Found(path=spot.path, what=fault[0], do=fault[1])


def _person(person: Spot, case: Spot) -> Iterator[Found]:
    for name, spot in person.entries("identifiers"):
        fault = _IDENTIFIERS[name](spot.text) if name in _IDENTIFIERS and spot.text else ""
        if fault:
            yield Found(path=spot.path, what=fault, do="Look it up again, or leave it out.")
    if _tells_who(person):
        do = "Use an id that means nothing, such as p1: ids stand in summaries and file names."
        yield Found(path=person["id"].path, what="this id tells who the person is", do=do)
    for address in person.each("addresses"):
        yield from _address(address)
    opened, born, died = case["opened_at"].instant, person["born"].date, person["died"].date
    if opened and born and born.earliest and born.earliest > opened.date():
        do = "Write `due:` for an unborn child."
        yield Found(path=person["born"].path, what="this birth date is after the case was opened", do=do)
    if born and died and born.earliest and died.latest and died.latest < born.earliest:
        yield Found(path=person["died"].path, what="this date of death is before the birth", do="Mend one of them.")
    if born and person["due"].date:
        yield Found(path=person["due"].path, what="a person who is born has no due date", do="Remove one of them.")
    elif opened and (due := person["due"].date) and (what := due_fault(due, opened.date())):
        yield Found(path=person["due"].path, what=what, do="Write `born:` for a child who is born, or mend the date.")


def due_fault(due: PartialDate, day: date) -> str:
    """Why this cannot be the due date of a child who is not born on this day; empty if it can.

    Birth comes at most some weeks after the due date, and no due date is known more than a pregnancy ahead.
    """
    if due.latest and due.latest < day - OVERDUE:
        return "this due date is long past"
    return "this due date is too far ahead" if due.earliest and due.earliest > day + AHEAD else ""


def _tells_who(person: Spot) -> bool:
    """True when the person's id holds one of their own names, or the digits of one of their identifiers."""
    ident = (person["id"].text or "").casefold()
    words = {re.sub(r"[0-9]", "", word) for word in re.split(r"[._-]", ident)}
    names = {
        part.text.casefold()
        for name in person.each("names")
        for part in (name["family"], *name.each("given"))
        if part.text and len(part.text) > 2
    }
    digits = {re.sub(r"[^0-9]", "", spot.text or "") for _, spot in person.entries("identifiers")}
    return bool(words & names) or any(len(number) > 5 and number in ident for number in digits)


def _address(address: Spot) -> Iterator[Found]:
    for key, fault in (("uprn", identifiers.uprn_fault), ("postcode", identifiers.postcode_fault)):
        text = address[key].text
        if text is not None and (what := fault(text)):
            yield Found(path=address[key].path, what=what, do="Mend it, or leave it out.")
    start, end = address["from"].date, address["to"].date
    if start and end and start.earliest and end.latest and end.latest < start.earliest:
        yield Found(path=address["to"].path, what="this ends before it begins", do="Mend one of the dates.")


def _tie(tie: Spot, people: set[str | None]) -> Iterator[Found]:
    yield from _in_case(tie["from"], people, "")
    yield from _in_case(tie["to"], people, "")
    if tie["from"].text is not None and tie["from"].text == tie["to"].text:
        yield Found(path=tie["to"].path, what="this relates somebody to themself", do="Name two people.")


def _ancestors(ties: Sequence[Spot]) -> Iterator[Found]:
    """Whoever would be their own parent or grandparent."""
    parents = [tie for tie in ties if tie["kind"].text == "parent" and tie["from"].text and tie["to"].text]
    for at in own_ancestors([(tie["from"].text or "", tie["to"].text or "") for tie in parents]):
        what = "with this, somebody would be the parent of their own parent"
        yield Found(path=parents[at]["to"].path, what=what, do="`from` is the parent, `to` the child. Mend one.")


def _consent(consent: Spot, people: set[str | None]) -> Iterator[Found]:
    yield from _in_case(consent["given_by"], people, "a consent counts only from a person of the case: ")
    yield from _covers(consent, people, words=(HOUSEHOLD, HOUSEHOLD_CHILDREN))
    given, expires, withdrawn = (consent[key] for key in ("given_at", "expires_at", "withdrawn_at"))
    yield from _before(given, expires, "this consent ends before it is given", same=False)
    yield from _before(given, withdrawn, "this consent is withdrawn before it is given")


def _gateway(gateway: Spot, people: set[str | None]) -> Iterator[Found]:
    for key, whose in (("decided_by", "the staff id of the person who decided"), ("grounds", "the grounds")):
        text = gateway[key].text
        if text is not None and not text.strip():
            yield Found(path=gateway[key].path, what=f"`{key}` is empty", do=f"Write {whose}.")
    yield from _covers(gateway, people)
    yield from _before(gateway["decided_at"], gateway["ends_at"], "this ends before it is decided", same=False)
    for name, spot in gateway.entries("health_reasons"):
        yield from _in_case(Spot(name, spot.path), people, "")


def _covers(item: Spot, people: set[str | None], words: tuple[str, ...] = ()) -> Iterator[Found]:
    covered = list(item.each("covers"))
    if isinstance(item["covers"].value, list | tuple) and not covered:
        yield Found(path=item["covers"].path, what="this covers nobody", do="Write the ids of the people it covers.")
    for spot in covered:
        if spot.text not in words:
            yield from _in_case(spot, people, "")


def _in_case(spot: Spot, people: set[str | None], why: str) -> Iterator[Found]:
    if spot.text is not None and spot.text not in people:
        do = f"Use the id of a person under `people:` ({_known(people)})."
        yield Found(path=spot.path, what=f"{why}there is no person with this id in the case", do=do)


def _known(people: set[str | None]) -> str:
    """How many ids there are to choose from; an id could be somebody's name, so none is repeated."""
    return f"{len(people)} listed"


def _before(first: Spot, second: Spot, what: str, same: bool = True) -> Iterator[Found]:
    start, end = first.instant, second.instant
    if start and end and (end < start or (end == start and not same)):
        path: Path = second.path
        yield Found(path=path, what=what, do="Mend one of the two times.")
