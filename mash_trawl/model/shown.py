"""How a day and the origin of a statement stand in a product: text and integers only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mash_trawl.model.base import DOCUMENT, Private
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.moments import earliest_reading, local, zoned_words

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class When(Private):
    """A day as it was given. `earliest` and `latest` are inclusive ISO days (absent: open or unknown).

    `shown` is plain English and never more exact than `original`; `exact` is true for one certain day.
    """

    __pydantic_config__ = DOCUMENT
    shown: str
    original: str
    edtf: str
    earliest: str | None = None
    latest: str | None = None
    exact: bool = False
    approximate: bool = False

    @classmethod
    def of(cls, day: PartialDate) -> When:
        """The shown form of a partial date; an uncertain date counts as approximate."""
        return cls(
            shown=day.show(),
            original=day.original,
            edtf=day.edtf,
            earliest=day.earliest.isoformat() if day.earliest else None,
            latest=day.latest.isoformat() if day.latest else None,
            exact=day.exact,
            approximate=day.approximate or day.uncertain,
        )


def when(day: PartialDate | None) -> When | None:
    """The shown form, or None for a date that was not given."""
    return When.of(day) if day is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Through whose answer a record came: the case person asked about, and how many times it was delivered."""

    __pydantic_config__ = DOCUMENT
    person: str
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Origin(Private):
    """Who says so. The case file itself has the agency `case` and no source.

    `recorded_on` is an ISO day; `basis` is how the agency knows; `deliveries` lists every time the record came. `item`
    names this claim in every version, so that somebody can dispute it (product/items.py).
    """

    __pydantic_config__ = DOCUMENT
    agency: str
    agency_name: str
    source: str = ""
    ref: str = ""
    category: str = ""
    recorded_on: str | None = None
    recorded_by: str | None = None
    basis: str = "not_stated"
    restricted: bool = False
    deliveries: tuple[Delivery, ...] = ()
    item: str | None = None


CASE_FILE = Origin(agency="case", agency_name="Case file")
"""The origin of everything that the case itself states."""


def day_words(text: str) -> str:
    """An ISO year, month, day or instant as `3 November 2026`, `April 2009`, `2009`; other text as it is.

    The day of an instant is the one in the United Kingdom.
    """
    moment = _instant(text.strip())
    head = moment.date().isoformat() if moment else text.strip()[:10]
    parts = head.split("-")
    if len(parts) > 3 or not all(part.isascii() and part.isdigit() for part in parts) or len(parts[0]) != 4:
        return text
    if len(parts) == 1:
        return head
    month = int(parts[1])
    if not 1 <= month <= 12:
        return text
    return " ".join([*(str(int(day)) for day in parts[2:]), _MONTHS[month - 1], parts[0]])


_FACTS = {
    "nhs_number": "NHS number", "upn": "UPN", "uprn": "UPRN", "born": "date of birth", "born_from": "year of birth",
    "born_to": "year of birth", "given": "given name", "family": "family name",
    "family_soundex": "sound of family name", "given_soundex": "sound of given name",
}  # fmt: skip


def key_words(by: Iterable[str]) -> str:
    """A search key as words: `("family", "born")` becomes `family name and date of birth`."""
    return " and ".join(dict.fromkeys(_FACTS.get(name, name.replace("_", " ")) for name in by))


def instant_words(text: str) -> str:
    """An ISO instant as `3 November 2026 at 09:20 UK time`; a day as a day, and other text as it is.

    Nothing that people read says a moment in any other zone. What has no zone is UK time already.
    """
    moment = _instant(text)
    if moment is None:
        return day_words(text)
    return f"{day_words(moment.date().isoformat())} at {zoned_words(moment)}"


def _instant(text: str) -> datetime | None:
    """The moment, on the clock of the United Kingdom; None for a day, and for what is no ISO instant."""
    if len(text) < 16 or text[10] != "T":
        return None
    try:
        return local(earliest_reading(datetime.fromisoformat(text)))
    except (ValueError, OverflowError):
        return None
