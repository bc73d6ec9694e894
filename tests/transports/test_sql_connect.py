"""What a driver is told beside the address."""

from __future__ import annotations

import ssl

import pytest
from sqlalchemy import make_url

from mash_trawl.errors import Misconfigured
from mash_trawl.model.hub import Tls, Unverified
from mash_trawl.transports.sql_connect import arguments

FAR = make_url("postgresql+psycopg://reader@db.example/lcs")
EXCEPTION = Unverified(approved_by="d.head", reason="old server", until="2026-12-31")


@pytest.mark.parametrize(("ca", "told"), [("system", "system"), ("certs/ca.pem", "certs/ca.pem")])
def test_a_certificate_file_of_a_far_postgresql_starts_at_the_hub(tmp_path, ca, told):
    found = arguments(FAR, Tls(ca=ca), 5.0, tmp_path)
    assert found["sslmode"] == "verify-full"
    assert found["sslrootcert"] == (told if ca == "system" else str(tmp_path / told))


def test_only_the_approved_exception_leaves_a_certificate_unchecked(tmp_path):
    assert arguments(FAR, Tls(unverified=EXCEPTION), 5.0, tmp_path)["sslmode"] == "require"
    assert arguments(FAR, Tls(), 5.0, tmp_path)["sslmode"] == "verify-full"


def test_every_session_on_postgresql_is_read_only_and_bounded(tmp_path):
    options = arguments(FAR, Tls(), 5.0, tmp_path)["options"]
    assert "default_transaction_read_only=on" in options
    assert "statement_timeout=5000" in options


MARIADB = make_url("mariadb+pymysql://reader@db.example/lcs")


def test_a_library_of_pythons_own_tls_is_given_its_rules(tmp_path):
    context = arguments(MARIADB, Tls(), 5.0, tmp_path)["ssl"]
    assert context.check_hostname and context.verify_mode == ssl.CERT_REQUIRED
    assert arguments(MARIADB, Tls(unverified=EXCEPTION), 5.0, tmp_path)["ssl"].verify_mode == ssl.CERT_NONE
    assert "ssl" not in arguments(MARIADB.set(host="localhost"), Tls(), 5.0, tmp_path)


@pytest.mark.parametrize(
    ("url", "tls"),
    [
        ("mysql+mysqldb://reader@db.example/lcs", Tls()),
        ("somedb+library://reader@db.example/lcs", Tls()),
        (str(FAR), Tls(pin="ab" * 32)),
        ("mariadb+pymysql://reader@db.example/lcs", Tls(pin="ab" * 32)),
        ("mariadb+pymysql://reader@db.example/lcs", Tls(ca="no-such-file.pem")),
    ],
)
def test_a_line_that_nobody_could_prove_is_refused_with_what_to_do(tmp_path, url, tls):
    class Address:
        """An address whose library need not be installed."""

        host, query = make_url(url).host, {}

        def get_driver_name(self):
            return make_url(url).drivername.partition("+")[2]

        def get_backend_name(self):
            return make_url(url).drivername.partition("+")[0]

    with pytest.raises(Misconfigured) as failed:
        arguments(Address(), tls, 5.0, tmp_path)
    assert all(problem.do for problem in failed.value.problems)
