"""What each driver is told about certificates, and that the real drivers then refuse a server that is not proved."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from mash_trawl.errors import Misconfigured, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.hub import Tls, Unverified
from mash_trawl.transports import odbc, odbc_string, sql, sql_oracle

EXCEPTION = Tls(unverified=Unverified(approved_by="d.head", reason="old server", until="2026-12-31"))
CIPHER = "select variable_value as value from information_schema.session_status where variable_name = 'ssl_cipher'"
DRIVER_18 = "ODBC Driver 18 for SQL Server"


def told(driver: str, tls: Tls | None = None, server: str = "SQLREAD01", **others: str) -> dict[str, str]:
    """The settings that a driver gets, by name."""
    connect = {"driver": driver, "server": server, **others}
    return dict(odbc_string.read(odbc_string.connection_string(connect, tls or Tls(), Path("/hub"))))


@pytest.mark.parametrize(
    ("driver", "tls", "expected"),
    [
        (DRIVER_18, Tls(), {"Encrypt": "yes", "TrustServerCertificate": "no"}),
        (DRIVER_18, Tls(ca="sql.pem"), {"Encrypt": "strict", "ServerCertificate": "/hub/sql.pem"}),
        (DRIVER_18, EXCEPTION, {"Encrypt": "yes", "TrustServerCertificate": "yes"}),
        ("ODBC Driver 17 for SQL Server", Tls(), {"Encrypt": "yes", "TrustServerCertificate": "no"}),
        ("FreeTDS", EXCEPTION, {"Encryption": "require", "TDS_Version": "7.4"}),
        ("MariaDB Unicode", Tls(), {"FORCETLS": "1", "SSLVERIFY": "1", "CONN_TIMEOUT": "20"}),
        ("MariaDB Unicode", Tls(ca="ca.pem"), {"SSLVERIFY": "1", "SSLCA": "/hub/ca.pem", "CHARSET": "utf8mb4"}),
        ("MariaDB Unicode", EXCEPTION, {"FORCETLS": "1", "SSLVERIFY": "0"}),
        ("MySQL ODBC 8.0 Unicode Driver", Tls(ca="ca.pem"), {"SSLMODE": "VERIFY_IDENTITY", "SSLCA": "/hub/ca.pem"}),
        ("PostgreSQL Unicode", Tls(), {"SSLmode": "verify-full", "pqopt": "sslrootcert='system'"}),
        ("PostgreSQL Unicode", Tls(ca="it's/ca.pem"), {"pqopt": "sslrootcert='/hub/it\\'s/ca.pem'"}),
        ("PostgreSQL Unicode", EXCEPTION, {"SSLmode": "require"}),
        ("A vendor's own driver", EXCEPTION, {"SERVER": "SQLREAD01"}),
    ],
)
def test_a_known_driver_is_told_to_check_certificates(driver: str, tls: Tls, expected: dict[str, str]) -> None:
    found = told(driver, tls)
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("driver", "tls"),
    [
        ("FreeTDS", Tls()), ("Oracle 19 ODBC driver", Tls()), ("A vendor's own driver", Tls(ca="ca.pem")),
        ("ODBC Driver 17 for SQL Server", Tls(ca="ca.pem")), ("MySQL ODBC 8.0 Unicode Driver", Tls()),
        *((driver, Tls(pin="ab" * 32)) for driver in (DRIVER_18, "MariaDB Unicode", "PostgreSQL Unicode", "FreeTDS")),
    ],
)  # fmt: skip
def test_a_driver_that_cannot_be_told_to_check_is_refused_with_what_to_do(driver: str, tls: Tls) -> None:
    with pytest.raises(Misconfigured) as failed:
        told(driver, tls)
    assert all(problem.do for problem in failed.value.problems)


@pytest.mark.parametrize("server", ["localhost", "127.0.0.1", "tcp:127.0.0.1,1433", ".\\SQLEXPRESS", "(local)"])
def test_a_line_that_stays_on_this_machine_needs_no_certificate(server: str) -> None:
    assert told(DRIVER_18, server=server)["Encrypt"] == "no"
    assert told("FreeTDS", server=server)["SERVER"] == server


@pytest.mark.parametrize(
    ("name", "value"), [("Encrypt", "no"), ("TrustServerCertificate", "yes"), ("trustservercertificate", "Yes")]
)
def test_no_setting_takes_the_check_away(name: str, value: str) -> None:
    with pytest.raises(Misconfigured, match="tls:"):
        told(DRIVER_18, **{name: value})
    with pytest.raises(Misconfigured):
        string = f"Driver={{{DRIVER_18}}};Server=S1;{name}={value}"
        odbc_string.connection_string({"string": string}, Tls(), Path())


def test_a_setting_may_ask_for_more() -> None:
    assert told(DRIVER_18, Encrypt="strict")["Encrypt"] == "strict"


def test_the_port_stands_where_microsofts_driver_looks_for_it() -> None:
    assert told(DRIVER_18, port="1444")["SERVER"] == "SQLREAD01,1444"
    assert told("MariaDB Unicode", port="3307")["PORT"] == "3307"


def test_the_driver_behind_a_data_source_counts() -> None:
    made = odbc_string.connection_string({"dsn": "LCS"}, Tls(), Path(), driver=DRIVER_18)
    assert made == "DSN=LCS;Encrypt=yes;TrustServerCertificate=no"


def test_a_whole_connection_string_keeps_what_it_says() -> None:
    string = f"Driver={{{DRIVER_18}}};Server=S1;Database={{a;b}}}}c}};ApplicationIntent=ReadOnly;"
    made = dict(odbc_string.read(odbc_string.connection_string({"string": string}, Tls(), Path())))
    assert (made["Database"], made["ApplicationIntent"], made["Encrypt"]) == ("a;b}c", "ReadOnly", "yes")


@pytest.mark.parametrize(("file", "why"), [("ca.pem", None), ("other.pem", Why.TLS_FAILED), ("system", Why.TLS_FAILED)])
@pytest.mark.parametrize("road", [odbc, sql])
def test_mariadb_is_read_only_from_a_server_whose_certificate_is_proved(
    open_door: Callable[..., Any], mariadb_server: Any, tmp_path: Path, road: Any, file: str, why: Why | None
) -> None:
    import mash_trawl_test_databases as databases

    databases.certificates(tmp_path)
    (tmp_path / "ca.pem").rename(tmp_path / "other.pem")
    (tmp_path / "ca.pem").write_bytes(mariadb_server.ca.read_bytes())
    settings = mariadb_server.settings(databases.driver("MariaDB Unicode", "odbc-mariadb"), server=databases.FAR)
    door = open_door(tls=Tls(ca=file), **settings)
    if why is None:
        with road.open_session(door) as session:
            (row,) = session.rows(CIPHER)
        assert row.value
        return
    with pytest.raises(Unavailable) as failed, road.open_session(door) as session:
        list(session.rows("select 1 as one"))
    assert failed.value.why == why


class TlsOnly:
    """A server that ends after the handshake, and says whether there was one."""

    def __init__(self, folder: Path, *protocols: str) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "server.pem", folder / "server.key")
        if protocols:
            self.context.set_alpn_protocols(list(protocols))
        self.line = socket.create_server(("127.0.0.2", 0))
        self.port = self.line.getsockname()[1]
        self.heard: list[bool] = []
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self.line.accept()
                line.settimeout(5)
                try:
                    with self.context.wrap_socket(line, server_side=True) as safe:
                        self.heard.append(bool(safe.recv(1)))
                except OSError:
                    self.heard.append(False)
                    line.close()

    def close(self) -> None:
        self.line.shutdown(socket.SHUT_RDWR)
        self.line.close()
        self.thread.join(5)


@pytest.fixture
def tls_only(tmp_path: Path) -> Any:
    """Start one: `tls_only("tds/8.0")`; its certificates lie in the test's folder."""
    import mash_trawl_test_databases as databases

    databases.certificates(tmp_path)
    made: list[TlsOnly] = []

    def started(*protocols: str) -> TlsOnly:
        made.append(TlsOnly(tmp_path, *protocols))
        return made[-1]

    yield started
    for server in made:
        server.close()


