"""What each ODBC driver is told about encryption and certificates, and which drivers cannot be told enough.

A driver is trusted with this only where it can be made to check the server's certificate and name. Where it cannot,
the source is refused with what to do instead: a line that nobody has checked would look like one that was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.hub import Tls

_APPROVED = "Or have `tls: {unverified: {approved_by, reason, until}}` approved for this source."


def words(kind: str, near: bool, tls: Tls, base: Path) -> dict[str, str]:
    """The settings for this kind of driver (odbc_string.Kind); `near`: the line never leaves this machine.

    A file of `tls.ca` starts at `base`. Raises Misconfigured when the driver cannot be told to check.
    """
    if kind == "file":
        return {}
    if tls.pin is not None and not (tls.unverified or near):
        raise _cannot("pin", "No ODBC driver compares a key's fingerprint.", _PINS.get(kind, _FILE))
    if near:
        return dict(_NEAR.get(kind, {}))
    if tls.unverified is not None:
        return dict(_UNVERIFIED.get(kind, {}))
    file = None if tls.ca == "system" else str((base / tls.ca).absolute())
    return _VERIFIED[kind](file) if kind in _VERIFIED else _unknown(kind)


def _cannot(part: str, what: str, do: str) -> Misconfigured:
    return Misconfigured(Problem(where=f"tls: {part}", what=what, do=do))


def _microsoft(file: str | None) -> dict[str, str]:
    """Driver 18 compares a file with the server's own certificate, and only in TDS 8 (`strict`)."""
    if file is None:
        return {"Encrypt": "yes", "TrustServerCertificate": "no"}
    return {"Encrypt": "strict", "TrustServerCertificate": "no", "ServerCertificate": file}


def _microsoft_old(file: str | None) -> dict[str, str]:
    if file is not None:
        raise _cannot(
            "ca", "This driver knows no certificate files.",
            "Use ODBC Driver 18 with SQL Server 2022 or later; or put the authority into the machine's store and write "
            "`ca: system`.",
        )  # fmt: skip
    return {"Encrypt": "yes", "TrustServerCertificate": "no"}


def _mariadb(file: str | None) -> dict[str, str]:
    return {"FORCETLS": "1", "SSLVERIFY": "1"} | ({"SSLCA": file} if file else {})


def _mysql(file: str | None) -> dict[str, str]:
    if file is None:
        raise _cannot(
            "ca", "MySQL's driver does not know the machine's store of authorities.",
            "Name the authority's file: `tls: {ca: FILE}`.",
        )  # fmt: skip
    return {"SSLMODE": "VERIFY_IDENTITY", "SSLCA": file}


def _postgresql(file: str | None) -> dict[str, str]:
    """libpq from version 16 on knows `system`; an older one looks for a file of that name and refuses to connect."""
    quoted = (file or "system").replace("\\", "\\\\").replace("'", "\\'")
    return {"SSLmode": "verify-full", "pqopt": f"sslrootcert='{quoted}'"}


def _freetds(_: str | None) -> dict[str, str]:
    raise _cannot(
        "ca", "FreeTDS cannot be told here to check certificates.", f"Use Microsoft's ODBC Driver 18. {_APPROVED}"
    )


def _unknown(_: str) -> dict[str, str]:
    raise _cannot(
        "ca", "This program does not know how to tell this driver to check the server's certificate.",
        f"Set it up in the driver or its data source. {_APPROVED} The reason says how the line is protected.",
    )  # fmt: skip


_VERIFIED: Mapping[str, Callable[[str | None], dict[str, str]]] = {
    "microsoft": _microsoft,
    "microsoft_old": _microsoft_old,
    "mariadb": _mariadb,
    "mysql": _mysql,
    "postgresql": _postgresql,
    "freetds": _freetds,
}
_UNVERIFIED: Mapping[str, Mapping[str, str]] = {
    "microsoft": {"Encrypt": "yes", "TrustServerCertificate": "yes"},
    "microsoft_old": {"Encrypt": "yes", "TrustServerCertificate": "yes"},
    "freetds": {"Encryption": "require"},
    "mariadb": {"FORCETLS": "1", "SSLVERIFY": "0"},
    "mysql": {"SSLMODE": "REQUIRED"},
    "postgresql": {"SSLmode": "require"},
}
_NEAR: Mapping[str, Mapping[str, str]] = {"microsoft": {"Encrypt": "no"}, "microsoft_old": {"Encrypt": "no"}}
"""Microsoft's driver 18 would encrypt and check even here, against a certificate that the server made for itself."""

_FILE = "Name the file of the authority instead: `tls: {ca: FILE}`."
_PINS: Mapping[str, str] = {
    "microsoft": "Save the server's certificate in a file and write `tls: {ca: FILE}` (SQL Server 2022 or later).",
    "microsoft_old": "Put the authority into the machine's store and write `ca: system`.",
    "freetds": f"Use Microsoft's ODBC Driver 18. {_APPROVED}",
    "oracle": _APPROVED,
    "other": _APPROVED,
}
