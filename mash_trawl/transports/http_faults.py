"""What went wrong, as a code. Messages of the libraries are thrown away: they hold addresses, and a parser's holds the

whole answer. Callers raise outside the `except` block, so that no error carries another one behind it.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
from urllib3.exceptions import HTTPError, IncompleteRead, InvalidChunkLength, InvalidHeader, NameResolutionError

from mash_trawl.errors import Malformed, TrawlError, Unavailable
from mash_trawl.model.answer import Why

WIRE_FAULTS = (requests.RequestException, HTTPError, http.client.HTTPException, OSError, ValueError)
"""What sending a request and reading its answer may raise. ValueError: a header that is no header."""

WORTH_RETRYING = frozenset({Why.SERVER_ERROR, Why.TOO_MANY_REQUESTS, Why.CONNECTION_LOST, Why.CONNECTION_REFUSED})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})

_KINDS: tuple[tuple[Why, tuple[type[BaseException], ...]], ...] = (
    (Why.NAME_NOT_RESOLVED, (socket.gaierror, NameResolutionError)),
    (Why.CONNECTION_LOST, (ssl.SSLEOFError, ssl.SSLZeroReturnError)),
    (Why.TLS_FAILED, (ssl.SSLError, ssl.CertificateError)),
    (Why.DEADLINE, (TimeoutError,)),
    (Why.CONNECTION_REFUSED, (ConnectionRefusedError,)),
    (Why.CONNECTION_LOST, (ConnectionError, http.client.IncompleteRead, IncompleteRead, InvalidChunkLength)),
    (Why.UNREADABLE_ANSWER, (http.client.HTTPException, InvalidHeader, ValueError)),
)


def fault(error: BaseException) -> TrawlError:
    """Our error for a library's: looks through everything it was caused by."""
    chain = tuple(_chain(error))
    for why, kinds in _KINDS:
        if any(isinstance(link, kinds) for link in chain):
            return Malformed("not_http") if why is Why.UNREADABLE_ANSWER else Unavailable(why)
    return Unavailable(Why.CONNECTION_LOST)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        link = waiting.pop()
        if not isinstance(link, BaseException) or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        waiting += [link.__cause__, link.__context__, getattr(link, "reason", None), *link.args]


def refusal(status: int, headers: Mapping[str, str], now: Callable[[], datetime]) -> TrawlError | None:
    """The error for a status, or None for 200. Never an empty answer: 204 and 404 are errors as well."""
    if status == 200:
        return None
    if 300 <= status < 400:
        return Unavailable(Why.REDIRECTED)
    if status in (401, 407):
        return Unavailable(Why.LOGIN_FAILED)
    if status == 403:
        return Unavailable(Why.CUSTODIAN_SAID_NO)
    if status in _PASSING or status >= 500:
        why = Why.TOO_MANY_REQUESTS if status == 429 else Why.SERVER_ERROR
        return Unavailable(why, retry_after(headers, now))
    return Malformed(f"status_{status}")


def retry_after(headers: Mapping[str, str], now: Callable[[], datetime]) -> float | None:
    """The seconds that a server asks us to wait (RFC 9110 section 10.2.3): a number, or a date.

    A date is compared with the server's own `Date` where it sends one, so that its clock need not be right.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    until = _date(text)
    if until is None:
        return None
    return max(0.0, (until - (_date(headers.get("Date", "")) or now())).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