def test_microsofts_driver_speaks_only_to_the_server_whose_certificate_the_file_holds(
    open_door: Callable[..., Any], tls_only: Any
) -> None:
    import mash_trawl_test_databases as databases

    server = tls_only("tds/8.0")
    driver = databases.microsoft_driver()
    for file, heard in (("server.pem", True), ("ca.pem", False)):
        settings = {"server": databases.FAR, "port": str(server.port), "user": "reader", "password": "x"}
        door = open_door(tls=Tls(ca=file), seconds=2.0, driver=driver, **settings)
        with pytest.raises(Unavailable), odbc.open_session(door) as session:
            list(session.rows("select 1 as one"))
        assert any(server.heard) is heard
        server.heard.clear()


def test_microsofts_driver_sends_no_login_to_a_server_that_is_not_proved(
    open_door: Callable[..., Any], sql_server: Any
) -> None:
    import mash_trawl_test_databases as databases

    settings = sql_server.settings(databases.microsoft_driver(), server=databases.FAR)
    for road in (odbc, sql):
        with pytest.raises(Unavailable) as failed, road.open_session(open_door(**settings)) as session:
            list(session.rows("select 1 as one"))
        assert failed.value.why == Why.TLS_FAILED
    with odbc.open_session(open_door(tls=EXCEPTION, **settings)) as session:
        assert [row.one for row in session.rows("select 1 as one")] == [1]


