"""REST sources: one host, one deadline over retries and pages, and no answer taken for whole without proof.

Personal data goes into bodies only. No exception that leaves this module holds an address, a value or another error.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from tenacity import RetryCallState, Retrying, retry_if_exception

from mash_trawl.errors import Malformed, TrawlError, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.query import QUERY_FIELDS
from mash_trawl.transports.door import Door
from mash_trawl.transports.envelope import Envelope
from mash_trawl.transports.http_body import check_kind, framed, parse, read_body
from mash_trawl.transports.http_faults import WIRE_FAULTS, WORTH_RETRYING, fault, refusal
from mash_trawl.transports.http_lines import Kept, Lines
from mash_trawl.transports.http_paging import Answer, Course, Page, discloses, readable, same_origin
from mash_trawl.transports.http_wire import Line

T = TypeVar("T")
_BACKOFF = 0.2
_LOOK = 0.1
"""Seconds between two looks at the deadline while another line of the source logs in."""
_SPARE_PAGES = 20
"""A list may have this many more pages than rows (empty ones); beyond that it is endless."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Call:
    """One request: what to ask, where, and how. `body` is bytes ready to be sent."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    page: int = 1


class HttpSession:
    """The requests of one ask, one after another, over one line."""

    def __init__(
        self, door: Door, kept: Kept, line: Line, *, now: Callable[[], datetime] | None = None,
        rng: random.Random | None = None,
    ) -> None:  # fmt: skip
        self._door = door
        self._kept = kept
        self._line = line
        self._now = now or (lambda: datetime.now(UTC))
        self._rng = rng or random.Random()  # noqa: S311 - spreads retries, guards nothing
        self._attempt = 0

    def pages(
        self, path: str, *, body: Mapping[str, Any] | None = None, params: Mapping[str, str] | None = None,
        page: Page = "cursor", envelope: Envelope | None = None,
    ) -> Iterator[dict[str, Any]]:  # fmt: skip
        """The items of all pages. With `body`, each page is a POST of JSON; without, a GET with `params`.

        `params` stand in the address, so they may hold opaque references only. After the last item, `door.tally` says
        whether the list is proved whole (`complete`) and whether the row budget cut it off (`truncated`).
        """
        course = Course.start(page, envelope or Envelope())
        call = self._first(path, body, params)
        number = 1
        while True:
            answer = self.ask(call)
            items = course.take(answer)
            token = course.follow(answer, len(items))
            if token is None and not course.sure:
                self._door.tally.complete = False
            for item in items:
                if not isinstance(item, dict):
                    self._door.tally.quarantined += 1
                elif self._door.row():
                    yield item
                else:
                    self._door.tally.truncated = True
                    return
            if token is None:
                return
            number += 1
            if number > course.rows + _SPARE_PAGES:
                self._door.tally.complete = False
                return
            call = self._next(path, body, params, course, token, number)

    def read(self, rows: Iterable[dict[str, Any]], reader: Callable[[dict[str, Any]], T | None]) -> Iterator[T]:
        """What `reader` makes of each row. A row that it cannot read is counted, and costs no other row."""
        return readable(self._door, rows, reader)

    def ask(self, call: Call) -> Answer:
        """One request with its retries; what came back. Raises Unavailable, Malformed or what the door says."""
        self._attempt = 0
        retrying = Retrying(
            retry=retry_if_exception(_passing), stop=self._stop, wait=self._pause, sleep=self._door.wait, reraise=True
        )
        return retrying(self._once, call)

    def address(self, path: str) -> str:
        """The full address of a path under the source's base."""
        if any(part in path for part in ("://", "..", "?", "#", "\\")) or not path.isprintable():
            raise ValueError("not a path")
        return f"{self._kept.settings.url}/{path.strip('/')}"

    def own(self, url: str) -> str:
        """A link that the source gave, if it leads back to the source; Unavailable(`redirected`) if not."""
        return same_origin(url, self._kept.settings.origin)

    def _first(self, path: str, body: Mapping[str, Any] | None, params: Mapping[str, str] | None) -> Call:
        query = dict(params or {})
        if not query.keys().isdisjoint(QUERY_FIELDS):
            raise ValueError("personal data belongs in the body, not in the address")
        url = self.address(path) + (f"?{urlencode(query)}" if query else "")
        return _call(url, body, 1)

    def _next(
        self, path: str, body: Mapping[str, Any] | None, params: Mapping[str, str] | None, course: Course,
        token: str, number: int,
    ) -> Call:  # fmt: skip
        if course.mode == "link":
            if discloses(token, body):
                raise Malformed("link_with_personal_data")
            return _call(self.own(token), None, number)
        value: str | int = int(token) if course.mode == "offset" else token
        name = course.names.offset if course.mode == "offset" else course.names.cursor
        if body is not None:
            return _call(self._first(path, None, params).url, {**body, name: value}, number)
        url = self._first(path, None, {**(params or {}), name: str(value)}).url
        return _call(url, None, number)

    def _once(self, call: Call) -> Answer:
        """One try. After a 401 it is sent again with the token that another line fetched meanwhile, or a new one.

        At most three sendings: with the token at hand, with a newer one, with one that was fetched for this request.
        """
        self._rest()
        login = self._kept.login
        sent, renewed = self._token()[0], False
        answer = self._send(call, sent)
        for _ in range(2):
            if answer is None and login.renewable and not renewed:
                sent, renewed = self._token(refused=sent)
                answer = self._send(call, sent)
        if answer is None:
            login.forget(sent)
            raise Unavailable(Why.LOGIN_FAILED)
        return answer

    def _token(self, refused: Mapping[str, str] | None = None) -> tuple[dict[str, str], bool]:
        """Headers that are not the refused ones, and whether we logged in for them: one line of a source at a time."""
        login = self._kept.login
        known = login.headers()
        if known is not None and known != refused:
            return known, False
        while not login.turn.acquire(timeout=_LOOK):
            self._door.wait(0)
        try:
            if refused is not None:
                login.forget(refused)
            known = login.headers()
            return (self._log_in(), True) if known is None else (known, False)
        finally:
            login.turn.release()

    def _log_in(self) -> dict[str, str]:
        url, headers, body = self._kept.login.question()
        seconds = self._door.request(page=0)
        failed: TrawlError | None = None
        answer: Answer | None = None
        try:
            answer = self._exchange(Call(method="POST", url=url, headers=headers, body=body), {}, seconds)
        except Malformed as error:
            failed = Unavailable(Why.LOGIN_FAILED) if error.why in ("status_400", "status_404") else error
        except Unavailable as error:
            failed = Unavailable(Why.LOGIN_FAILED) if error.why == Why.CUSTODIAN_SAID_NO else error
        if failed is not None:
            raise failed
        if answer is None:
            raise Unavailable(Why.LOGIN_FAILED)
        return self._kept.login.keep(answer.value)

    def _send(self, call: Call, login: Mapping[str, str]) -> Answer | None:
        self._attempt += 1
        seconds = self._door.request(page=call.page, attempt=self._attempt)
        return self._exchange(call, login, seconds)

    def _exchange(self, call: Call, login: Mapping[str, str], seconds: float) -> Answer | None:
        """Send once, read to the end; None for 401. Errors are raised outside `except`: nothing hides behind them."""
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "mash-trawl"}
        failed: TrawlError | None = None
        answer: Answer | None = None
        try:
            response = self._line.send(call.method, call.url, {**headers, **call.headers, **login}, call.body, seconds)
            with response:
                failed = refusal(response.status_code, response.headers, self._now)
                if failed is None:
                    check_kind(response.headers)
                    body = read_body(response.raw)
                    link = response.links.get("next", {}).get("url")
                    answer = Answer(value=body, url=call.url, link=link, framed=framed(response.headers))
        except TrawlError as error:
            failed = error
        except WIRE_FAULTS as error:
            failed = fault(error)
        if failed is None and answer is not None:
            return Answer(value=parse(answer.value), url=answer.url, link=answer.link, framed=answer.framed)
        if isinstance(failed, Unavailable) and failed.why == Why.LOGIN_FAILED:
            return None
        if isinstance(failed, Unavailable) and failed.retry_after is not None:
            self._kept.rest_until = max(self._kept.rest_until, self._kept.now() + failed.retry_after)
        raise failed or Unavailable(Why.CONNECTION_LOST)

    def _rest(self) -> None:
        """Leave the source alone until the moment it named, whichever ask was told so."""
        pause = self._kept.rest_until - self._kept.now()
        if pause > self._door.limits.deadline.seconds:
            raise Unavailable(Why.TOO_MANY_REQUESTS, pause)
        if pause > 0:
            self._door.wait(pause)

    def _pause(self, state: RetryCallState) -> float:
        step: float = _BACKOFF * 2 ** min(state.attempt_number - 1, 6)
        return (_asked(state) or 0.0) + self._rng.uniform(step / 2, step)

    def _stop(self, state: RetryCallState) -> bool:
        asked = _asked(state)
        if state.attempt_number >= self._door.limits.attempts:
            return True
        return asked is not None and asked >= self._line.deadline.spare()


def _call(url: str, body: Mapping[str, Any] | None, page: int) -> Call:
    if body is None:
        return Call(method="GET", url=url, page=page)
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Call(method="POST", url=url, headers={"Content-Type": "application/json"}, body=text.encode(), page=page)


def _passing(error: BaseException) -> bool:
    return isinstance(error, Unavailable) and error.why in WORTH_RETRYING


def _asked(state: RetryCallState) -> float | None:
    error = state.outcome.exception() if state.outcome else None
    return error.retry_after if isinstance(error, Unavailable) else None


@contextmanager
def open_session(door: Door, lines: Lines | None = None) -> Iterator[HttpSession]:
    """A session with the door's source. With `lines`, connection and token are kept for the next ask.

    Raises Misconfigured for settings that cannot be used, and lets what the session raises pass.
    """
    own = Lines() if lines is None else lines
    kept = own.of(door)
    line = kept.take()
    healthy = False
    try:
        yield HttpSession(door, kept, line)
        healthy = True
    finally:
        if healthy and lines is not None:
            kept.give_back(line)
        else:
            line.close()
