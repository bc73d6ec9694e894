"""Which servers are believed: certificates of the system or of a file, TLS 1.2 at least, and a pinned key if set."""

from __future__ import annotations

import hashlib
import hmac
import ssl
from pathlib import Path

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.system import certificates
from mash_trawl.transports.http_settings import HttpSettings

_BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


def trust(settings: HttpSettings) -> ssl.SSLContext:
    """A client context that always verifies. Built by hand, because the ready-made ones obey environment variables

    (`SSL_CERT_FILE`, `SSL_CERT_DIR`, `SSLKEYLOGFILE`). For this machine alone, where there is no
    TLS, nothing is loaded. Raises Misconfigured if a certificate file cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if not any(url.startswith("https:") for url in (settings.url, settings.token_url or "")):
        return context
    problem: Problem | None = None
    try:
        if settings.ca == "system":
            load_system(context)
        else:
            context.load_verify_locations(cafile=settings.ca)
    except OSError:
        problem = Problem(where="tls.ca", what="cannot be read as certificates", do="Give a PEM file.")
    if settings.client_certificate and problem is None:
        try:
            context.load_cert_chain(settings.client_certificate, settings.client_key, password=_no_passphrase)
        except (OSError, ValueError):
            problem = Problem(where="connect.client_certificate", what="cannot be used", do="Give PEM files.")
    if problem is not None:
        raise Misconfigured(problem)
    return context


def _no_passphrase() -> bytes:
    """OpenSSL would otherwise ask on the terminal, in the middle of a run."""
    raise ValueError("the key is locked by a passphrase")


def load_system(context: ssl.SSLContext) -> None:
    """Believe the authorities of this machine, wherever it keeps them, and no environment variable. Raises OSError."""
    stored = certificates()
    if stored is not None:
        for certificate in stored:
            context.load_verify_locations(cadata=certificate)
        return
    paths = ssl.get_default_verify_paths()
    for file in dict.fromkeys((paths.openssl_cafile, *_BUNDLES)):
        if file and Path(file).is_file():
            context.load_verify_locations(cafile=file)
            break
    if paths.openssl_capath and Path(paths.openssl_capath).is_dir():
        context.load_verify_locations(capath=paths.openssl_capath)


def check_pin(certificate: bytes | None, pin: bytes) -> None:
    """Raise SSLCertVerificationError unless the SHA-256 of the certificate's SubjectPublicKeyInfo equals the pin."""
    try:
        key = public_key_info(certificate or b"")
    except (ValueError, IndexError):
        key = b""
    if not key or not hmac.compare_digest(hashlib.sha256(key).digest(), pin):
        raise ssl.SSLCertVerificationError("the server's key is not the pinned one")


def public_key_info(certificate: bytes) -> bytes:
    """The SubjectPublicKeyInfo of a DER certificate, whole (RFC 5280 section 4.1). ValueError if it is not there.

    Certificate > TBSCertificate > [version], serial, signature, issuer, validity, subject, subjectPublicKeyInfo.
    """
    _, start, end = _element(certificate, 0)
    _, at, end = _element(certificate, start)
    steps = 6 if certificate[at] == 0xA0 else 5
    for _ in range(steps):
        _, _, at = _element(certificate, at)
    tag, _, stop = _element(certificate, at)
    if tag != 0x30 or stop > end:
        raise ValueError("not a certificate")
    return certificate[at:stop]


def _element(data: bytes, at: int) -> tuple[int, int, int]:
    """Tag, start of content and end of the DER element that begins at `at`."""
    tag, length = data[at], data[at + 1]
    start = at + 2
    if length & 0x80:
        count = length & 0x7F
        start += count
        length = int.from_bytes(data[at + 2 : start], "big")
    if start + length > len(data):
        raise ValueError("cut short")
    return tag, start, start + length
