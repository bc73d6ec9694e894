"""ODBC connection strings: read, written so that no value can add a setting, and the kinds of drivers that we know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from mash_trawl.errors import Misconfigured, Problem, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.hub import Tls
from mash_trawl.transports import odbc_tls

Kind = Literal["microsoft", "microsoft_old", "freetds", "mariadb", "mysql", "postgresql", "oracle", "file", "other"]

_BY_NAME: tuple[tuple[str, Kind], ...] = (
    (r"odbc driver 18 for sql server|msodbcsql-?18", "microsoft"),
    (r"sql server|msodbcsql|sqlncli|sqlsrv32", "microsoft_old"),
    (r"freetds|tdsodbc", "freetds"),
    (r"mariadb|maodbc", "mariadb"),
    (r"mysql|myodbc", "mysql"),
    (r"postgres|psqlodbc", "postgresql"),
    (r"oracle", "oracle"),
    (r"sqlite|microsoft access|microsoft excel|microsoft text|dbase", "file"),
)
_NAMES = {"dsn": "DSN", "driver": "DRIVER", "server": "SERVER", "port": "PORT", "database": "DATABASE",
          "user": "UID", "password": "PWD"}  # fmt: skip
_OURS = ("auth", "url", "string", "thick", "client")
"""Settings of a source that are not meant for a driver."""

_ALWAYS: Mapping[Kind, Mapping[str, str]] = {
    "freetds": {"TDS_Version": "7.4", "ClientCharset": "UTF-8"},
    "mariadb": {"CHARSET": "utf8mb4", "CONN_TIMEOUT": "{seconds}"},
    "mysql": {"CHARSET": "utf8mb4"},
}
"""What a driver is told unless the settings say it. MariaDB's ignores the log-in time-out that ODBC has for this."""

_QUIET: Mapping[Kind, Mapping[str, str]] = {"postgresql": {"Debug": "B2", "CommLog": "B3"}}
"""What makes a driver write a log among the temporary files, and its short name: off, whatever a data source says."""

_STRICTER = {("Encrypt", "yes"): ("strict", "mandatory")}
_PAIR = re.compile(r"\s*([^=;]+?)\s*=\s*(\{(?:[^}]|\}\})*\}|[^;]*)\s*(?:;|$)")


def kind_of(driver: str) -> Kind:
    """Which driver this is, by its registered name or its file's."""
    name = driver.lower()
    return next((kind for pattern, kind in _BY_NAME if re.search(pattern, name)), "other")


def connection_string(
    connect: Mapping[str, str],
    tls: Tls = Tls(),  # noqa: B008  # frozen
    base: Path = Path(),
    seconds: float = 20.0,
    driver: str | None = None,
) -> str:
    """The connection string of a source: its own `string`, `dsn` or `driver` with settings, and how TLS is checked.

    `driver` names the driver behind a `dsn`; a relative file of `tls.ca` starts at `base`.

    Raises Unavailable(`secret_missing`) when nothing says how to connect, Misconfigured when the driver cannot be told
    to check certificates, or when a setting would take the check away or let the driver write a log of its own.
    """
    pairs = settings(connect)
    said = {name.lower(): value for name, value in pairs}
    kind = kind_of(driver or said.get("driver", ""))
    near = _near(said)
    told = odbc_tls.words(kind, near, tls, base)
    told = {name: value for name, value in told.items() if name.lower() not in said} if near else _agreed(said, told)
    told |= _quiet(kind, said)
    pairs = [(name, value) for name, value in pairs if name.lower() not in {word.lower() for word in told}]
    wait = str(max(1, int(seconds)))
    always = {name: value.format(seconds=wait) for name, value in _ALWAYS.get(kind, {}).items()}
    pairs += [(name, value) for name, value in always.items() if name.lower() not in said]
    return write((*_with_port(kind, pairs), *told.items()))


def _quiet(kind: Kind, said: Mapping[str, str]) -> dict[str, str]:
    """What keeps the driver from writing a log. Misconfigured where a setting wants one."""
    names = _QUIET.get(kind, {})
    for name in (*names, *names.values()):
        if said.get(name.lower(), "0") != "0":
            what = "the driver's own log would hold statements, what is asked for and the password in clear."
            do = f"Take {name} out of the connection's settings."
            raise Misconfigured(Problem(where=f"connect: {name}", what=what, do=do))
    return dict.fromkeys(names, "0")


def settings(connect: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a source's `connect` says to the driver, in order. Unavailable when it names neither driver nor `dsn`."""
    pairs = list(read(connect["string"])) if "string" in connect else list(_pairs(connect))
    if not {"dsn", "driver"} & {name.lower() for name, _ in pairs}:
        raise Unavailable(Why.SECRET_MISSING)
    return pairs


def read(string: str) -> Iterable[tuple[str, str]]:
    """The settings in a connection string, in order; braces around a value are taken off."""
    for name, value in _PAIR.findall(string):
        braced = value.startswith("{") and value.endswith("}")
        yield name, value[1:-1].replace("}}", "}") if braced else value


def write(pairs: Iterable[tuple[str, str]]) -> str:
    """A connection string; a value is braced where ODBC needs it, and only there: some drivers read the braces too."""
    return ";".join(f"{name}={_braced(value)}" for name, value in pairs)


def _braced(value: str) -> str:
    plain = value == value.strip() and not set(value) & set("[]{}(),;?*=!@'\"")
    return value if plain and value else "{" + value.replace("}", "}}") + "}"


def _pairs(connect: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for key, value in connect.items():
        if key.lower() not in _OURS:
            yield _NAMES.get(key.lower(), key), value
    if connect.get("auth") == "windows":
        yield "Trusted_Connection", "yes"


def _with_port(kind: Kind, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Microsoft's drivers want the port behind the server's name, after a comma."""
    said = {name.lower(): value for name, value in pairs}
    if kind not in ("microsoft", "microsoft_old") or "port" not in said or "server" not in said:
        return pairs
    joined = f"{said['server']},{said['port']}"
    return [(n, joined if n.lower() == "server" else value) for n, value in pairs if n.lower() != "port"]


def _near(said: Mapping[str, str]) -> bool:
    """Does the line stay on this machine?"""
    if "socket" in said:
        return True
    server = next((said[name] for name in ("server", "servername", "host", "address") if name in said), None)
    if server is None:
        return False
    host = re.split(r"[,\\]", server.lower().removeprefix("tcp:"))[0].strip()
    return host.startswith("/") or host in ("localhost", "127.0.0.1", "::1", "(local)", ".")


def _agreed(said: Mapping[str, str], told: Mapping[str, str]) -> dict[str, str]:
    """What the driver is told; a setting may ask for more than `tls:` does, never for less."""
    agreed = {}
    for name, value in told.items():
        mine = said.get(name.lower(), value)
        if mine.lower() not in (value.lower(), *_STRICTER.get((name, value), ())):
            raise Misconfigured(
                Problem(
                    where=f"connect: {name}",
                    what="how certificates are checked is said by `tls:`, and nowhere else.",
                    do=f"Take {name} out of the connection's settings.",
                )
            )
        agreed[name] = mine
    return agreed
