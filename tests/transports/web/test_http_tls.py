"""Whom we believe: an own authority issues good and bad certificates, and only the good one is talked to."""

from __future__ import annotations

import datetime as dt
import hashlib
import socket
import ssl
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.errors import Unavailable
from mash_trawl.model.hub import Tls
from mash_trawl.transports.http import open_session
from mash_trawl.transports.http_tls import check_pin, public_key_info

ANSWER = b'{"items": [{"id": 1}], "next_cursor": null, "total": 1}'
NOW = dt.datetime.now(dt.UTC)


@dataclass(kw_only=True)
class Holder:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Any

    def file(self, path: Path) -> Path:
        """Both in one PEM file."""
        secret = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(secret + self.certificate.public_bytes(Encoding.PEM))
        return path

    @property
    def pin(self) -> str:
        """The SHA-256 of its SubjectPublicKeyInfo, as cryptography writes it."""
        info = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return hashlib.sha256(info).hexdigest()


def issue(
    by: Holder | None = None, *, ip: str = "127.0.0.1", days: tuple[int, int] = (-1, 30), authority: bool = False,
    usage: Any = ExtendedKeyUsageOID.SERVER_AUTH, key: Any = None,
) -> Holder:  # fmt: skip
    """A certificate, by default a good one for loopback; without `by`, its own authority."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority" if authority else "Test server")])
    issuer = by.certificate.subject if by else name
    signer = by.key if by else key
    built = (
        x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + dt.timedelta(days=days[0])).not_valid_after(NOW + dt.timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(ip))]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )  # fmt: skip
    if authority:
        off = dict.fromkeys(("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
                             "key_agreement", "encipher_only", "decipher_only"), False)  # fmt: skip
        built = built.add_extension(x509.KeyUsage(key_cert_sign=True, crl_sign=True, **off), critical=True)
    else:
        built = built.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    return Holder(certificate=built.sign(signer, hashes.SHA256()), key=key)


@pytest.fixture(scope="session")
def authority() -> Holder:
    """The authority that the hub trusts in these tests."""
    return issue(authority=True)


Secure = Callable[..., Any]


@pytest.fixture
def secure(wire: Any, reply: Any, tmp_path: Path) -> Secure:
    """A TLS server that answers every question; `spoken` counts handshakes that were completed."""

    def start(holder: Holder, *, newest: ssl.TLSVersion | None = None, client: Holder | None = None) -> Any:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(holder.file(tmp_path / "server.pem"))
        if newest:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # that they are deprecated is the point
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = newest
            context.set_ciphers("ALL:@SECLEVEL=0")
        if client:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(client.file(tmp_path / "clients.pem"))

        def script(line: socket.socket, _: int) -> None:
            with suppress(ssl.SSLError), context.wrap_socket(line, server_side=True) as safe:
                while server.hear(safe):
                    safe.sendall(reply(ANSWER))

        server = wire(script)
        return server

    return start


def connect(server: Any) -> dict[str, str]:
    return {"url": server.url.replace("http:", "https:")}


def ask(door: Any) -> list[int]:
    with open_session(door) as session:
        return [item["id"] for item in session.pages("x", body={"surname": "Canary"})]


@pytest.fixture
def trusting(authority: Holder, tmp_path: Path) -> Callable[..., Tls]:
    """Settings that trust the tests' authority."""
    path = tmp_path / "ca.pem"
    path.write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    return lambda **more: Tls(ca=str(path), **more)


def test_a_server_of_a_trusted_authority_is_asked(secure: Secure, authority: Holder, trusting: Any, door: Any) -> None:
    server = secure(issue(authority))
    assert ask(door(connect=connect(server), tls=trusting())) == [1]


BAD: dict[str, Callable[[Holder], Holder]] = {
    "own authority": lambda _: issue(),
    "another authority": lambda _: issue(issue(authority=True)),
    "another machine": lambda ours: issue(ours, ip="127.0.0.2"),
    "lapsed": lambda ours: issue(ours, days=(-30, -1)),
    "not yet": lambda ours: issue(ours, days=(1, 30)),
    "made for clients": lambda ours: issue(ours, usage=ExtendedKeyUsageOID.CLIENT_AUTH),
    "issued by a server": lambda ours: issue(issue(ours)),
}


