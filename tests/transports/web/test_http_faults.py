"""Every fault of a server becomes a typed error or an incomplete list; none becomes "no records"."""

from __future__ import annotations

import gzip
import json
import logging
import os
import socket
import time
import traceback
from typing import Any

import pytest

from mash_trawl.errors import Malformed, TrawlError, Unavailable
from mash_trawl.transports.http import open_session

ITEMS = [{"id": number, "text": "x" * 60} for number in range(20)]
WHOLE = json.dumps({"items": ITEMS, "next_cursor": None, "total": 20}).encode()

STEP = int(os.environ.get("MASH_TRAWL_CUT_STEP", "9"))
"""Of a body, every so-manyth byte is cut at; `MASH_TRAWL_CUT_STEP=1` for each. Of what frames it, always each."""


def ask(door: Any) -> list[Any]:
    with open_session(door) as session:
        return list(session.pages("v1/search", body={"surname": "Canary"}))


def once(wire: Any, data: bytes) -> Any:
    """A server that says this and hangs up."""

    def script(line: socket.socket, _: int) -> None:
        server.hear(line)
        line.sendall(data)

    server = wire(script)
    return server


def chunked(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    parts = [body[at : at + 150] for at in range(0, len(body), 150)]
    return head + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def cuts_of(answer: bytes) -> list[int]:
    """Every byte of the head, those around every line's end, the last ones, and a sample of the rest."""
    ends = [at for at in range(len(answer)) if answer.startswith(b"\r\n", at)]
    near = {at + by for at in ends for by in range(-4, 5)}
    always = {*near, *range(answer.index(b"\r\n\r\n") + 5), *range(len(answer) - 12, len(answer))}
    return sorted({at for at in always if 0 <= at < len(answer)} | set(range(0, len(answer), STEP)))


def test_an_answer_that_says_nothing_of_its_end_is_incomplete(wire: Any, door: Any) -> None:
    server = once(wire, b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + WHOLE)
    asked = door(connect={"url": server.url})
    assert len(ask(asked)) == 20
    assert not asked.tally.complete


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_an_answer_cut_at_any_byte_is_never_taken_for_whole(wire: Any, reply: Any, door: Any, framing: str) -> None:
    short = json.dumps({"items": ITEMS[:5], "next_cursor": None, "total": 5}).encode()
    answer = reply(WHOLE) if framing == "length" else chunked(short)
    cuts: list[int] = []

    def script(line: socket.socket, number: int) -> None:
        server.hear(line)
        line.sendall(answer[: cuts[-1]])

    server = wire(script)
    taken = []
    enough = len(answer) - (0 if framing == "length" else 4)  # the last chunk's size is the end, not its line break
    tried = [cut for cut in cuts_of(answer) if cut < enough]
    for cut in tried:
        cuts.append(cut)
        asked = door(connect={"url": server.url}).limited(attempts=1)
        try:
            ask(asked)
        except TrawlError:
            continue
        if asked.tally.complete:
            taken.append(cut)
    assert taken == []
    assert server.connections == len(tried) > 100


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"", "connection_lost"),
        (b"HTTP/1.1 200", "not_json"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Type: application/json\r\n\r\n", "empty_body"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCanary\r\n\r\n", "not_http"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "status_204"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "not_http"),
        (b"\x15\x03\x01\x00\x02\x02\x50" * 9 + b"\r\n", "not_http"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n<p>Hi</p>", "not_json"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n<p>Hi</p>", "not_json"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n" + WHOLE, "not_json"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n" + WHOLE,
            "connection_lost",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n" + WHOLE, "not_http"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "not_http"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70000 + b"\r\n\r\n", "not_http"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2/\r\nContent-Length: 0\r\n\r\n", "redirected"),
        (b"HTTP/1.1 301 Moved\r\nLocation: /v2/search\r\nContent-Length: 0\r\n\r\n", "redirected"),
        (b"HTTP/1.1 307 Moved\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", "redirected"),
        (b"HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n", "status_400"),
        (b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", "login_failed"),
        (b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", "custodian_said_no"),
        (b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "status_404"),
        (b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n", "login_failed"),
        (b"HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n", "too_many_requests"),
        (b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", "server_error"),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "server_error"),
    ],
)
def test_a_fault_has_one_name(wire: Any, door: Any, answer: bytes, why: str) -> None:
    server = once(wire, answer)
    with pytest.raises(TrawlError) as caught:
        ask(door(connect={"url": server.url}).limited(attempts=1))
    assert caught.value.why == why  # type: ignore[attr-defined]  # both kinds have it
    assert server.connections == 1


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"null", "no_items"),
        (b"[]", "no_items"),
        (b"{}", "no_items"),
        (b'{"items": null}', "no_items"),
        (b'{"items": {}}', "no_items"),
        (b'{"error": "x", "results": []}', "no_items"),
        (b'{"items": [], "total": "0"}', "not_a_total"),
        (b'{"items": [], "total": -1}', "not_a_total"),
        (b'{"items": [], "next_cursor": {}}', "not_a_cursor"),
    ],
)
def test_an_answer_without_a_list_is_no_empty_list(replies: Any, reply: Any, door: Any, body: bytes, why: str) -> None:
    server = replies(reply(body))
    with pytest.raises(Malformed) as caught:
        ask(door(connect={"url": server.url}))
    assert caught.value.why == why


