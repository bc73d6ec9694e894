"""Oracle through python-oracledb: thin by default, which needs nothing of Oracle's on the machine.

`thick: yes` loads Oracle's own client (its folder: `client`). It is needed where the database is older than 12.1, or
wants Oracle's native network encryption, which is no TLS. What that client checks is set in its own files.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.hub import Tls
from mash_trawl.transports.http_tls import load_system

_LOCAL = ("", "localhost", "127.0.0.1", "::1")
_YES = ("yes", "true", "1")


def arguments(url: URL, connect: Mapping[str, str], tls: Tls, seconds: float, base: Path) -> dict[str, Any]:
    """What `create_engine` is told beside the address; the file of `tls.ca` starts at `base`.

    Raises Misconfigured where certificates could not be checked.
    """
    told: dict[str, Any] = {"tcp_connect_timeout": max(1.0, seconds), "program": "mash_trawl"}
    service, sid = url.query.get("service_name"), url.database
    thick = connect.get("thick", "no").lower() in _YES
    near = (url.host or "").lower() in _LOCAL
    if tls.pin is not None:
        raise cannot("pin", "python-oracledb compares no fingerprints.", "Name the authority: `tls: {ca: FILE}`.")
    if thick:
        if not near and tls.unverified is None:
            raise cannot(
                "ca", "What Oracle's own client checks cannot be seen from here.",
                "Leave `thick` out where you can. Or have `tls: {unverified: ...}` approved for this source: "
                "the reason says how the line is protected (native network encryption).",
            )  # fmt: skip
        return {"connect_args": told, "thick_mode": {"lib_dir": connect["client"]} if "client" in connect else True}
    if not (service or sid):
        raise cannot(
            "ca", "An alias in tnsnames.ora does not show whether the line is checked.",
            "Write the address out: `oracle://HOST:PORT/?service_name=NAME`.",
        )  # fmt: skip
    told |= {"dsn": None, "host": url.host, "port": url.port or (1521 if near else 2484), "protocol": "tcp"}
    told |= {"service_name": service} if service else {"sid": sid}
    if not near:
        told |= {"protocol": "tcps", "ssl_server_dn_match": tls.unverified is None, "ssl_context": context(tls, base)}
    return {"connect_args": told}


def context(tls: Tls, base: Path) -> ssl.SSLContext:
    """What Python's own TLS checks: the machine's authorities or those of a file, and the name; TLS 1.2 at least.

    Raises Misconfigured for a file that cannot be used.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if tls.ca == "system":
            load_system(made)
        else:
            made.load_verify_locations(cafile=base / tls.ca)
    except OSError:
        raise cannot("ca", "The file of authorities cannot be read.", "Name a file in PEM form.") from None
    if tls.unverified is not None:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    return made


def cannot(part: str, what: str, do: str) -> Misconfigured:
    """The refusal of a line that nobody could prove; `part` of `tls:` is where it stands."""
    return Misconfigured(Problem(where=f"tls: {part}", what=what, do=do))
