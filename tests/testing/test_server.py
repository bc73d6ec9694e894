"""The small web server behind seeds and behind the county: where it listens, and what it will not read."""

from __future__ import annotations

import http.client
from contextlib import closing

import pytest

from mash_trawl.testing import Reply
from mash_trawl.testing.server import MOST_BODY, Server


class Echo:
    """Says how it was asked."""

    def answer(self, request):
        return Reply(body={"method": request.method, "read": len(request.body)})


@pytest.fixture
def listening():
    server = Server(Echo())
    yield server
    server.stop()


def asked(port, length=0):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as line:
        line.request("POST", "/", headers={"Content-Length": str(length)}, body=b"")
        return line.getresponse().status


def test_a_body_that_is_too_long_is_refused_before_it_is_read(listening):
    assert asked(listening.port) == 200
    assert asked(listening.port, MOST_BODY + 1) == 413


def test_it_comes_back_on_the_port_that_it_had(listening):
    listening.stop()
    with pytest.raises(OSError):
        asked(listening.port)
    again = Server(Echo(), listening.port)
    try:
        assert (again.port, asked(again.port)) == (listening.port, 200)
    finally:
        again.stop()