@pytest.mark.parametrize(("file", "heard"), [("ca.pem", True), ("server.key", False), ("system", False)])
def test_oracle_is_spoken_to_only_when_its_certificate_is_proved(
    open_door: Callable[..., Any], tls_only: Any, file: str, heard: bool
) -> None:
    server = tls_only()
    door = open_door(url=f"oracle://reader:x@127.0.0.2:{server.port}/?service_name=LCS", tls=Tls(ca=file), seconds=2.0)
    with pytest.raises((Unavailable, Misconfigured)), sql.open_session(door) as session:
        list(session.rows("select 1 as one from dual"))
    assert any(server.heard) is heard


ORACLE = make_url("oracle+oracledb://reader@db.example/?service_name=LCS")


def test_oracle_is_asked_over_tls_wherever_it_is_not_on_this_machine() -> None:
    found = sql_oracle.arguments(ORACLE, {}, Tls(), 5.0, Path())["connect_args"]
    assert (found["protocol"], found["port"], found["dsn"], found["service_name"]) == ("tcps", 2484, None, "LCS")
    assert found["ssl_server_dn_match"] and found["ssl_context"].verify_mode == ssl.CERT_REQUIRED
    assert found["tcp_connect_timeout"] == 5.0
    near = sql_oracle.arguments(ORACLE.set(host="localhost"), {}, Tls(), 5.0, Path())["connect_args"]
    assert (near["protocol"], near["port"]) == ("tcp", 1521)


def test_the_address_given_to_oracles_driver_names_the_encrypted_protocol() -> None:
    import oracledb

    found = sql_oracle.arguments(ORACLE, {}, Tls(), 5.0, Path())["connect_args"]
    address = oracledb.ConnectParams(**{name: value for name, value in found.items() if name != "dsn"})
    assert "(PROTOCOL=tcps)" in address.get_connect_string() and "SERVICE_NAME=LCS" in address.get_connect_string()


@pytest.mark.parametrize(
    ("url", "connect", "tls"),
    [
        (ORACLE, {"thick": "yes"}, Tls()),
        (ORACLE, {}, Tls(pin="ab" * 32)),
        (ORACLE, {}, Tls(ca="no-such-file.pem")),
        (make_url("oracle+oracledb://reader@ALIAS"), {}, Tls()),
    ],
)
def test_oracle_is_refused_where_nobody_could_see_what_is_checked(url: Any, connect: dict[str, str], tls: Tls) -> None:
    with pytest.raises(Misconfigured):
        sql_oracle.arguments(url, connect, tls, 5.0, Path())


def test_oracles_own_client_needs_the_approved_exception() -> None:
    found = sql_oracle.arguments(ORACLE, {"thick": "yes", "client": "/opt/oracle"}, EXCEPTION, 5.0, Path())
    assert found["thick_mode"] == {"lib_dir": "/opt/oracle"}