@pytest.mark.parametrize("told", [{"error": "denied"}, {"errors": [{"code": 7}]}, {"error": {"id": 1}}])
@pytest.mark.parametrize("page", ["cursor", "offset", "link"])
def test_an_error_told_beside_an_empty_list_is_no_empty_list(
    replies: Any, reply: Any, door: Any, told: dict[str, Any], page: str
) -> None:
    server = replies(reply(json.dumps({**told, "items": [], "next_cursor": None, "total": 0}).encode()))
    with pytest.raises(Malformed) as caught, open_session(door(connect={"url": server.url})) as session:
        list(session.pages("v1/search", page=page))  # type: ignore[arg-type]  # a way of paging
    assert caught.value.why == "error_in_answer"


@pytest.mark.parametrize("told", [{"error": None}, {"errors": []}, {"error": ""}, {"error": False}, {"errors": {}}])
def test_an_empty_place_for_errors_is_no_error(replies: Any, reply: Any, door: Any, told: dict[str, Any]) -> None:
    server = replies(reply(json.dumps({**told, "items": [], "next_cursor": None, "total": 0}).encode()))
    asked = door(connect={"url": server.url})
    assert ask(asked) == []
    assert asked.tally.complete


def test_a_reset_is_a_lost_connection_and_tried_again(wire: Any, reply: Any, door: Any) -> None:
    def script(line: socket.socket, number: int) -> None:
        server.hear(line)
        if number < 2:
            line.sendall(reply(WHOLE)[:300])
            server.reset(line)
        else:
            line.sendall(reply(WHOLE))

    server = wire(script)
    asked = door(connect={"url": server.url})
    assert len(ask(asked)) == 20
    assert asked.asked == [(1, 1), (1, 2), (1, 3)]


