"""Which bytes are signed: one statement, one sequence of bytes, and nothing else reads as it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.audit.statements import FAULTS, MARK, Fault, digest, read_statement, sign, to_sign, verify
from mash_trawl.model.consent import Consent, Explained, GatewayUse
from mash_trawl.model.statement import (
    KINDS,
    Approval,
    Countersignature,
    Emergency,
    Reply,
    Resumption,
    Statement,
    Suspension,
    Withdrawal,
)

AT = datetime(2026, 11, 3, 10, 5, tzinfo=UTC)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
zones = st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours)))
instants = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=zones)
ids = st.sampled_from(["p1", "p2", "p3"])
people = st.lists(ids, unique=True).map(tuple)
categories = st.dictionaries(
    st.sampled_from(["housing", "health"]), st.just("all") | st.lists(st.just("gp_summary"), max_size=2).map(tuple)
)
powers = st.builds(
    GatewayUse, id=st.just("S47"), decided_by=words, decided_at=instants, grounds=words, covers=people,
    categories=st.none() | categories, health_reasons=st.dictionaries(ids, words), consent_sought=st.just("no"),
    limbs=st.lists(words).map(tuple), review_on=st.none() | st.just(date(2026, 11, 10)), ends_at=st.none() | instants,
)  # fmt: skip
said = st.one_of(
    st.builds(
        Consent, id=words, given_by=ids, capacity=st.just("self"), covers=people, categories=categories,
        given_at=instants, kind=st.sampled_from(["agreement", "refusal"]), how=st.none() | words,
        explained=st.none() | st.builds(Explained, notice=words), expires_at=st.none() | instants,
    ),
    powers,
    st.builds(Withdrawal, consent=words, at=instants),
    st.builds(Reply, person=ids, category=words, rule=words, yes=st.booleans(), reason=words,
              basis=st.none() | words, until=st.none() | instants),
    st.builds(Emergency, reason=words, powers=st.lists(powers, max_size=2).map(tuple)),
    st.builds(Countersignature, emergency=words, agrees=st.booleans(), reason=words),
    st.builds(Approval, file=words, sha256=words, approvers=people),
    st.builds(Suspension, source=words, reason=words),
    st.builds(Resumption, source=words, reason=words),
)  # fmt: skip


def statement(content, **more) -> Statement:
    kind = next(name for name, cls in KINDS.items() if type(content) is cls)
    given = {"id": "a" * 16, "hub": "north", "by": "r.cole", "at": AT, "case": "SYN-1", "people": {"p1": "0" * 32}}
    return Statement(kind=kind, said=content, **(given | more))


@given(content=said, case=st.none() | words, marks=st.dictionaries(ids, words))
def test_whatever_is_said_reads_back_equal_from_the_bytes_that_are_signed(content, case, marks):
    made = statement(content, case=case, people=marks)
    read = read_statement(to_sign(made))
    assert read == made
    assert type(read.said) is type(made.said)
    assert to_sign(read) == to_sign(made)


def test_a_decision_that_opens_nothing_is_not_read_as_one_that_opens_everything():
    use = GatewayUse(id="S47", decided_by="r.cole", decided_at=AT, grounds="g", covers=("p1",), categories={})
    read = read_statement(to_sign(statement(use))).said
    assert isinstance(read, GatewayUse)
    assert read.categories == {}


@given(content=said)
def test_a_signature_holds_for_its_bytes_and_its_key_alone(content):
    key, other = Ed25519PrivateKey.from_private_bytes(bytes(32)), Ed25519PrivateKey.from_private_bytes(b"1" * 32)
    body = to_sign(statement(content))
    signature = sign(statement(content), key.sign)
    assert verify(body, signature, key.public_key().public_bytes_raw())
    assert not verify(body, signature, other.public_key().public_bytes_raw())
    assert not verify(body + b" ", signature, key.public_key().public_bytes_raw())
    assert not verify(body.removeprefix(MARK), signature, key.public_key().public_bytes_raw())
    assert not verify(body, signature, b"no key")


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.removeprefix(MARK),
        lambda body: body + b"\n",
        lambda body: body.replace(b'"kind":"suspension"', b'"kind":"resumption"').replace(b"v1", b"v2"),
        lambda body: body.replace(b'"kind":"suspension"', b'"kind":"unheard"'),
        lambda body: body.replace(b'"kind":"suspension"', b'"kind":["suspension"]'),
        lambda body: body.replace(b'"reason"', b'"grounds"'),
        lambda body: body.replace(b'"by":"r.cole",', b""),
        lambda body: body.replace(b'"by":"r.cole"', b'"by":"r.cole","more":true'),
        lambda body: MARK + b"[]",
        lambda body: MARK + b"null",
        lambda body: b"",
    ],
)
def test_bytes_that_nobody_would_have_signed_so_are_no_statement(change):
    body = to_sign(statement(Suspension(source="housing", reason="r"), case=None))
    with pytest.raises(ValueError, match="no statement") as refused:
        read_statement(change(body))
    assert refused.value.__suppress_context__


def test_the_digest_in_the_ledger_needs_the_signature_to_be_guessed_at():
    body = to_sign(statement(Withdrawal(consent="c1", at=AT)))
    assert digest(body, b"1" * 64) != digest(body, b"2" * 64)


def test_every_fault_has_its_words_in_the_documentation_too():
    assert set(FAULTS) == set(Fault.__args__)
    page = (Path(__file__).resolve().parents[2] / "docs" / "statements.md").read_text("utf-8")
    assert re.findall(r"^\| `(\w+)` \| ([^|`]+) \|$", page, re.MULTILINE) == list(FAULTS.items())


def test_a_statement_shows_nothing_of_what_it_says():
    made = statement(Reply(person="p1", category="c", rule="r", yes=True, reason="Aisha Khan (synthetic)"))
    assert repr(made) == f"<Statement {made.id}>"
