"""Lists in pages, logging in, retries, and what may never stand in an address."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from mash_trawl.errors import Malformed, Unavailable
from mash_trawl.transports.http import open_session
from mash_trawl.transports.http_lines import Lines
from mash_trawl.transports.http_paging import Envelope


def page(items: list[Any], **more: Any) -> bytes:
    return json.dumps({"items": items, **more}).encode()


def ids(door: Any, lines: Lines | None = None, path: str = "v1/search", **how: Any) -> list[int]:
    with open_session(door, lines) as session:
        return [item["id"] for item in session.pages(path, **how)]


def rows(*numbers: int) -> list[dict[str, int]]:
    return [{"id": number} for number in numbers]


def bodies(server: Any) -> list[Any]:
    return [json.loads(heard.partition(b"\r\n\r\n")[2]) for heard in server.heard]


def test_cursor_pages_are_followed_to_the_end_and_counted(replies: Any, reply: Any, door: Any) -> None:
    server = replies(reply(page(rows(1, 2), next_cursor="a", total=3)), reply(page(rows(3), next_cursor=None, total=3)))
    asked = door(connect={"url": server.url})
    assert ids(asked, body={"surname": "Khan"}) == [1, 2, 3]
    assert asked.tally.complete
    assert bodies(server) == [{"surname": "Khan"}, {"surname": "Khan", "cursor": "a"}]
    assert asked.asked == [(1, 1), (2, 1)]


def test_offset_pages_are_followed_until_the_total(replies: Any, reply: Any, door: Any) -> None:
    server = replies(reply(page(rows(1, 2), total=3)), reply(page(rows(3), total=3)))
    asked = door(connect={"url": server.url})
    assert ids(asked, body={"x": 1}, page="offset") == [1, 2, 3]
    assert asked.tally.complete
    assert bodies(server)[1] == {"x": 1, "offset": 2}


def test_link_headers_are_followed_on_the_same_host(replies: Any, reply: Any, door: Any) -> None:
    server = replies(reply(b'[{"id": 1}]', more='Link: </v1/more?t=9>; rel="next"\r\n'), reply(b'[{"id": 2}]'))
    asked = door(connect={"url": server.url})
    assert ids(asked, page="link", params={"ref": "N1"}) == [1, 2]
    assert server.heard[0].startswith(b"GET /v1/search?ref=N1 ")
    assert server.heard[1].startswith(b"GET /v1/more?t=9 ")
    assert asked.tally.complete


def test_next_links_in_the_body_are_followed(replies: Any, reply: Any, door: Any) -> None:
    server = replies(reply(page(rows(1), next="more?t=9")), reply(page(rows(2), next=None)))
    assert ids(door(connect={"url": server.url}), page="link") == [1, 2]


def test_a_service_may_name_its_parts_differently(replies: Any, reply: Any, door: Any) -> None:
    server = replies(
        reply(b'{"data": [{"id": 1}], "after": "z", "count": 2}'),
        reply(b'{"data": [{"id": 2}], "after": "", "count": 2}'),
    )
    names = Envelope(items="data", total="count", next_cursor="after", cursor="from_key")
    asked = door(connect={"url": server.url})
    assert ids(asked, body={}, envelope=names) == [1, 2]
    assert bodies(server)[1] == {"from_key": "z"}
    assert asked.tally.complete


@pytest.mark.parametrize(
    ("how", "answers"),
    [
        ("cursor", [page(rows(1), next_cursor=None, total=2)]),
        ("cursor", [page(rows(1, 2), next_cursor=None, total=1)]),
        ("cursor", [page(rows(1))]),
        ("cursor", [page(rows(1), next_cursor="a"), page(rows(2), next_cursor="a")]),
        ("cursor", [page(rows(1), next_cursor="a", total=2), page(rows(2), next_cursor=None, total=3)]),
        ("offset", [page(rows(1), total=2), page([], total=2)]),
        ("offset", [page(rows(1)), page([])]),
        ("link", [page(rows(1), next="/v1/p?t=1"), page(rows(2), next="/v1/p?t=1")]),
        ("link", [page(rows(1), next=None, total=5)]),
    ],
    ids=[
        "short",
        "long",
        "no end",
        "token again",
        "total moves",
        "stops early",
        "no total",
        "link again",
        "link short",
    ],
)
def test_a_list_without_proof_of_its_end_is_never_called_whole(
    replies: Any, reply: Any, door: Any, how: Any, answers: list[bytes]
) -> None:
    server = replies(*(reply(body) for body in answers))
    asked = door(connect={"url": server.url})
    found = ids(asked, body=None if how == "link" else {}, page=how)
    assert found[0] == 1
    assert not asked.tally.complete


def test_empty_pages_without_end_are_left(replies: Any, reply: Any, wire: Any, door: Any) -> None:
    def script(line: Any, _: int) -> None:
        while server.hear(line):
            line.sendall(reply(page([], next_cursor=str(len(server.heard)))))

    server = wire(script)
    asked = door(connect={"url": server.url})
    assert ids(asked, body={}) == []
    assert not asked.tally.complete
    assert len(server.heard) < 50


def test_the_row_budget_ends_the_list_and_is_told(replies: Any, reply: Any, door: Any) -> None:
    server = replies(reply(page(rows(1, 2, 3), next_cursor="a", total=9)))
    asked = door(connect={"url": server.url}).limited(rows=2)
    assert ids(asked, body={}) == [1, 2]
    assert asked.tally.truncated
    assert len(server.heard) == 1


def test_items_that_are_no_records_are_quarantined(replies: Any, reply: Any, door: Any) -> None:
    server = replies(reply(page([{"id": 1}, "x", None], next_cursor=None)))
    asked = door(connect={"url": server.url})
    assert ids(asked, body={}) == [1]
    assert asked.tally.quarantined == 2


def test_a_row_that_a_reader_cannot_read_costs_no_other(replies: Any, reply: Any, door: Any) -> None:
    server = replies(reply(page([{"id": 1}, {"no": 1}, {"id": 3}], next_cursor=None)))
    asked = door(connect={"url": server.url})
    with open_session(asked) as session:
        assert list(session.read(session.pages("x", body={}), lambda item: item["id"])) == [1, 3]
    assert asked.tally.quarantined == 1


@pytest.mark.parametrize(
    "link", ["http://127.0.0.2:1/x", "https://127.0.0.1/x", "//evil.example/x", "http://a@127.0.0.1/x"]
)
def test_a_next_link_to_another_host_is_refused(replies: Any, reply: Any, door: Any, link: str) -> None:
    server = replies(reply(page(rows(1), next=link)))
    with pytest.raises(Unavailable, match="redirected"):
        ids(door(connect={"url": server.url}), page="link")
    assert len(server.heard) == 1


def test_a_next_link_that_repeats_what_was_asked_is_not_put_in_an_address(replies: Any, reply: Any, door: Any) -> None:
    server = replies(reply(page(rows(1), next="/v1/p?surname=KHAN&page=2")))
    with pytest.raises(Malformed, match="link with personal data"):
        ids(door(connect={"url": server.url}), page="link", body={"surname": "Khan"})
    assert len(server.heard) == 1


def test_personal_data_cannot_be_asked_for_in_an_address(door: Any) -> None:
    with (
        pytest.raises(ValueError, match="personal data"),
        open_session(door(connect={"url": "http://127.0.0.1:1"})) as s,
    ):
        list(s.pages("x", params={"family": "Khan"}))


@pytest.mark.parametrize("path", ["../admin", "http://evil.example/", "x?surname=Khan", "x#y", "x\\y", "x\r\ny"])
def test_a_path_is_only_a_path(door: Any, path: str) -> None:
    with pytest.raises(ValueError, match="not a path"), open_session(door(connect={"url": "http://127.0.0.1:1"})) as s:
        list(s.pages(path, body={}))


TOKEN = b'{"access_token": "t1", "token_type": "Bearer", "expires_in": 300}'


def oauth(url: str, **more: str) -> dict[str, str]:
    return {"url": url, "token_url": "/token", "client_id": "hub", "client_secret": "s3:cret/", **more}


def test_a_token_is_fetched_once_and_kept_between_asks(replies: Any, reply: Any, door: Any, lines: Any) -> None:
    server = replies(reply(TOKEN), reply(page([], next_cursor=None)))
    kept = lines()
    for _ in range(3):
        ids(door(connect=oauth(server.url, scope="trawl.read")), kept, body={})
    assert len(server.heard) == 4
    assert server.connections == 1
    assert b"Authorization: Basic aHViOnMzJTNBY3JldCUyRg==\r\n" in server.heard[0]
    assert server.heard[0].endswith(b"grant_type=client_credentials&scope=trawl.read")
    assert all(b"Authorization: Bearer t1\r\n" in heard for heard in server.heard[1:])


def test_the_client_secret_can_be_sent_in_the_form(replies: Any, reply: Any, door: Any) -> None:
    server = replies(reply(TOKEN), reply(page([], next_cursor=None)))
    ids(door(connect=oauth(server.url, client_auth="post")), body={})
    assert b"Authorization" not in server.heard[0]
    assert b"client_id=hub&client_secret=s3%3Acret%2F" in server.heard[0]


def test_a_token_that_is_no_longer_known_is_renewed_once(replies: Any, reply: Any, door: Any, lines: Any) -> None:
    empty = reply(page([], next_cursor=None))
    server = replies(reply(TOKEN), empty, reply(b"{}", status="401 No"), reply(TOKEN.replace(b"t1", b"t2")), empty)
    kept = lines()
    ids(door(connect=oauth(server.url)), kept, body={})
    second = door(connect=oauth(server.url))
    assert ids(second, kept, body={}) == []
    assert b"Bearer t2" in server.heard[-1]
    assert second.asked == [(1, 1), (0, 1), (1, 2)]


def test_a_token_that_was_refused_is_not_sent_again(replies: Any, reply: Any, door: Any, lines: Any) -> None:
    empty, no = reply(page([], next_cursor=None)), reply(b"{}", status="401 No")
    server = replies(reply(TOKEN), empty, no, no, reply(TOKEN.replace(b"t1", b"t2")), empty)
    kept = lines()
    ids(door(connect=oauth(server.url)), kept, body={})
    with pytest.raises(Unavailable, match="login failed"):
        ids(door(connect=oauth(server.url)), kept, body={})
    assert ids(door(connect=oauth(server.url)), kept, body={}) == []
    assert [heard.split()[1] for heard in server.heard[3:]] == [b"/token", b"/token", b"/v1/search"]


def test_two_fresh_tokens_that_are_refused_mean_that_the_login_failed(replies: Any, reply: Any, door: Any) -> None:
    no = reply(b"{}", status="401 No")
    server = replies(reply(TOKEN), no, reply(TOKEN.replace(b"t1", b"t2")), no)
    with pytest.raises(Unavailable, match="login failed"):
        ids(door(connect=oauth(server.url)), body={})
    assert [heard.split()[1] for heard in server.heard] == [b"/token", b"/v1/search"] * 2


def test_a_lapsing_token_is_renewed_before_it_is_used(replies: Any, reply: Any, door: Any, lines: Any) -> None:
    server = replies(reply(TOKEN), reply(page([], next_cursor=None)), reply(TOKEN), reply(page([], next_cursor=None)))
    asked = door(connect=oauth(server.url), seconds=1000)
    kept = lines(asked.now)
    ids(asked, kept, body={})
    asked.clock += 271
    ids(asked, kept, body={})
    assert [heard.split()[1] for heard in server.heard] == [b"/token", b"/v1/search", b"/token", b"/v1/search"]


@pytest.mark.parametrize("status", ["400 Bad", "401 No", "403 No", "404 Gone"])
def test_a_refused_login_is_no_refused_question(replies: Any, reply: Any, door: Any, status: str) -> None:
    server = replies(reply(b'{"error": "invalid_client"}', status=status))
    with pytest.raises(Unavailable, match="login failed"):
        ids(door(connect=oauth(server.url)), body={})
    assert len(server.heard) == 1


@pytest.mark.parametrize(
    "body",
    [b"{}", b"[]", b'{"access_token": "a b", "token_type": "bearer"}', b'{"access_token": "x", "token_type": "mac"}',
     b'{"access_token": "x\\r\\nEvil: 1", "token_type": "bearer"}', b'{"access_token": 5, "token_type": "bearer"}',
     b'{"access_token": "x", "token_type": "bearer", "expires_in": null}'],
)  # fmt: skip
def test_what_is_no_token_is_not_used_as_one(replies: Any, reply: Any, door: Any, body: bytes) -> None:
    server = replies(reply(body))
    with pytest.raises(Malformed):
        ids(door(connect=oauth(server.url)), body={})
    assert len(server.heard) == 1


def test_an_api_key_goes_into_its_header(replies: Any, reply: Any, door: Any) -> None:
    server = replies(reply(page([], next_cursor=None)))
    ids(door(connect={"url": server.url, "api_key": "k9", "api_key_header": "Ocp-Key"}), body={})
    assert b"Ocp-Key: k9\r\n" in server.heard[0]


def test_cookies_are_not_carried_from_one_ask_to_the_next(replies: Any, reply: Any, door: Any, lines: Any) -> None:
    server = replies(reply(page([], next_cursor=None), more="Set-Cookie: who=1; Path=/\r\n"))
    kept = lines()
    ids(door(connect={"url": server.url}), kept, body={})
    ids(door(connect={"url": server.url}), kept, body={})
    assert b"Cookie" not in server.heard[1]


def test_the_environment_is_ignored(
    replies: Any, reply: Any, door: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login evil password evil")
    netrc.chmod(0o600)
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("NETRC", str(netrc))
    server = replies(reply(TOKEN), reply(page(rows(1), next_cursor=None)))
    assert ids(door(connect=oauth(server.url)), body={}) == [1]
    assert b"Bearer t1" in server.heard[1]


def test_a_passing_fault_is_retried_within_the_attempts(replies: Any, reply: Any, door: Any, lines: Any) -> None:
    server = replies(reply(b"", status="503 Busy"), reply(b"", status="500 Oh"), reply(page(rows(1), next_cursor=None)))
    asked = door(connect={"url": server.url})
    assert ids(asked, lines(asked.now), body={}) == [1]
    assert asked.asked == [(1, 1), (1, 2), (1, 3)]
    assert len(asked.waits) == 2
    assert all(0.1 <= wait <= 0.4 for wait in asked.waits)


@pytest.mark.parametrize(
    ("status", "why"),
    [("500 Oh", "server error"), ("503 Busy", "server error"), ("429 Slow", "too many requests")],
)
def test_attempts_are_bounded(replies: Any, reply: Any, door: Any, lines: Any, status: str, why: str) -> None:
    server = replies(reply(b"", status=status))
    asked = door(connect={"url": server.url}).limited(attempts=3)
    with pytest.raises(Unavailable, match=why):
        ids(asked, lines(asked.now), body={})
    assert len(server.heard) == 3


def retry_dates() -> list[str]:
    moment = datetime.now(UTC) + timedelta(seconds=4)
    wrong_clock = datetime(2001, 1, 1, tzinfo=UTC)
    return [
        "Retry-After: 3\r\n",
        f"Retry-After: {format_datetime(moment, usegmt=True)}\r\n",
        f"Date: {format_datetime(wrong_clock, usegmt=True)}\r\n"
        f"Retry-After: {format_datetime(wrong_clock + timedelta(seconds=3), usegmt=True)}\r\n",
    ]


@pytest.mark.parametrize("which", range(3), ids=["seconds", "date", "date by the server's wrong clock"])
def test_retry_after_is_honoured(replies: Any, reply: Any, door: Any, lines: Any, which: int) -> None:
    busy = reply(b"", status="429 Slow", more=retry_dates()[which])
    server = replies(busy, reply(page(rows(1), next_cursor=None)))
    asked = door(connect={"url": server.url}, seconds=60)
    assert ids(asked, lines(asked.now), body={}) == [1]
    assert 2 < sum(asked.waits) < 5


def test_a_pause_beyond_the_deadline_ends_the_ask_at_once(replies: Any, reply: Any, door: Any, lines: Any) -> None:
    server = replies(reply(b"", status="429 Slow", more="Retry-After: 3600\r\n"))
    asked = door(connect={"url": server.url})
    with pytest.raises(Unavailable, match="too many requests") as caught:
        ids(asked, lines(asked.now), body={})
    assert caught.value.retry_after == 3600
    assert len(server.heard) == 1
    assert asked.waits == []


def test_the_next_ask_keeps_the_pause_that_the_last_was_told(replies: Any, reply: Any, door: Any, lines: Any) -> None:
    server = replies(reply(b"", status="429 Slow", more="Retry-After: 5\r\n"), reply(page(rows(1), next_cursor=None)))
    asked = door(connect={"url": server.url}, seconds=60).limited(attempts=1)
    kept = lines(asked.now)
    with pytest.raises(Unavailable):
        ids(asked, kept, body={})
    assert ids(asked, kept, body={}) == [1]
    assert 4 < sum(asked.waits) <= 5


def test_settings_that_change_make_new_lines(replies: Any, reply: Any, door: Any, lines: Any) -> None:
    server = replies(reply(page([], next_cursor=None)))
    kept = lines()
    ids(door(connect={"url": server.url}), kept, body={})
    ids(door(connect={"url": server.url, "api_key": "new"}), kept, body={})
    assert b"X-API-Key: new" in server.heard[1]


def test_nothing_is_kept_without_lines(replies: Any, reply: Any, door: Any) -> None:
    server = replies(reply(page([], next_cursor=None)))
    ids(door(connect={"url": server.url}), body={})
    ids(door(connect={"url": server.url}), body={})
    assert server.connections == 2