def test_nobody_listening_is_refused_and_told_so(door: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    asked = door(connect={"url": f"http://127.0.0.1:{port}"})
    with pytest.raises(Unavailable, match="connection refused"):
        ask(asked)
    assert len(asked.asked) == 3


def test_a_name_that_is_not_known_is_told_so(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    asked = door(connect={"url": "https://police.invalid"})
    with pytest.raises(Unavailable, match="name not resolved"):
        ask(asked)
    assert len(asked.asked) == 1


SLOW = ["silent", "status line", "headers", "body", "chunks", "continue"]


@pytest.mark.parametrize("where", SLOW)
def test_a_server_that_drips_cannot_outlive_the_deadline(wire: Any, reply: Any, door: Any, where: str) -> None:
    """One byte every 20 ms would keep a time-out between two bytes waiting for ever."""
    start = {
        "silent": b"",
        "status line": b"HTTP/1.1 200 O",
        "headers": b"HTTP/1.1 200 OK\r\nX: ",
        "body": reply(WHOLE)[:120],
        "chunks": chunked(WHOLE)[:120],
        "continue": b"",
    }[where]
    drop = {"silent": b"", "continue": b"HTTP/1.1 100 Continue\r\n\r\n"}.get(where, b"k")

    def script(line: socket.socket, _: int) -> None:
        server.hear(line)
        line.sendall(start)
        while not server.pause(0.02):
            line.sendall(drop)

    server = wire(script)
    began = time.monotonic()
    with pytest.raises(Unavailable, match="deadline"):
        ask(door(connect={"url": server.url}, seconds=0.3))
    assert time.monotonic() - began < 3


def test_pages_and_retries_share_one_deadline(wire: Any, reply: Any, door: Any) -> None:
    def script(line: socket.socket, _: int) -> None:
        while server.hear(line):
            server.pause(0.1)
            body = {"items": [{"id": 1}], "next_cursor": str(len(server.heard))}
            line.sendall(reply(json.dumps(body).encode()))

    server = wire(script)
    began = time.monotonic()
    with pytest.raises(Unavailable, match="deadline"):
        ask(door(connect={"url": server.url}, seconds=0.5))
    assert time.monotonic() - began < 3
    assert 2 <= len(server.heard) <= 6


def test_an_endless_body_stops_at_the_cap(wire: Any, door: Any) -> None:
    def script(line: socket.socket, _: int) -> None:
        server.hear(line)
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
        while not server.pause(0):
            line.sendall(b" " * 65536)

    server = wire(script)
    with pytest.raises(Malformed, match="too long"):
        ask(door(connect={"url": server.url}))


def test_a_gzip_bomb_stops_at_the_cap(replies: Any, reply: Any, door: Any) -> None:
    bomb = gzip.compress(b" " * 50_000_000, 1)
    server = replies(reply(bomb, more="Content-Encoding: gzip\r\n"))
    with pytest.raises(Malformed, match="too long"):
        ask(door(connect={"url": server.url}))


def test_a_packed_answer_is_unpacked(replies: Any, reply: Any, door: Any) -> None:
    server = replies(reply(gzip.compress(WHOLE), more="Content-Encoding: gzip\r\n"))
    asked = door(connect={"url": server.url})
    assert len(ask(asked)) == 20
    assert asked.tally.complete
    assert b"Accept-Encoding: gzip\r\n" in server.heard[0]


@pytest.mark.parametrize("packed", [gzip.compress(WHOLE)[:-6], gzip.compress(WHOLE) + b"more", WHOLE])
def test_a_packed_answer_that_is_not_whole_is_refused(replies: Any, reply: Any, door: Any, packed: bytes) -> None:
    server = replies(reply(packed, more="Content-Encoding: gzip\r\n"))
    with pytest.raises(Malformed, match="cut short"):
        ask(door(connect={"url": server.url}))


def test_a_line_that_saw_a_fault_is_not_used_again(replies: Any, reply: Any, door: Any, lines: Any) -> None:
    server = replies(reply(b"{"), reply(WHOLE))
    kept = lines()
    for wanted in (0, 20):
        asked = door(connect={"url": server.url})
        try:
            with open_session(asked, kept) as session:
                assert len(list(session.pages("x", body={}))) == wanted
        except Malformed:
            assert wanted == 0
    assert server.connections == 2


CANARIES = ("Canary", "v1/search", "S3cr3tC4n4ry", "T0k3nC4n4ry", "127.0.0.1")


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"rubbish Canary", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 403 Canary\r\n\r\n",
        b"HTTP/1.1 301 Moved\r\nLocation: http://a/?surname=Canary\r\n\r\n",
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n["Canary", ',
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n["\xff\xff\xff\xff\xff"',
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; Canary\r\nContent-Length: 6\r\n\r\nCanary",
        b"HTTP/1.1 500 Canary\r\nContent-Length: 6\r\n\r\nCanary",
    ],
)  # fmt: skip
def test_no_error_and_no_log_line_of_ours_tells_what_was_asked(
    wire: Any, reply: Any, door: Any, caplog: pytest.LogCaptureFixture, capfd: Any, answer: bytes
) -> None:
    token = b'{"access_token": "T0k3nC4n4ry", "token_type": "Bearer", "expires_in": 300}'

    def script(line: socket.socket, number: int) -> None:
        if b"/token" in server.hear(line)[:40]:
            line.sendall(reply(token))
            server.hear(line)
        line.sendall(answer)

    server = wire(script)
    connect = {"url": server.url, "token_url": "/token", "client_id": "hub", "client_secret": "S3cr3tC4n4ry"}
    caplog.set_level(logging.DEBUG)
    with pytest.raises(TrawlError) as caught:
        ask(door(connect=connect).limited(attempts=2))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    ours = "".join(record.getMessage() for record in caplog.records if not record.name.startswith("urllib3"))
    theirs = "".join(record.getMessage() for record in caplog.records)
    told = (
        "".join(traceback.format_exception_only(caught.value)) + repr(caught.value) + ours + "".join(capfd.readouterr())
    )
    assert [canary for canary in CANARIES if canary in told] == []
    assert [canary for canary in CANARIES[2:4] if canary in theirs] == []
    assert "surname" not in theirs
