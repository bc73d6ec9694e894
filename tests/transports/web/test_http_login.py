"""One 401 costs nobody an answer, and lines that work side by side do not take each other's token away."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mash_trawl.errors import Unavailable
from mash_trawl.model.hub import Tls
from mash_trawl.transports.http import open_session
from mash_trawl.transports.http_login import Login
from mash_trawl.transports.http_settings import read_settings

EMPTY = b'{"items": [], "next_cursor": null, "total": 0}'


def oauth(url: str) -> dict[str, str]:
    return {"url": url, "token_url": "/token", "client_id": "hub", "client_secret": "secret"}


def token(number: int) -> bytes:
    return json.dumps({"access_token": f"t{number}", "token_type": "Bearer", "expires_in": 300}).encode()


def paths(server: Any) -> list[bytes]:
    return [heard.split()[1] for heard in server.heard]


def ask(door: Any, lines: Any) -> list[Any]:
    with open_session(door, lines) as session:
        return list(session.pages("v1/search", body={}))


class OneToken:
    """A service that knows only the last token it gave. `meet` is called before each answer with the token sent."""

    def __init__(self, wire: Any, reply: Any, meet: Callable[[bytes], None] = lambda _: None) -> None:
        self._reply, self._meet = reply, meet
        self._lock = threading.Lock()
        self.given = 0
        self.valid = b""
        self.wire = wire(self._talk)

    def forget(self) -> None:
        self.valid = b""

    def _talk(self, line: Any, _: int) -> None:
        while heard := self.wire.hear(line):
            if heard.startswith(b"POST /token "):
                self._meet(b"")
                with self._lock:
                    self.given += 1
                    self.valid = f"Bearer t{self.given}\r\n".encode()
                    answer = self._reply(token(self.given))
            else:
                sent = heard.partition(b"Authorization: ")[2].partition(b"\n")[0] + b"\n"
                self._meet(sent)
                answer = self._reply(EMPTY) if sent == self.valid else self._reply(b"{}", status="401 No")
            line.sendall(answer)


def test_a_single_401_in_a_run_costs_nobody_an_answer(replies: Any, reply: Any, door: Any, lines: Any) -> None:
    empty, no = reply(EMPTY), reply(b"{}", status="401 No")
    server = replies(reply(token(1)), no, reply(token(2)), empty)
    kept = lines()
    doors = [door(connect=oauth(server.url)) for _ in range(3)]
    assert [ask(asked, kept) for asked in doors] == [[], [], []]
    assert paths(server) == [b"/token", b"/v1/search", b"/token", b"/v1/search", b"/v1/search", b"/v1/search"]
    assert doors[0].asked == [(0, 1), (1, 1), (0, 1), (1, 2)]
    assert all(asked.tally.complete for asked in doors)


def test_two_lines_log_in_once_when_a_client_has_one_token(wire: Any, reply: Any, door: Any, lines: Any) -> None:
    waiting = threading.Event()

    def meet(sent: bytes) -> None:
        if not sent:
            waiting.wait(5)  # the login takes until the other line stands behind it

    service, kept = OneToken(wire, reply, meet), lines()

    def trawl(asked: Any) -> list[list[Any]]:
        plain = asked.wait

        def wait(seconds: float) -> None:
            waiting.set()
            plain(seconds)

        asked.wait = wait
        return [ask(asked, kept) for _ in range(20)]

    with ThreadPoolExecutor(2) as pool:
        doors = [door(connect=oauth(service.wire.url)) for _ in range(2)]
        assert list(pool.map(trawl, doors)) == [[[]] * 20] * 2
    assert waiting.is_set()
    assert service.given == 1


def test_a_token_lost_to_two_lines_at_once_is_renewed_once(wire: Any, reply: Any, door: Any, lines: Any) -> None:
    both, lost = threading.Barrier(2, timeout=10), []

    def meet(sent: bytes) -> None:
        if sent in lost:
            both.wait()

    service, kept = OneToken(wire, reply, meet), lines()
    assert ask(door(connect=oauth(service.wire.url)), kept) == []
    lost.append(service.valid)
    service.forget()
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda _: ask(door(connect=oauth(service.wire.url)), kept), range(2)))
    assert found == [[], []]
    assert service.given == 2


def test_a_newer_token_that_is_refused_too_is_renewed(wire: Any, reply: Any, door: Any, lines: Any) -> None:
    kept = lines()

    def meet(sent: bytes) -> None:
        if b" t1\r" in sent:
            login.keep(json.loads(token(2)))  # what another line was given meanwhile

    service = OneToken(wire, reply, meet)
    service.given = 2
    asked = door(connect=oauth(service.wire.url))
    login = kept.of(asked).login
    login.keep(json.loads(token(1)))
    assert ask(asked, kept) == []
    assert paths(service.wire) == [b"/v1/search", b"/v1/search", b"/token", b"/v1/search"]
    assert asked.asked == [(1, 1), (1, 2), (0, 1), (1, 3)]


def test_a_line_does_not_wait_for_a_login_beyond_its_deadline(wire: Any, reply: Any, door: Any, lines: Any) -> None:
    service = OneToken(wire, reply)
    kept = lines()
    asked = door(connect=oauth(service.wire.url))
    with kept.of(asked).login.turn:
        asked.ends = 0.0
        with pytest.raises(Unavailable, match="deadline"):
            ask(asked, kept)
    assert service.wire.heard == []


def test_only_the_token_that_was_refused_is_forgotten() -> None:
    door = {"url": "https://police.example", "token_url": "/t", "client_id": "a", "client_secret": "b"}
    login = Login(read_settings("police", door, Tls()))
    first = login.keep(json.loads(token(1)))
    second = login.keep(json.loads(token(2)))
    login.forget(first)
    assert login.headers() == second
    login.forget(second)
    assert login.headers() is None
