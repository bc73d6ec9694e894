"""The lists of specialist teams before the conformance kit, and the traps of each."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl

from mash_trawl.model.base import to_plain
from mash_trawl.model.finding import Event, Fact, Involvement
from mash_trawl.testing import ConnectorContract, seeded_files
from mash_trawl.testing.bench import Bench
from mash_trawl.testing.cast import Cast, Facts
from mash_trawl_specialist import AdultSafeguarding, Cse, DomesticAbuse, HateCrime, MissingPeople


class TestDomesticAbuse(ConnectorContract):
    connector = DomesticAbuse
    source = seeded_files("marac")

    def test_a_case_names_everybody_with_their_part_and_nobody_with_an_address(self) -> None:
        (case,) = self.fetch("MA-01/perpetrator").items
        assert isinstance(case, Event) and case.about == (
            "MA-01/victim", "MA-01/perpetrator", "MA-01/child-1", "MA-01/child-2",
        )  # fmt: skip
        assert all(one.addresses == () for one in case.mentions) and "NB1" not in case.text
        assert case.text.startswith("DASH 16 (usual from 14); referred for score (DASH)")
        assert case.text.endswith("(victim: Ruth Okafor; perpetrator: Daniel Okafor)")

    def test_how_to_reach_a_victim_safely_comes_with_her_own_record_only(self) -> None:
        told = {part: json.dumps([to_plain(item) for item in self.fetch(f"MA-01/{part}").items])
                for part in ("victim", "perpetrator", "child-1")}  # fmt: skip
        assert [part for part, text in told.items() if "Text only" in text] == ["victim"]

    def test_a_confidential_address_is_hidden_and_no_marking_is_ignored(self) -> None:
        found = {one.ref: one.restrictions for one in self.find(family="Okafor", given="Ruth", born=date(1990, 2, 2))}
        assert found == {"MA-01/victim": (), "MA-02/victim": ("hidden_address",)}

    def test_children_are_found_by_what_a_cell_says_of_them(self) -> None:
        (found,) = self.find(family="Okafor", born=date(2014, 5, 17))
        assert found.ref == "MA-01/child-1" and found.names[0].given == ("Grace",)
        (vague,) = self.find(given="Paul", born=date(2018, 8, 8))
        assert vague.ref == "MA-01/child-2" and vague.born and not vague.born.exact

    def test_nobody_is_made_of_a_cell_that_says_no_children(self) -> None:
        (case,) = self.fetch("MA-05/victim").items
        assert case.about == ("MA-05/victim",)


class TestCse(ConnectorContract):
    connector = Cse
    source = seeded_files("cse")

    def test_the_panel_names_the_worker_and_the_level_is_the_panels_own(self) -> None:
        told = {item.ref: item for item in self.fetch("E-01").items}
        panel, level = told["panel:E-01"], told["level:E-01"]
        assert isinstance(panel, Involvement) and isinstance(level, Fact)
        assert (panel.service, panel.status) == ("child sexual exploitation panel (CSE)", "current")
        assert (level.value, level.basis) == ("Medium risk", "professional_opinion")

    def test_a_state_that_nobody_knows_is_counted(self) -> None:
        run = self.fetch("E-04")
        assert run.haul.quarantined == 1 and [item.ref for item in run.items] == ["level:E-04"]

    def test_a_day_typed_in_another_way_is_read_and_found_by_both_names(self) -> None:
        (found,) = self.find(family_soundex="O165", given_soundex="Z000")
        assert found.born and found.born.earliest == date(2011, 6, 17)

    def test_the_same_list_reads_the_same_as_a_workbook(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for line in (
            Path(__file__).with_name("cse").joinpath("exploitation-2026-11.csv").read_text("utf-8").splitlines()
        ):
            sheet.append(
                [date.fromisoformat(cell) if len(cell) == 10 and cell[4] == "-" else cell for cell in line.split(",")]
            )
        book.save(tmp_path / "exploitation-2026-12.xlsx")
        by_hand = Bench(Cse.mash_trawl_connectors()[0], seeded_files(tmp_path), Cast(child="E-01"), Facts())  # type: ignore[index]
        by_hand.start()
        try:
            assert by_hand.fetch("E-01").items == self.fetch("E-01").items
            assert [one.ref for one in by_hand.find(("given_soundex", "born")).items] == ["E-01"]
        finally:
            by_hand.stop()


class TestMissingPeople(ConnectorContract):
    connector = MissingPeople
    source = seeded_files("missing")

    def test_each_episode_says_what_became_of_the_return_interview(self) -> None:
        told = {item.ref: item.outcome for item in self.fetch("C1").items if isinstance(item, Event)}
        assert told == {
            "return_interviews:M-01": "return interview held (HELD)",
            "return_interviews:M-02": "return interview refused (REFUSED)",
        }

    def test_a_child_with_several_episodes_is_one_person(self) -> None:
        assert {one.ref for one in self.find(family="Khan", given="Aisha")} == {"C1", "C3"}


class TestHateCrime(ConnectorContract):
    connector = HateCrime
    source = seeded_files("hate")

    def test_a_suspect_is_alleged_and_a_victim_reported(self) -> None:
        (victim,), (suspect,) = self.fetch("N-1").items, self.fetch("N-3").items
        assert (victim.basis, suspect.basis) == ("reported", "alleged")

    def test_a_part_that_nobody_knows_is_counted(self) -> None:
        run = self.fetch("N-4")
        assert run.items == [] and run.haul.quarantined == 1


class TestAdultSafeguarding(ConnectorContract):
    connector = AdultSafeguarding
    source = seeded_files("adult")

    def test_a_concern_is_alleged_until_somebody_else_says_more(self) -> None:
        told = {item.ref: item for item in self.fetch("A1").items if isinstance(item, Event)}
        first = told["safeguarding:SC-1"]
        assert (first.headline, first.basis) == ("Financial or material abuse (FIN)", "alleged")
        assert first.kind == "enquiry under Care Act s.42 (S42)"
