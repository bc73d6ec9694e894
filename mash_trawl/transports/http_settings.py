"""What a web source is connected with: address, login, certificates, proxy. Checked before anything is sent.

Nothing is taken from the environment: no proxy variable, no `.netrc`, no certificate variable (decision 0070).
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.hub import Tls

KEYS = (
    "url", "token_url", "client_id", "client_secret", "scope", "client_auth", "api_key", "api_key_header",
    "client_certificate", "client_key",
)  # fmt: skip
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_VISIBLE = re.compile(r"[\x21-\x7e]+")


class Origin(NamedTuple):
    """Scheme, host and port: what a request may be sent to."""

    scheme: str
    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HttpSettings:
    """The settings of one web source, secrets included: no repr. `pin` is the SHA-256 of the server's public key."""

    url: str
    origin: Origin
    token_url: str | None = None
    client_id: str = ""
    client_secret: str = ""
    scope: str | None = None
    client_auth: str = "basic"
    api_key: str | None = None
    api_key_header: str = "X-API-Key"
    client_certificate: str | None = None
    client_key: str | None = None
    ca: str = "system"
    pin: bytes | None = None
    proxy: str | None = None


def origin_of(url: str) -> Origin:
    """Scheme, host and port of an address; ValueError if it is none."""
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    if not parts.hostname or not port:
        raise ValueError("not a web address")
    return Origin(parts.scheme, parts.hostname, port)


def is_loopback(host: str) -> bool:
    """True for this machine: `localhost`, 127.0.0.0/8 and ::1."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_settings(
    source: str, connect: Mapping[str, str], tls: Tls, proxy: str | None = None, base: Path | None = None
) -> HttpSettings:
    """The settings, checked; relative file names start at `base`.

    Raises Misconfigured with every problem; a value is never repeated.
    """
    folder = base or Path()
    place = f"sources.{source}.connect"
    problems = [_unknown(place, key) for key in connect if key not in KEYS]
    url = connect.get("url", "").rstrip("/")
    problems += _address(f"{place}.url", url)
    token_url = connect.get("token_url") or None
    if token_url and not problems:
        token_url = urljoin(url + "/", token_url) if token_url.startswith("/") else token_url
        problems += _address(f"{place}.token_url", token_url)
    problems += _login(place, connect, token_url)
    problems += _trust(source, tls, proxy)
    if problems:
        raise Misconfigured(*problems)
    return HttpSettings(
        url=url,
        origin=origin_of(url),
        token_url=token_url,
        client_id=connect.get("client_id", ""),
        client_secret=connect.get("client_secret", ""),
        scope=connect.get("scope") or None,
        client_auth=connect.get("client_auth", "basic"),
        api_key=connect.get("api_key") or None,
        api_key_header=connect.get("api_key_header", "X-API-Key"),
        client_certificate=_file(folder, connect.get("client_certificate")),
        client_key=_file(folder, connect.get("client_key")),
        ca=tls.ca if tls.ca == "system" else str(folder / tls.ca),
        pin=read_pin(tls.pin) if tls.pin else None,
        proxy=proxy,
    )


def read_pin(text: str) -> bytes:
    """The 32 bytes of a pin: 64 hexadecimal digits (colons allowed), or `sha256//` and base64. Raises ValueError."""
    if text.startswith("sha256//"):
        try:
            pin = base64.b64decode(text.removeprefix("sha256//"), validate=True)
        except binascii.Error:
            pin = b""
    else:
        digits = text.replace(":", "")
        pin = bytes.fromhex(digits) if re.fullmatch(r"[0-9A-Fa-f]{64}", digits) else b""
    if len(pin) != 32:
        raise ValueError("not a SHA-256 fingerprint")
    return pin


def _file(folder: Path, name: str | None) -> str | None:
    return str(folder / name) if name else None


def _unknown(place: str, key: str) -> Problem:
    near = get_close_matches(key, KEYS, n=1)
    return Problem(
        where=place,
        what="holds a setting that a web source does not have",
        do=f"Did you mean {near[0]}?" if near else f"Known settings: {', '.join(KEYS)}.",
    )


def _address(where: str, url: str) -> list[Problem]:
    try:
        parts = urlsplit(url)
        origin = origin_of(url)
    except ValueError:
        return [Problem(where=where, what="is not a web address", do="Write https://host/path.")]
    if not _VISIBLE.fullmatch(url) or _has_extras(parts):
        what = "holds a user, a query, a fragment or a character that an address cannot have"
        return [Problem(where=where, what=what, do="Write https://host/path; secrets have settings of their own.")]
    if origin.scheme != "https" and not (origin.scheme == "http" and is_loopback(origin.host)):
        return [Problem(where=where, what="is not https", do="Only this machine may be asked without TLS.")]
    return []


def _has_extras(parts: SplitResult) -> bool:
    return bool(parts.username or parts.password or parts.query or parts.fragment)


def _login(place: str, connect: Mapping[str, str], token_url: str | None) -> list[Problem]:
    problems = []
    if token_url and not (connect.get("client_id") and connect.get("client_secret")):
        problems.append(Problem(where=place, what="has token_url without client_id and client_secret"))
    if connect.get("client_secret") and not token_url:
        problems.append(Problem(where=place, what="has client_secret without token_url"))
    if connect.get("client_auth", "basic") not in ("basic", "post"):
        problems.append(Problem(where=f"{place}.client_auth", what="is neither basic nor post"))
    if not _HEADER.fullmatch(connect.get("api_key_header", "X-API-Key")):
        problems.append(Problem(where=f"{place}.api_key_header", what="is not the name of a header"))
    if connect.get("api_key") and not _VISIBLE.fullmatch(connect["api_key"]):
        problems.append(Problem(where=f"{place}.api_key", what="holds a character that a header cannot have"))
    if connect.get("api_key") and token_url:
        problems.append(Problem(where=place, what="has both api_key and token_url", do="Choose one way to log in."))
    return problems


def _trust(source: str, tls: Tls, proxy: str | None) -> list[Problem]:
    problems = []
    place = f"sources.{source}"
    if tls.unverified is not None:
        do = "The exception is for SQL sources; give the server's authority as ca."
        problems.append(Problem(where=f"{place}.tls.unverified", what="cannot be used for a web source", do=do))
    if tls.pin:
        try:
            read_pin(tls.pin)
        except ValueError:
            do = "Write 64 hexadecimal digits, or sha256// and base64."
            problems.append(Problem(where=f"{place}.tls.pin", what="is not a SHA-256 fingerprint", do=do))
    if proxy is not None:
        problems += _proxy(f"{place}.proxy", proxy)
    return problems


def _proxy(where: str, proxy: str) -> list[Problem]:
    try:
        origin = origin_of(proxy)
    except ValueError:
        origin = None
    if origin is None or origin.scheme != "http" or not _VISIBLE.fullmatch(proxy):
        do = "Write http://host:port; what passes through it is still encrypted to the source."
        return [Problem(where=where, what="is not the address of a proxy", do=do)]
    return []