@pytest.mark.parametrize("what", BAD)
def test_a_certificate_that_is_not_right_ends_it_before_a_word(
    secure: Secure, authority: Holder, trusting: Any, door: Any, what: str
) -> None:
    server = secure(BAD[what](authority))
    asked = door(connect=connect(server), tls=trusting())
    with pytest.raises(Unavailable, match="tls failed"):
        ask(asked)
    assert server.heard == []
    assert len(asked.asked) == 1


def test_the_systems_authorities_do_not_include_ours(secure: Secure, authority: Holder, door: Any) -> None:
    server = secure(issue(authority))
    with pytest.raises(Unavailable, match="tls failed"):
        ask(door(connect=connect(server)))
    assert server.heard == []


def test_an_authority_named_in_the_environment_is_not_trusted(
    secure: Secure, authority: Holder, trusting: Any, door: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server = secure(issue(authority))
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, trusting().ca)
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
    with pytest.raises(Unavailable, match="tls failed"):
        ask(door(connect=connect(server)))
    assert ask(door(connect=connect(server), tls=trusting())) == [1]
    assert not (tmp_path / "keys.log").exists()


def test_an_old_version_of_tls_is_refused(secure: Secure, authority: Holder, trusting: Any, door: Any) -> None:
    server = secure(issue(authority), newest=ssl.TLSVersion.TLSv1_1)
    with pytest.raises(Unavailable, match="tls failed"):
        ask(door(connect=connect(server), tls=trusting()))


def test_a_server_that_speaks_no_tls_is_told_so(wire: Any, reply: Any, trusting: Any, door: Any) -> None:
    def script(line: socket.socket, _: int) -> None:
        line.recv(4096)
        line.sendall(reply(b"", status="400 Bad request"))

    with pytest.raises(Unavailable, match="tls failed"):
        ask(door(connect=connect(wire(script)), tls=trusting()))


def test_a_pinned_key_is_asked_and_no_other(secure: Secure, authority: Holder, trusting: Any, door: Any) -> None:
    holder = issue(authority)
    server = secure(holder)
    assert ask(door(connect=connect(server), tls=trusting(pin=holder.pin))) == [1]
    heard = len(server.heard)
    with pytest.raises(Unavailable, match="tls failed"):
        ask(door(connect=connect(server), tls=trusting(pin=issue(authority).pin)))
    assert len(server.heard) == heard


def test_a_renewed_certificate_with_the_same_key_keeps_its_pin(
    secure: Secure, authority: Holder, trusting: Any, door: Any
) -> None:
    old = issue(authority)
    server = secure(issue(authority, key=old.key, days=(-1, 300)))
    assert ask(door(connect=connect(server), tls=trusting(pin=old.pin))) == [1]


def test_a_pin_does_not_make_a_bad_certificate_good(secure: Secure, trusting: Any, door: Any) -> None:
    holder = issue()
    server = secure(holder)
    with pytest.raises(Unavailable, match="tls failed"):
        ask(door(connect=connect(server), tls=trusting(pin=holder.pin)))


def test_a_client_certificate_is_shown_where_one_is_wanted(
    secure: Secure, authority: Holder, trusting: Any, door: Any, tmp_path: Path
) -> None:
    ours = issue(authority, usage=ExtendedKeyUsageOID.CLIENT_AUTH)
    ours.file(tmp_path / "client.pem")
    server = secure(issue(authority), client=authority)
    shown = connect(server) | {"client_certificate": "client.pem"}
    assert ask(door(connect=shown, tls=trusting(), base=tmp_path)) == [1]
    with pytest.raises(Unavailable):
        ask(door(connect=connect(server), tls=trusting()))
    assert len(server.heard) == 1


def test_a_handshake_that_drips_cannot_outlive_the_deadline(wire: Any, trusting: Any, door: Any) -> None:
    def script(line: socket.socket, _: int) -> None:
        line.recv(4096)
        line.sendall(b"\x16\x03\x03\x40\x00")
        while not server.pause(0.02):
            line.sendall(b"\x00")

    server = wire(script)
    began = time.monotonic()
    with pytest.raises(Unavailable, match="deadline"):
        ask(door(connect=connect(server), tls=trusting(), seconds=0.3))
    assert time.monotonic() - began < 3


