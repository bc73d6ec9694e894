"""Web services as seeds: a function of the author's answers, the kit pages, listens and spoils."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from mash_trawl.testing.cast import Cast, Facts
from mash_trawl.testing.seeds import SECRET, Seed
from mash_trawl.testing.seen import PATIENCE, STRAIGHT, Asked, Seen, Twist
from mash_trawl.testing.server import FAULTS, Reply, Request, Server, faulty
from mash_trawl.transports.envelope import Envelope

__all__ = ["HttpSeed", "Reply", "Request", "served"]

Served = list[Any] | dict[str, Any] | Reply | int | None
App = Callable[[Request], Any]
PageMode = Literal["cursor", "offset", "link"] | None
TOKEN = "/kit/token"  # noqa: S105 - a path
_PAGES = "/kit/pages/"


class HttpSeed(Seed):
    """A service on loopback. Lists that `app` returns go out in pages, as `page` and `envelope` say."""

    kinds = frozenset({"http"})
    faults = FAULTS
    retries = True

    def __init__(
        self, app: App, *, page: PageMode, envelope: Envelope, size: int, base: str, oauth: bool,
        connect: Mapping[str, str], cast: Cast | None, facts: Facts | None,
    ) -> None:  # fmt: skip
        self._app, self._page, self._names, self._size, self._base = app, page, envelope, size, base.strip("/")
        self._oauth, self._connect, self.cast, self.facts = oauth, dict(connect), cast, facts
        self.pages = page is not None  # type: ignore[misc]  # of this seed
        self.grows = page is not None  # type: ignore[misc]  # of this seed
        self._server: Server | None = None
        self._twist, self._seen = STRAIGHT, Seen()
        self._lists: dict[str, list[Any]] = {}
        self._ids = itertools.count(1)

    def start(self, folder: Path) -> None:
        """Listen."""
        self._server = Server(self)

    def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.stop()

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self._server.port if self._server else 0}"

    def connect(self) -> Mapping[str, str]:
        """Address and log-in."""
        login = {"token_url": self.origin + TOKEN, "client_id": "kit", "client_secret": SECRET}
        return {"url": f"{self.origin}/{self._base}".rstrip("/")} | (
            login if self._oauth else {"api_key": SECRET}
        ) | self._connect  # fmt: skip

    def places(self) -> frozenset[tuple[str, int]]:
        """Its own port."""
        return frozenset({("127.0.0.1", self._server.port if self._server else 0)})

    @contextmanager
    def behind(self, twist: Twist, seen: Seen) -> Iterator[None]:
        """Behave so, and note it there."""
        self._twist, self._seen = twist, seen
        self._lists.clear()
        try:
            yield
        finally:
            self._twist, self._seen = STRAIGHT, Seen()

    def settle(self) -> None:
        """Until every answer is out of the server's hands."""
        if self._server is not None:
            self._server.settle()

    def state(self) -> str:
        """What can be asked cannot be written here: requests are looked at instead."""
        return ""

    # serving

    def answer(self, request: Request) -> Reply:
        """Count, then serve: a token, a page, or what the function says; or something wrong."""
        seen, twist = self._seen, self._twist
        if request.path == TOKEN:
            seen.logins += 1
            seen.asked.append(_asked(request))
            return Reply(body={"access_token": "kit-token", "token_type": "Bearer", "expires_in": 300})
        asked = _asked(request)
        seen.asked.append(asked)
        number = len(seen.asked) - seen.logins
        if twist.fault and twist.at in (0, number):
            seen.faults += 1
            return faulty(twist.fault, PATIENCE, self._body(request))
        return self._shaped(request)

    def _body(self, request: Request) -> Any:
        return self._shaped(request).body

    def _shaped(self, request: Request) -> Reply:
        told = self._continued(request)
        if told is not None:
            self._seen.asked[-1].more = True
            return told
        made: Any = self._app(self._unpaged(request))
        if isinstance(made, int) and not isinstance(made, bool):
            return Reply(status=made, body={"error": made})
        if made is None:
            return Reply(status=404, body={"error": "not found"})
        if hasattr(made, "status") and hasattr(made, "body"):
            if made.status != 200:
                return Reply(status=made.status, body=made.body, kind=made.kind, headers=made.headers)
            made = made.body
        if self._page and isinstance(made, dict) and isinstance(made.get(self._names.items), list):
            made = made[self._names.items]
        if isinstance(made, list):
            return self._first(request, made)
        self._note(request.path, [made])
        return Reply(body=self._spoiled(made), kind=self.kind)

    kind = "application/json"

    def _first(self, request: Request, items: list[Any]) -> Reply:
        """The first page of a list; as many items as the twist wants."""
        spoiled = [self._spoiled(item) for item in items]
        self._note(request.path, spoiled)
        at = 0 if self._page != "offset" else int(self._told(request, "offset") or 0)
        self._seen.lists += bool(items) and at == 0
        at = 0 if self._twist.same_token else at
        if self._page is None:
            self._seen.drawn += len(items)
            return Reply(body=spoiled, kind=self.kind)
        ident = str(next(self._ids))
        self._lists[ident] = spoiled
        return self._part(request, ident, at)

    def _unpaged(self, request: Request) -> Request:
        """The question as the first page asks it: the function is never asked to skip anything."""
        word = self._names.offset
        if self._page != "offset" or (word not in request.query and word not in request.json()):
            return request
        query = {name: value for name, value in request.query.items() if name != word}
        body = {name: value for name, value in request.json().items() if name != word}
        return replace(request, query=query, body=json.dumps(body).encode() if request.body else b"")

    def _told(self, request: Request, name: str) -> Any:
        word = getattr(self._names, name)
        return request.json().get(word, request.query.get(word))

    def _continued(self, request: Request) -> Reply | None:
        """A further page of a list that was begun, if that is what is asked for."""
        token = ""
        if self._page == "cursor":
            token = str(self._told(request, "cursor") or "")
        elif self._page == "link" and _PAGES in request.path:
            token = request.path.rpartition("/")[2]
        ident, _, at = token.partition(".")
        if not token or not at.isdigit():
            return None
        return (
            self._part(request, ident, int(at)) if ident in self._lists else Reply(status=400, body={"error": "page"})
        )

    def _part(self, request: Request, ident: str, at: int) -> Reply:
        items, size = self._lists[ident], self._twist.page or self._size
        total = len(items) if self._twist.total is None or not items else self._twist.total
        here = [items[number % len(items)] for number in range(at, min(at + size, total))]
        self._seen.drawn += len(here)
        more = at + size < total or self._twist.same_token
        token = f"{ident}.{0 if self._twist.same_token else at + size}" if more else None
        return self._enveloped(here, total, token)

    def _enveloped(self, items: list[Any], total: int, token: str | None) -> Reply:
        body: dict[str, Any] = {self._names.items: items, self._names.total: total}
        if self._page == "cursor":
            body[self._names.next_cursor] = token
        elif self._page == "link" and token:
            base = f"/{self._base}" if self._base else ""
            body[self._names.next] = f"{self.origin}{base}{_PAGES}{token}"
        return Reply(body=body, kind=self.kind)

    def _spoiled(self, value: Any, path: str = "") -> Any:
        """The value with another text wherever the twist names its key."""
        if isinstance(value, dict):
            return {key: self._spoiled(held, f"{path}.{key}".lstrip(".")) for key, held in value.items()}
        if isinstance(value, list):
            return [self._spoiled(held, path) for held in value]
        changed = self._twist.values.get(path)
        return changed if changed is not None and isinstance(value, str) and value else value

    def _note(self, where: str, items: list[Any]) -> None:
        for item in items[:100] if self._twist.total is None else ():  # what the kit keeps is not the connector's
            rows: list[dict[str, Any]] = [{}]
            for path, value in flat(item):
                row = next((held for held in rows if path not in held), None)
                if row is None:
                    rows.append(row := {})
                row[path] = value
            for row in rows:
                self._seen.row(where, row)


def flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted key and value of everything in a JSON value."""
    if isinstance(value, dict):
        for key, held in value.items():
            yield from flat(held, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for held in value:
            yield from flat(held, path)
    else:
        yield path, value


def _asked(request: Request) -> Asked:
    digest = hashlib.sha256(request.body).hexdigest() if request.body else ""
    try:
        values: tuple[Any, ...] = (json.dumps(json.loads(request.body), sort_keys=True),) if request.body else ()
    except ValueError:
        values = tuple(request.form()) or (digest,)
    return Asked(
        text=f"{request.method} {request.path}", values=(*values, *request.query.items()), open=request.address,
        method=request.method,
    )  # fmt: skip


def served(
    app: App, *, page: PageMode = None, envelope: Envelope | None = None, size: int = 50, base: str = "",
    oauth: bool = False, connect: Mapping[str, str] | None = None, cast: Cast | None = None, facts: Facts | None = None,
) -> HttpSeed:  # fmt: skip
    """A seed for `HttpConnector`.

    `app` is handed each `Request` and returns the whole list that it asks for (the kit makes pages of it, as `page` and
    `envelope` say), an object, a status, a `Reply`, or None for 404. `base` is the path under which the service stands;
    with `oauth` the kit gives out tokens, else it sends an API key; `connect` adds to the settings.
    """
    return HttpSeed(
        app, page=page, envelope=envelope or Envelope(), size=size, base=base, oauth=oauth, connect=connect or {},
        cast=cast, facts=facts,
    )  # fmt: skip
