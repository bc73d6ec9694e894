"""What a driver is told beside the address."""

from __future__ import annotations

import pytest
from sqlalchemy import make_url

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
