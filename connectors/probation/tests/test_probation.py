"""Probation before the conformance kit, over REST and by file; and what only this system promises."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path
from typing import Any

from mash_trawl.model.ages import Ages
from mash_trawl.model.finding import Fact, Involvement
from mash_trawl.testing import Cast, ConnectorContract, Facts, seeded_files, served
from mash_trawl_probation import Probation, ProbationFile

_spec = importlib.util.spec_from_file_location("probation_service", Path(__file__).with_name("service.py"))
assert _spec and _spec.loader
service: Any = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(service)

CAST = Cast(child="X100001", twin="X100002", same_surname="X100003", same_birthday="X100004", sibling="X100005")
FACTS = Facts(
    given="Daniel", family="Okafor", born=date(1985, 3, 9), postcode="NB14QT", uprn=None, house_number=None,
    nhs_number=None, upn=None,
)  # fmt: skip


class TestProbation(ConnectorContract):
    connector = Probation
    source = served(service.answer, cast=CAST, facts=FACTS)

    def test_it_is_never_asked_about_a_child(self) -> None:
        (by_file,) = ProbationFile.mash_trawl_connectors()
        assert Probation.ages == by_file.ages == Ages(from_=18)

    def test_an_alias_is_a_name_of_its_own_and_finds_him(self) -> None:
        (found,) = self.find(former_names="Lee", born=date(1985, 3, 9))
        assert [(one.given, one.family, one.use) for one in found.names] == [
            (("Daniel", "James"), "OKAFOR", "usual"), (("Danny",), "Lee", "old"),
        ]  # fmt: skip
        assert found.identifiers == {"pnc_id": "1999/0001234A"} and found.restrictions == ()

    def test_limited_access_is_for_a_person_to_look_at(self) -> None:
        (found,) = self.find(family="Stone", born=date(1985, 3, 9))
        assert found.restrictions == ("restricted",)

    def test_an_order_a_condition_and_whom_to_ring(self) -> None:
        told = {item.ref: item for item in self.fetch("X100001", "probation.orders").items}
        order, gone, officer = told["sentence:S1"], told["sentence:S2"], told["officer:N01A001"]
        assert isinstance(order, Involvement) and isinstance(gone, Involvement) and isinstance(officer, Involvement)
        assert (order.service, order.status) == ("Probation: community order (CO)", "current")
        assert gone.status == "historic" and gone.to and gone.to.edtf == "2019-12-10"
        assert officer.practitioner == "Lesley Quint" and officer.contact.startswith("01632 960701")
        condition = told["licence:L1/1"]
        assert isinstance(condition, Fact) and condition.value.endswith("(licence: INACTIVE)")

    def test_risk_is_told_as_assessed_and_never_as_our_own(self) -> None:
        told = {item.ref: item for item in self.fetch("X100001", "probation.risk").items}
        harm = told["rosh:A1/risk_of_serious_harm"]
        assert isinstance(harm, Fact) and (harm.value, harm.basis) == ("high (H)", "professional_opinion")
        assert isinstance(told["mappa:M1"], Involvement) and "level 1" in told["mappa:M1"].service

    def test_somebody_with_nothing_there_has_nothing_there(self) -> None:
        run = self.fetch("X100005")
        assert run.items == [] and run.haul.complete and not run.haul.quarantined

    def test_no_name_stands_in_an_address(self) -> None:
        bench = self.bench()
        for key in bench.queries():
            assert not any(
                "Okafor" in asked.open or "1985" in asked.open for asked in bench.once("find", key).seen.asked
            )

    def test_a_list_that_is_longer_than_a_page_is_never_called_whole(self) -> None:
        cut = service._listed(service.SENTENCES["X100001"])
        cut["pagination"]["totalCount"] = 240

        class Long(TestProbation):
            source = served(lambda request: cut if request.path.endswith("sentences") else service.answer(request),
                            cast=CAST, facts=FACTS)  # fmt: skip
            _bench = None

        try:
            assert not Long.fetch("X100001", "probation.orders").haul.complete
        finally:
            Long.teardown_class()


class TestProbationFile(ConnectorContract):
    connector = ProbationFile
    source = seeded_files("seed")

    def test_an_order_of_an_unknown_kind_is_counted_and_left_out(self) -> None:
        run = self.fetch("X100004", "probation.orders")
        assert run.items == [] and run.haul.quarantined == 1

    def test_limited_access_is_for_a_person_to_look_at(self) -> None:
        (found,) = self.find(family="Okafor", born=date(1990, 2, 2))
        assert found.restrictions == ("restricted",)

    def test_orders_and_conditions_and_assessed_risk_come_back(self) -> None:
        run = self.fetch("X100001")
        assert {item.ref for item in run.items} == {
            "orders:E1",
            "orders:E2",
            "orders:C1",
            "orders:C2",
            "risk:A1",
            "risk:A2",
        }
        assert not any("victim" in " ".join(asked.values) for asked in run.seen.asked)
