"""Three ways in which a list is served in pages, and for each the proof that the last page was the last.

A page token that comes back is not followed a second time: what came so far is kept and called incomplete.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from urllib.parse import parse_qsl, urljoin, urlsplit

from mash_trawl.errors import Malformed, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.transports.door import Door
from mash_trawl.transports.envelope import Envelope
from mash_trawl.transports.http_settings import Origin, origin_of

T = TypeVar("T")
Page = Literal["link", "offset", "cursor"]
_ABSENT = object()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answer:
    """One answer that was read: its JSON value, the address it came from, its `next` link, whether its end is sure."""

    value: Any
    url: str
    link: str | None = None
    framed: bool = True


@dataclass(slots=True, kw_only=True, repr=False)
class Course:
    """Where a list has got to: rows so far, and the tokens seen."""

    mode: Page
    names: Envelope
    rows: int = 0
    total: int | None = None
    sure: bool = True
    _seen: set[str]

    @classmethod
    def start(cls, mode: Page, names: Envelope) -> Course:
        """At the first page."""
        return cls(mode=mode, names=names, _seen=set())

    def take(self, answer: Answer) -> list[Any]:
        """The items of a page. Malformed if it has none where they should be, or tells of an error beside them."""
        value = answer.value
        items = value if isinstance(value, list) and self.mode == "link" else None
        if isinstance(value, Mapping):
            items = [value] if self.names.items == "." else held(value, self.names.items)
            total = held(value, self.names.total)
            if total is not None and (not isinstance(total, int) or isinstance(total, bool) or total < 0):
                raise Malformed("not_a_total")
            self.sure = self.sure and (self.total is None or total == self.total)
            self.total = total if total is not None else self.total
        if not isinstance(items, list):
            raise Malformed("no_items")
        if tells_error(value, self.names.items):
            raise Malformed("error_in_answer")
        self.rows += len(items)
        self.sure = self.sure and answer.framed
        return items

    def follow(self, answer: Answer, items: int) -> str | None:
        """The token of the next page (cursor, offset or link), or None at the end; `sure` says whether it is proved."""
        token = {"cursor": self._cursor, "offset": self._offset, "link": self._link}[self.mode](answer, items)
        if token is None:
            self.sure = self.sure and (self.total is None or self.total == self.rows)
        elif token in self._seen:
            self.sure = False
            return None
        else:
            self._seen.add(token)
        return token

    def _cursor(self, answer: Answer, _: int) -> str | None:
        token = held(answer.value, self.names.next_cursor, _ABSENT)
        if token is _ABSENT:
            self.sure = False
            return None
        if token is not None and not isinstance(token, str | int):
            raise Malformed("not_a_cursor")
        return str(token) if token not in (None, "") else None

    def _offset(self, _: Answer, items: int) -> str | None:
        if self.total is None:
            self.sure = False
        if items == 0 or (self.total is not None and self.rows >= self.total):
            return None
        return str(self.rows)

    def _link(self, answer: Answer, _: int) -> str | None:
        found = answer.link
        if found is None and isinstance(answer.value, Mapping):
            found = held(answer.value, self.names.next)
        if found is not None and not isinstance(found, str):
            raise Malformed("not_a_link")
        return urljoin(answer.url, found) if found else None


def held(value: Any, name: str, absent: Any = None) -> Any:
    """What an answer holds under a name; where there is no such name, at the place that its points lead to."""
    if isinstance(value, Mapping) and name in value:
        return value[name]
    for part in name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return absent
        value = value[part]
    return value


def tells_error(value: Any, items: str = "") -> bool:
    """True if an object says at its top that something went wrong; not if that is where the list itself stands."""
    return isinstance(value, Mapping) and any(value.get(name) for name in ("error", "errors") if name != items)


def readable(door: Door, rows: Iterable[dict[str, Any]], reader: Callable[[dict[str, Any]], T | None]) -> Iterator[T]:
    """What `reader` makes of each row; None is left out. A row that it cannot read is quarantined, not dropped."""
    for row in rows:
        try:
            found = reader(row)
        except (LookupError, TypeError, ValueError, AttributeError):
            door.tally.quarantined += 1
        else:
            if found is not None:
                yield found


def same_origin(url: str, origin: Origin) -> str:
    """The link, if it leads to the source's own scheme, host and port; else Unavailable(`redirected`)."""
    try:
        good = origin_of(url) == origin and not urlsplit(url).username
    except ValueError:
        good = False
    if not good:
        raise Unavailable(Why.REDIRECTED)
    return url


def discloses(url: str, sent: Any) -> bool:
    """True if the link's query repeats a value that we sent in a body: following it would put it in an address."""
    held = {value.casefold() for _, value in parse_qsl(urlsplit(url).query)}
    return not held.isdisjoint(_texts(sent))


def _texts(sent: Any) -> set[str]:
    if isinstance(sent, Mapping):
        return set().union(*(_texts(value) for value in sent.values()))
    if isinstance(sent, list | tuple):
        return set().union(*(_texts(value) for value in sent))
    return {sent.casefold()} if isinstance(sent, str) and len(sent) > 1 else set()
