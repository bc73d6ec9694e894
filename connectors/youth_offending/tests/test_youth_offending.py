"""The youth offending connector before the conformance kit, over a real ODBC driver, and what only it promises."""

from __future__ import annotations

import os
import sqlite3
from datetime import date
from typing import Any

import pytest

from mash_trawl.model.finding import Event, Fact, Finding, Involvement
from mash_trawl.testing import Cast, ConnectorContract, Facts, seeded_odbc
from mash_trawl_county.systems.youth_offending import SCHEMA, WORKERS
from mash_trawl_youth_offending import YouthOffending

BIRTHDAY = date(2009, 5, 17)
PEOPLE = [
    ("Y1", "Kacper", "Jan", "NOWAK", "Malik", "2009-05-17", "M", "2023/0001234X", "", "14 Mill Lane", "NB1 4QT"),
    ("Y2", "Kamil", "", "Nowak", "", "2009-05-17", "M", None, None, "14 Mill Lane", "NB1 4QT"),  # his twin
    ("Y3", "Kacper", "", "Nowak", "", "1979-05-17", "M", None, "", "2 High Street", "NB1 1AA"),
    ("Y4", "Oliver", "", "Stone", "", "2009-05-17", "M", None, "HIDDEN, odd", "", None),
    ("Y5", "Dan", "", "O'Brien", "", "2008-03-09", "M", None, "", "14 Mill Lane", "NB14QT"),
    ("Y6", "Zoë", "", "Łukasz-Żuk", "", "31/02/2010", "X", None, "", None, None),
]
ROWS: dict[str, list[tuple[Any, ...]]] = {
    "worker": list(WORKERS),
    "intervention": [
        ("I1", "Y1", "RO", "2025-03-01", None, "W1"), ("I2", "Y1", "TURN", "2023-01-09", "2023-07-01", "W2"),
        ("I3", "Y1", "NEW", None, None, None), ("I4", "Y2", "YRO", "2025-01-01", None, "W1"),
    ],
    "offence": [
        ("O1", "Y1", "2025-01-20", "Possession of a bladed article", "4", "CONV", "2025-02-27"),
        ("O2", "Y1", "2024-06-02", "Criminal damage", "3", "NFA", None),
        ("O3", "Y1", "2019-06-02", "Old", None, "???", None),
        ("O4", "Y4", "2024-06-02", "Somebody else's", "2", "PEND", None),
    ],
    "asset_plus": [("A1", "Y1", "2025-03-10", "M", "VH", ""), ("A2", "Y2", "2025-03-10", "L", "L", "L")],
}  # fmt: skip


def fill(db: sqlite3.Connection) -> None:
    """Put the synthetic people and records into an empty database."""
    db.executescript(SCHEMA)
    for table, rows in (ROWS | {"person": list(PEOPLE)}).items():
        for row in rows:
            db.execute(f"insert into {table} values ({', '.join('?' for _ in row)})", row)


class TestYouthOffending(ConnectorContract):
    connector = YouthOffending
    source = seeded_odbc(
        fill,
        cast=Cast(child="Y1", twin="Y2", same_surname="Y3", same_birthday="Y4", sibling=None),
        facts=Facts(given="Kacper", family="Nowak", former_names="Malik", born=BIRTHDAY, nhs_number=None, upn=None),
    )

    def told(self, category: str, kind: type[Any]) -> dict[str, Any]:
        return {one.ref: one for one in self.fetch("Y1", f"youth_offending.{category}").items if isinstance(one, kind)}

    def test_in_ci_the_driver_may_not_be_missing(self) -> None:
        if os.environ.get("CI") == "true" and (why := self.source.missing()):
            raise RuntimeError(why)
        assert self.source.kinds == {"odbc"}

    def test_a_postcode_is_found_with_and_without_its_space(self) -> None:
        assert [one.ref for one in self.find(born=date(2008, 3, 9), postcode="NB14QT")] == ["Y5"]

    def test_a_candidate_carries_all_that_identifies(self) -> None:
        found, _ = self.find(family="Nowak", born=BIRTHDAY)
        assert [(name.given, name.family, name.use) for name in found.names] == [
            (("Kacper", "Jan"), "NOWAK", "usual"), (("Kacper",), "Malik", "old"),
        ]  # fmt: skip
        assert found.born and found.born.earliest == BIRTHDAY and found.sex == "male"
        assert found.identifiers == {"pnc_id": "2023/0001234X"} and found.addresses[0].lines == ("14 Mill Lane",)

    def test_a_flag_restricts_and_one_that_is_not_known_does_too(self) -> None:
        (found,) = self.find(family="Stone", born=BIRTHDAY)
        assert found.restrictions == ("hidden_address", "restricted") and found.addresses == ()

    @pytest.mark.parametrize("family", ["O'Brien", "o'brien"])
    def test_a_name_with_an_apostrophe_is_found_in_capitals_or_not(self, family: str) -> None:
        assert [one.ref for one in self.find(family=family, born=date(2008, 3, 9))] == ["Y5"]

    def test_orders_and_prevention_name_the_worker_and_how_to_reach_them(self) -> None:
        first, second, third = self.told("involvement", Involvement).values()
        assert (first.service, first.status, first.practitioner) == ("Referral order (RO)", "current", "Lesley Quint")
        assert first.contact == "01632 960401" and first.from_ and first.from_.edtf == "2025-03-01"
        assert (second.service, second.status) == ("Turnaround programme (TURN)", "historic")
        assert (third.service, third.practitioner, third.from_) == ("NEW", "", None)

    def test_an_offence_says_how_well_it_is_established(self) -> None:
        told = self.told("offences", Event)
        proved, dropped, unknown = told["offence:O1"], told["offence:O2"], told["offence:O3"]
        assert (proved.basis, proved.polarity, proved.outcome) == ("documented", "concern", "convicted")
        assert proved.text == "Seriousness 4 of 8. Decided 2025-02-27."
        assert (dropped.basis, dropped.polarity, dropped.outcome) == ("alleged", "neutral", "no further action")
        assert (unknown.basis, unknown.outcome, unknown.text) == ("alleged", "???", "")

    def test_each_judgement_of_an_assessment_is_a_fact_and_one_not_made_is_none(self) -> None:
        told = self.told("risk", Fact)
        assert {one.name: one.value for one in told.values()} == {
            "likelihood_of_reoffending": "medium", "risk_of_serious_harm": "very high",
        }  # fmt: skip
        assert all(one.basis == "professional_opinion" and one.about == ("Y1",) for one in told.values())

    @pytest.mark.parametrize(
        ("category", "tables"),
        [("involvement", {"intervention", "worker"}), ("offences", {"offence"}), ("risk", {"asset_plus"})],
    )
    def test_only_the_tables_of_the_granted_category_are_read(self, category: str, tables: set[str]) -> None:
        asked = self.fetch("Y1", f"youth_offending.{category}").seen.asked
        words = " ".join(one.text for one in asked).lower().split()
        assert {words[place + 1] for place, word in enumerate(words[:-1]) if word in ("from", "join")} == tables

    def test_what_lasts_into_the_period_is_told(self) -> None:
        found: list[Finding] = self.fetch("Y1", since=date(2024, 1, 1), until=date(2025, 2, 28)).items
        assert {one.ref for one in found} == {"intervention:I3", "offence:O1", "offence:O2"}
