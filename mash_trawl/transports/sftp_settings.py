"""What an SFTP source is connected with: host, user, password or key, the server's own key. Checked before dialling.

The server's key is written in the hub file. Whoever answers with another is not talked to, the first time included:
a key that is taken on trust is a key that nobody has compared.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mash_trawl.errors import Misconfigured, Problem, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.transports.files_settings import COMPANIONS, READING, reading_problems, unknown

KEYS = (
    "host", "port", "user", "password", "key", "passphrase", "folder", "host_key", "companion",
    *READING,
)  # fmt: skip
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:-]{0,252}")
_LINE = re.compile(r"([a-z0-9@.-]+) ([A-Za-z0-9+/=]+)( .*)?")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SftpSettings:
    """The settings of one source, secrets included: no repr. `host_keys` are lines as OpenSSH writes them."""

    host: str
    port: int
    user: str
    folder: str
    host_keys: tuple[str, ...]
    password: str | None = None
    key: str | None = None
    passphrase: str | None = None
    companion: str = ""


def read_settings(source: str, connect: Mapping[str, str]) -> SftpSettings:
    """The settings, checked. Raises Misconfigured with every problem; a value is never repeated."""
    place = f"sources.{source}.connect"
    keys = tuple(line.strip() for line in connect.get("host_key", "").split(",") if line.strip())
    problems = [unknown(place, key, KEYS, "an SFTP source") for key in connect if key not in KEYS]
    problems += reading_problems(place, connect)
    problems += [
        Problem(where=f"{place}.{name}", what=what, do=do)
        for name, wrong, what, do in (
            ("host", not _HOST.fullmatch(connect.get("host", "")), "is not the name of a machine", ""),
            ("port", not _port(connect.get("port", "22")), "is not a port", "Write a number; 22 if it is left out."),
            ("user", not connect.get("user"), "is missing", "Name the account that may only read."),
            ("folder", not _folder(connect.get("folder", "")), "is not a folder", "Write it as the server names it."),
            ("host_key", not keys, "is missing", "Write the server's public key; its owner can tell you."),
            ("host_key", not all(map(_is_key, keys)), "is not a public key", 'Write "ssh-ed25519 AAAA...".'),
            ("key", bool(connect.get("key")) == bool(connect.get("password")),
             "and password: exactly one of them is needed", "Choose one way to log in."),
        )
        if wrong
    ]  # fmt: skip
    if problems:
        raise Misconfigured(*problems)
    return SftpSettings(
        host=connect["host"],
        port=int(connect.get("port", "22")),
        user=connect["user"],
        folder=connect["folder"].rstrip("/") or "/",
        host_keys=keys,
        password=connect.get("password") or None,
        key=connect.get("key") or None,
        passphrase=connect.get("passphrase") or None,
        companion=COMPANIONS[connect.get("companion", "")],
    )


def options(settings: SftpSettings) -> Any:
    """What asyncssh is told. Raises Unavailable: the package or the key to log in with cannot be used."""
    asyncssh = _asyncssh()
    keys = []
    why = ""
    try:
        trusted = [asyncssh.import_public_key(line) for line in settings.host_keys]
        if settings.key is not None:
            keys = [asyncssh.import_private_key(settings.key, settings.passphrase)]
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        why = Why.SECRET_MISSING
    if why:
        raise Unavailable(why)
    return asyncssh.SSHClientConnectionOptions(
        config=None,
        known_hosts=(trusted, [], []),
        x509_trusted_certs=None,
        username=settings.user,
        password=settings.password,
        client_keys=keys or None,
        agent_path=None,
        agent_forwarding=False,
        gss_host=None,
        host_based_auth=False,
        kbdint_auth=False,
        public_key_auth=bool(keys),
        password_auth=settings.password is not None,
        tcp_keepalive=False,
        compression_algs=None,
    )


def _asyncssh() -> Any:
    try:
        import asyncssh
    except ImportError:
        raise Unavailable(Why.DRIVER_MISSING) from None
    return asyncssh


def _port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) < 65536


def _folder(text: str) -> bool:
    return bool(text) and text.isprintable() and ".." not in text.split("/")


def _is_key(line: str) -> bool:
    """One line of OpenSSH: the kind of key, and base64 that begins with the same kind."""
    found = _LINE.fullmatch(line)
    if not found:
        return False
    try:
        data = base64.b64decode(found[2], validate=True)
    except binascii.Error:
        return False
    return data[4 : 4 + int.from_bytes(data[:4], "big")] == found[1].encode()
