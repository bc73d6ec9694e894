"""The page of `view`: who gets it, who does not, and when it is gone."""

from __future__ import annotations

import http.client
import threading
import time

import pytest

from mash_trawl.cli.loopback_page import LoopbackPage

HTML = "<!doctype html><title>x</title><p>Synthetica Testfall</p>"


@pytest.fixture
def shown():
    page = LoopbackPage(HTML)
    thread = threading.Thread(target=page.serve, daemon=True)
    thread.start()
    yield page
    page.end()
    thread.join(10)
    assert not thread.is_alive()


def ask(page, path, *, method="GET", **headers):
    """One request; status, headers, body."""
    host = page.link.split("/")[2]
    connection = http.client.HTTPConnection(host, timeout=10)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode("utf-8")
    finally:
        connection.close()


def follow(page):
    """The first browser: follows the link and keeps the cookie."""
    status, headers, body = ask(page, "/" + page.link.rpartition("/")[2])
    assert status == 200 and "url=/" in body and "Synthetica" not in body
    return headers["Set-Cookie"].split(";")[0]


def test_the_link_leads_to_the_page_and_the_address_holds_nothing(shown):
    cookie = follow(shown)
    status, headers, body = ask(shown, "/", Cookie=cookie)
    assert (status, body) == (200, HTML)
    assert headers["Cache-Control"] == "no-store" and headers["Referrer-Policy"] == "no-referrer"


def test_the_cookie_is_for_this_page_alone(shown):
    _, headers, _ = ask(shown, "/" + shown.link.rpartition("/")[2])
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in headers["Set-Cookie"].split(";")}


def test_the_link_works_once(shown):
    follow(shown)
    status, _, body = ask(shown, "/" + shown.link.rpartition("/")[2])
    assert status == 403 and "used already" in body and "Synthetica" not in body


@pytest.mark.parametrize("path", ["/", "/guess", "/../etc/passwd", "/" + "x" * 2000])
def test_without_the_cookie_nobody_gets_anything(shown, path):
    follow(shown)
    status, _, body = ask(shown, path)
    assert status == 403 and "Synthetica" not in body


@pytest.mark.parametrize("cookie", ["view-x=1", "=", "view", ";;;", "view-é=1".encode().decode("latin-1")])
def test_a_wrong_cookie_gets_nothing(shown, cookie):
    assert ask(shown, "/", Cookie=cookie)[0] == 403


def test_a_name_that_was_made_to_point_here_gets_nothing(shown):
    cookie = follow(shown)
    assert ask(shown, "/", Cookie=cookie, Host="attacker.example")[0] == 403
    assert ask(shown, "/", Cookie=cookie, Host="localhost")[0] == 403


def test_a_wrong_host_does_not_use_the_link_up(shown):
    path = "/" + shown.link.rpartition("/")[2]
    assert ask(shown, path, Host="attacker.example")[0] == 403
    assert ask(shown, path)[0] == 200


def test_another_site_in_the_same_browser_gets_nothing(shown):
    cookie = follow(shown)
    assert ask(shown, "/", Cookie=cookie, Sec_Fetch_Site="cross-site")[0] == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_it_can_only_be_read(shown, method):
    cookie = follow(shown)
    assert ask(shown, "/", method=method, Cookie=cookie)[0] == 405


def test_it_listens_on_loopback_only(shown):
    assert shown.link.startswith("http://127.0.0.1:")
    assert shown._server.server_address[0] == "127.0.0.1"


def test_it_is_gone_when_nobody_looked_for_the_idle_time():
    now = [0.0]
    page = LoopbackPage(HTML, idle=2.0, clock=lambda: now[0])
    thread = threading.Thread(target=page.serve, daemon=True)
    thread.start()
    cookie = follow(page)
    now[0] = 1.9
    assert ask(page, "/", Cookie=cookie)[0] == 200
    now[0] = 3.8
    assert ask(page, "/", Cookie="wrong")[0] == 403
    assert thread.is_alive()
    now[0] = 4.0
    thread.join(10)
    assert not thread.is_alive()
    with pytest.raises(OSError):
        ask(page, "/", Cookie=cookie)


def test_somebody_who_says_nothing_does_not_hold_it_up(shown):
    host, _, port = shown.link.split("/")[2].partition(":")
    silent = http.client.HTTPConnection(host, int(port), timeout=10)
    silent.connect()
    began = time.monotonic()
    assert ask(shown, "/", Cookie=follow(shown))[0] == 200
    assert time.monotonic() - began < 8
    silent.close()
