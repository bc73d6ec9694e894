"""Probation lets in only whoever shows a certificate that it knows: over a real TLS line on loopback."""

from __future__ import annotations

import datetime as dt
import importlib.util
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from json import dumps
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mash_trawl.errors import Unavailable
from mash_trawl.model.grant import Grant
from mash_trawl.model.hub import Limits, Tls
from mash_trawl.model.query import PersonQuery
from mash_trawl.testing.server import Request
from mash_trawl.transports.door import Tally
from mash_trawl_probation import Probation

_spec = importlib.util.spec_from_file_location("probation_service", Path(__file__).with_name("service.py"))
assert _spec and _spec.loader
service: Any = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(service)


def issue(folder: Path, name: str, by: tuple[x509.Certificate, Any] | None) -> tuple[x509.Certificate, Any]:
    """A certificate with its key, in `NAME.pem`; without `by` an authority."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    both = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by[0].subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
    )
    made = made.add_extension(both, critical=False) if by else made
    certificate = made.sign(by[1] if by else key, hashes.SHA256())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / f"{name}.pem").write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    return certificate, key


class Handler(BaseHTTPRequestHandler):
    """The synthetic service, which keeps the names that were shown to it."""

    shown: list[str]

    def do_POST(self) -> None:
        """A search."""
        certificate: Any = self.connection.getpeercert()  # type: ignore[attr-defined]  # it is a TLS line
        self.shown.append(certificate["subject"][0][0][1])
        body = self.rfile.read(int(self.headers["Content-Length"]))
        asked = Request(method="POST", path=self.path, query={}, headers={}, body=body)
        told = dumps(service.answer(asked)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int, list[str]]]:
    """A service that wants a certificate of its authority; ours, and one of somebody else's."""
    folder = tmp_path_factory.mktemp("probation")
    authority, other = issue(folder, "authority", None), issue(folder, "other", None)
    issue(folder, "service", authority), issue(folder, "hub", authority), issue(folder, "stranger", other)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "service.pem")
    context.load_verify_locations(folder / "authority.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    Handler.shown = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a handshake that fails is what is tested
    thread.start()
    yield folder, server.server_address[1], Handler.shown
    server.shutdown()
    thread.join()
    server.server_close()


class Door:
    """Stands in for the gate's door."""

    source, step, proxy, limits = "probation", "find", None, Limits(attempts=1)

    def __init__(self, folder: Path, port: int, certificate: str | None) -> None:
        self.base, self.tally, self.tls = folder, Tally(), Tls(ca=str(folder / "authority.pem"))
        own = {"client_certificate": certificate} if certificate else {}
        self.connect = {"url": f"https://127.0.0.1:{port}", "api_key": "a-key", "api_key_header": "x-api-key"} | own

    def request(self, *, page: int = 1, attempt: int = 1) -> float:
        """Seconds that are left."""
        return 5.0

    def row(self) -> bool:
        """Every row counts."""
        return True

    def wait(self, seconds: float) -> None:
        """Nothing here waits."""


def ask(place: tuple[Path, int, list[str]], certificate: str | None) -> list[str]:
    """The keys of whoever is found."""
    grant = Grant(Grant._mint, id="g1", source="probation", person="p1", categories=frozenset(Probation.offers),
                  since=None, until=None, expires_at=None)  # fmt: skip
    connector = Probation(lambda grants: Door(place[0], place[1], certificate))  # type: ignore[arg-type,return-value]
    query = PersonQuery(id="q1", person="p1", by=("family", "born"), family="Okafor", born=dt.date(1985, 3, 9))
    return sorted(one.ref for one in connector.find(query, grant))


def test_our_certificate_is_shown_and_the_question_answered(place: tuple[Path, int, list[str]]) -> None:
    place[2].clear()
    assert ask(place, "hub.pem") == ["X100001", "X100002"] and place[2] == ["hub"]


@pytest.mark.parametrize("certificate", [None, "stranger.pem"])
def test_without_a_certificate_that_it_knows_nothing_is_told(
    place: tuple[Path, int, list[str]], certificate: str | None
) -> None:
    place[2].clear()
    with pytest.raises(Unavailable):
        ask(place, certificate)
    assert place[2] == []
