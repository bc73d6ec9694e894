"""The steps of a mapping at a web service: what is sent for a step, and each item of the answer as a row."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mash_trawl.errors import Malformed
from mash_trawl.model.base import Private
from mash_trawl.model.json_path import look
from mash_trawl.model.mapping import Bound, Step
from mash_trawl.model.mapping_web import SearchValue, WebStep
from mash_trawl.transports.door import Door, Tally
from mash_trawl.transports.envelope import Envelope

if TYPE_CHECKING:
    from mash_trawl.transports.fhir import FhirSession
    from mash_trawl.transports.http import HttpSession
    from mash_trawl.transports.http_paging import Page

_PREFIX = {"at_least": "ge", "at_most": "le"}


class Item(Private):
    """One object of an answer as a row: `row["name[0].family"]` is what stands there, None if nothing does."""

    __slots__ = ("_value",)

    def __init__(self, value: Mapping[str, Any]) -> None:
        self._value = value

    def __getitem__(self, place: str) -> Any:
        return look(self._value, place)


class Steps(ABC):
    """What the sessions of both kinds of web service have in common for a mapping."""

    def __init__(self, door: Door) -> None:
        self._door = door

    @property
    def tally(self) -> Tally:
        """Where a connector counts rows that it cannot read."""
        return self._door.tally

    def answers(self, step: Step) -> bool:
        """True: what a service cannot do it says itself."""
        return True

    def select(self, step: Step, values: Mapping[str, Bound]) -> Iterator[Item]:
        """Send one step with these values; the items of all pages. Raises what the session raises."""
        if step.web is None:
            raise ValueError("not a step for a web service")
        for item in self._asked(step.web, values):
            yield Item(item)

    @abstractmethod
    def _asked(self, web: WebStep, values: Mapping[str, Bound]) -> Iterable[dict[str, Any]]:
        """The items that come back for one step."""


class HttpSteps(Steps):
    """Over REST: POST with a JSON body where the step has one, else GET."""

    def __init__(self, door: Door, session: HttpSession) -> None:
        super().__init__(door)
        self._session = session

    def _asked(self, web: WebStep, values: Mapping[str, Bound]) -> Iterable[dict[str, Any]]:
        body = None if web.body is None else _nested(_filled(web.body, web, values) | dict(web.fixed))
        params = _filled(web.params, web, values) | (dict(web.fixed) if body is None else {})
        pages = web.pages
        if pages is None:
            raise ValueError("not a step that says how it is paged")
        names = Envelope(
            items=pages.items, total=pages.total, next=pages.next, next_cursor=pages.next_cursor,
            cursor=pages.cursor, offset=pages.offset,
        )  # fmt: skip
        by: Page = "link" if pages.by == "whole" else pages.by
        return self._session.pages(_address(web.path, values), body=body, params=params, page=by, envelope=names)


class FhirSteps(Steps):
    """Over FHIR: a search by POST."""

    def __init__(self, door: Door, session: FhirSession) -> None:
        super().__init__(door)
        self._session = session

    def _asked(self, web: WebStep, values: Mapping[str, Bound]) -> Iterable[dict[str, Any]]:
        params: dict[str, list[str]] = {name: [text] for name, text in web.fixed.items()}
        for name, wanted in web.search.items():
            every = wanted if isinstance(wanted, tuple) else (wanted,)
            found = [text for one in every if (text := _searched(one, web, values)) is not None]
            if found:
                params[name] = found
        return self._session.search(web.resource, **params)


def _filled(names: Mapping[str, str], web: WebStep, values: Mapping[str, Bound]) -> dict[str, Any]:
    """Each name with its value; an open end of a period is left out."""
    found = {name: _text(key, web, values) for name, key in names.items()}
    return {name: text for name, text in found.items() if text is not None}


def _text(key: str, web: WebStep, values: Mapping[str, Bound]) -> str | None:
    """A value as it is sent: of several ways of writing it the first, a day in its format or else in ISO form."""
    value = values.get(key)
    if isinstance(value, tuple):
        value = value[0]
    if isinstance(value, date):
        form = web.formats.get(key)
        return value.strftime(form) if form else value.isoformat()
    return value


def _searched(wanted: str | SearchValue, web: WebStep, values: Mapping[str, Bound]) -> str | None:
    if isinstance(wanted, str):
        return _escaped(_text(wanted, web, values))
    if wanted.value is not None:
        text = _escaped(_text(wanted.value, web, values))
        return None if text is None else f"{wanted.system}|{text}"
    for how, prefix in _PREFIX.items():
        key = getattr(wanted, how)
        if key is not None and (text := _text(key, web, values)) is not None:
            return prefix + text
    return None


def _escaped(text: str | None) -> str | None:
    """A comma, a bar or a dollar sign in a value is no sign of the search (FHIR R4, search, section 3.1.1.4)."""
    if text is None:
        return None
    return "".join(f"\\{sign}" if sign in "\\,|$" else sign for sign in text)


def _nested(flat: Mapping[str, str]) -> dict[str, Any]:
    """`{"name.family": x}` as `{"name": {"family": x}}`."""
    body: dict[str, Any] = {}
    for name, value in flat.items():
        *outer, last = name.split(".")
        inner = body
        for part in outer:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return body


def _address(path: str, values: Mapping[str, Bound]) -> str:
    """The path with the record's key in it, as one part of it whatever signs the key holds."""
    if ":ref" not in path.split("/"):
        return path
    ref = values.get("ref")
    if not isinstance(ref, str) or set(ref) <= {"."} or ".." in ref:
        raise Malformed("not_a_reference")
    return "/".join(quote(ref, safe="") if part == ":ref" else part for part in path.split("/"))