def test_a_body_that_drips_over_tls_cannot_outlive_the_deadline(
    wire: Any, authority: Holder, trusting: Any, door: Any, tmp_path: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(issue(authority).file(tmp_path / "server.pem"))

    def script(line: socket.socket, _: int) -> None:
        with suppress(ssl.SSLError), context.wrap_socket(line, server_side=True) as safe:
            server.hear(safe)
            safe.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not server.pause(0.02):
                safe.sendall(b"y")

    server = wire(script)
    began = time.monotonic()
    with pytest.raises(Unavailable, match="deadline"):
        ask(door(connect=connect(server), tls=trusting(), seconds=0.5))
    assert time.monotonic() - began < 3


class Proxy:
    """A CONNECT proxy: notes where it was asked to go, and goes to one place only."""

    def __init__(self, wire: Any, target: str) -> None:
        self.asked: list[bytes] = []
        self._target = (target.split("//")[1].split(":")[0], int(target.rpartition(":")[2]))
        self.server = wire(self._serve)

    def _serve(self, line: socket.socket, _: int) -> None:
        self.asked.append(self.server.hear(line).split(b"\r\n")[0])
        with socket.create_connection(self._target) as onward:
            line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=self._copy, args=(onward, line), daemon=True)
            back.start()
            self._copy(line, onward)
            back.join(5)

    @staticmethod
    def _copy(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


def test_only_a_proxy_named_in_the_settings_is_used(
    wire: Any, secure: Secure, authority: Holder, trusting: Any, door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = secure(issue(authority))
    proxy = Proxy(wire, server.url)
    monkeypatch.setattr("mash_trawl.transports.http_wire.is_loopback", lambda _: False)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    assert ask(door(connect=connect(server), tls=trusting(), proxy=proxy.server.url)) == [1]
    assert [line.rpartition(b" ")[0] for line in proxy.asked] == [f"CONNECT {server.url.split('//')[1]}".encode()]


def test_a_proxy_is_not_asked_for_this_machine(
    wire: Any, secure: Secure, authority: Holder, trusting: Any, door: Any
) -> None:
    server = secure(issue(authority))
    proxy = Proxy(wire, server.url)
    assert ask(door(connect=connect(server), tls=trusting(), proxy=proxy.server.url)) == [1]
    assert proxy.asked == []


def test_a_proxy_that_drips_cannot_outlive_the_deadline(
    wire: Any, trusting: Any, door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def script(line: socket.socket, _: int) -> None:
        proxy.hear(line)
        line.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while not proxy.pause(0.02):
            line.sendall(b"y")

    proxy = wire(script)
    monkeypatch.setattr("mash_trawl.transports.http_wire.is_loopback", lambda _: False)
    with pytest.raises(Unavailable, match="deadline"):
        ask(door(connect={"url": "https://127.0.0.1:9"}, tls=trusting(), proxy=proxy.url, seconds=0.3))


def test_a_proxy_that_refuses_is_no_answer_of_the_source(
    replies: Any, reply: Any, trusting: Any, door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = replies(reply(b"Canary", status="403 Canary"))
    monkeypatch.setattr("mash_trawl.transports.http_wire.is_loopback", lambda _: False)
    asked = door(connect={"url": "https://127.0.0.1:9"}, tls=trusting(), proxy=proxy.url).limited(attempts=1)
    with pytest.raises(Unavailable, match="connection lost"):
        ask(asked)


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_the_key_is_found_in_a_certificate_as_cryptography_finds_it(kind: str) -> None:
    key = rsa.generate_private_key(65537, 2048) if kind == "rsa" else None
    holder = issue(key=key)
    wanted = holder.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert public_key_info(holder.certificate.public_bytes(Encoding.DER)) == wanted


DER = issue().certificate.public_bytes(Encoding.DER)


@given(st.integers(0, len(DER) - 1) | st.none(), st.integers(0, len(DER) - 1), st.integers(0, 255))
def test_a_garbled_certificate_gives_no_key_or_a_value_error(cut: int | None, place: int, byte: int) -> None:
    garbled = bytearray(DER)
    garbled[place] = byte
    try:
        public_key_info(bytes(garbled[:cut]))
    except (ValueError, IndexError):
        return


@pytest.mark.parametrize("certificate", [None, b"", b"rubbish", DER[:200]])
def test_a_certificate_without_a_key_never_fits_a_pin(certificate: bytes | None) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        check_pin(certificate, hashlib.sha256(b"").digest())
