"""What typed answers become: names, days, postcodes, numbers with check digits; and the common questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from mash_trawl.cli.interview import Choice, Question, Wrong
from mash_trawl.config import identifiers
from mash_trawl.model.base import Unreadable
from mash_trawl.model.dates import PartialDate


def label(person: Mapping[str, Any]) -> str:
    """`p1 Aisha Khan`, for the questions that follow."""
    name: dict[str, Any] = next(iter(person.get("names", ())), {})
    words = " ".join([*name.get("given", ()), name.get("family") or ""]).strip()
    return f"{person['id']} {words}".strip()


def keep(into: dict[str, Any], key: str, value: Any) -> None:
    """Keep an answer, unless it is not known: an unknown fact is a fact that is not there."""
    if value not in (None, (), "unknown"):
        into[key] = value


def choices(words: Mapping[str, str]) -> tuple[Choice, ...]:
    """Choices from codes and words."""
    return tuple(Choice(code=code, words=told) for code, told in words.items())


def said(question_choices: tuple[Choice, ...]) -> Callable[[Any], str]:
    """The words of a chosen code, or of several."""
    words = {choice.code: choice.words for choice in question_choices}
    return lambda value: ", ".join(words[code] for code in ((value,) if isinstance(value, str) else value))


def pick(ask: str, why: str, words: Mapping[str, str], **more: Any) -> Question:
    """A question with one choice."""
    offered = choices(words)
    return Question(ask=ask, why=why, choices=offered, shown=said(offered), **more)


def pick_several(ask: str, why: str, words: Mapping[str, str], **more: Any) -> Question:
    """A question with any number of choices; none of them is the empty tuple."""
    return pick(ask, why, words, several=True, **({"empty": ()} | more))


def whether(ask: str, why: str, **more: Any) -> Question:
    """A question with yes or no; an empty line is a no: nothing more of that kind."""
    return pick(ask, why, {"yes": "yes", "no": "no"}, **({"empty": "no", "otherwise": "no"} | more))


def known(ask: str, why: str, **more: Any) -> Question:
    """A fact with three values: yes, no, or not known, which is never a no."""
    return pick(ask, why, {"yes": "yes", "no": "no"}, **({"empty": "unknown"} | more))


def day(today: date, *, ahead: bool = False) -> dict[str, Any]:
    """How a partial date is read and echoed, as parts of a question; `ahead`: days to come are taken too."""

    def read(text: str) -> PartialDate:
        try:
            found = PartialDate.parse(text)
        except Unreadable as fault:
            raise Wrong(date_fault(fault)) from None
        if not ahead and found.earliest and found.earliest > today:
            raise Wrong("This day is still to come.")
        if found.earliest is None and found.latest is None:
            raise Wrong("This tells no day, month or year.")
        return found

    return {"read": read, "shown": lambda value: value.show()}


def date_fault(fault: Unreadable) -> str:
    """Why a text is no date, and how one is written."""
    return f"This cannot be read as a date. {fault.do or 'Write 17/05/2014, May 2019, about 2019, or 2014.'}"


def given_names(text: str) -> tuple[str, ...]:
    """`Aisha Noor`: two names; with a comma, each part is one name (`Mary Ann, Rose`)."""
    return tuple(part.strip() for part in (text.split(",") if "," in text else text.split()) if part.strip())


def lines(text: str) -> tuple[str, ...]:
    """The lines of an address, told apart by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def checked(fault_of: Callable[[str], str], upper: bool = True) -> Callable[[str], str]:
    """A reader of an identifier or postcode; what is wrong is said, never the number."""

    def read(text: str) -> str:
        if fault := fault_of(text):
            raise Wrong(f"{fault[0].upper()}{fault[1:]}.")
        return text.upper() if upper else text

    return read


nhs_number = checked(identifiers.nhs_number_fault)
upn = checked(identifiers.upn_fault)
uprn = checked(identifiers.uprn_fault)
postcode = checked(identifiers.postcode_fault)
