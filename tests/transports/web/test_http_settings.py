"""Settings of web sources: all mistakes at once, no value repeated, nothing sent."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.errors import Misconfigured
from mash_trawl.model.hub import Tls, Unverified
from mash_trawl.transports.http import open_session
from mash_trawl.transports.http_settings import Origin, read_pin, read_settings

GOOD = {"url": "https://police.example/api/"}


def mistakes(connect: dict[str, str], tls: Tls | None = None, proxy: str | None = None) -> list[str]:
    with pytest.raises(Misconfigured) as caught:
        read_settings("police", connect, tls or Tls(), proxy)
    return [str(problem) for problem in caught.value.problems]


def test_an_address_is_read() -> None:
    settings = read_settings("police", GOOD, Tls())
    assert settings.url == "https://police.example/api"
    assert settings.origin == Origin("https", "police.example", 443)
    assert "police.example" not in repr(settings)


def test_a_token_path_stands_on_the_same_host() -> None:
    login = {"client_id": "a", "client_secret": "b"}
    assert read_settings("p", GOOD | login | {"token_url": "/t"}, Tls()).token_url == "https://police.example/t"
    other = read_settings("p", GOOD | login | {"token_url": "https://login.example/t"}, Tls())
    assert other.token_url == "https://login.example/t"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080", "http://localhost:8080/x", "http://[::1]:8080", "http://127.9.9.9"]
)
def test_this_machine_may_be_asked_without_tls(url: str) -> None:
    assert read_settings("police", {"url": url}, Tls()).url == url


@pytest.mark.parametrize(
    "url",
    ["", "police.example", "http://police.example", "ftp://police.example", "https://", "https://a:b@police.example",
     "https://police.example/?key=S3cr3t", "https://police.example/#x", "https://police.example:99999",
     "https://police.example/a b", "https://police.example/\r\nX: y", "http://127.0.0.1.evil.example", "file:///etc"],
)  # fmt: skip
def test_what_is_no_safe_address_is_refused_and_not_repeated(url: str) -> None:
    (told,) = mistakes({"url": url})
    assert told.startswith("sources.police.connect.url: ")
    assert "S3cr3t" not in told
    assert len(url) < 9 or url not in told


def test_all_mistakes_are_told_at_once_with_a_hint() -> None:
    connect = {"clientid": "Canary", "client_auth": "digest", "api_key": "a b", "api_key_header": "x:"}
    exception = Unverified(approved_by="a", reason="b", until="2027-01-01")
    told = mistakes(
        {"url": "http://police.example", **connect}, Tls(pin="abc", unverified=exception), "socks5://proxy.example"
    )
    assert len(told) == 8
    assert any("Did you mean client_id?" in line for line in told)
    assert "Canary" not in "".join(told)


@pytest.mark.parametrize(
    "connect",
    [{"token_url": "/t"}, {"token_url": "/t", "client_id": "a"}, {"client_secret": "b"},
     {"token_url": "/t", "client_id": "a", "client_secret": "b", "api_key": "c"}],
)  # fmt: skip
def test_half_a_login_is_refused(connect: dict[str, str]) -> None:
    assert len(mistakes(GOOD | connect)) == 1


BASE64 = base64.b64encode(b"\xab" * 32).decode()


@pytest.mark.parametrize("text", ["ab" * 32, ":".join(["AB"] * 32), f"sha256//{BASE64}"])
def test_a_pin_may_be_written_in_three_ways(text: str) -> None:
    assert read_pin(text) == b"\xab" * 32


@pytest.mark.parametrize("text", ["", "ab" * 20, "sha256//!!", "sha256//AAAA", "zz" * 32, BASE64])
def test_what_is_no_pin_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        read_pin(text)


def test_files_start_at_the_hub(tmp_path: Path) -> None:
    connect = GOOD | {"client_certificate": "keys/c.pem"}
    settings = read_settings("police", connect, Tls(ca="ca.pem"), None, tmp_path)
    assert settings.ca == str(tmp_path / "ca.pem")
    assert settings.client_certificate == str(tmp_path / "keys/c.pem")


@pytest.mark.parametrize("where", ["ca", "client_certificate"])
def test_a_file_that_is_no_certificate_is_told_before_anything_is_sent(door: Any, tmp_path: Path, where: str) -> None:
    (tmp_path / "x.pem").write_text("nothing")
    asked = door(
        connect=GOOD | ({} if where == "ca" else {where: "x.pem"}),
        tls=Tls(ca="x.pem") if where == "ca" else Tls(),
        base=tmp_path,
    )
    with pytest.raises(Misconfigured, match=where), open_session(asked):
        pass
    assert asked.asked == []
