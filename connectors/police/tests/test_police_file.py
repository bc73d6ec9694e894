"""The police extract before the conformance kit, and what only an extract does."""

from __future__ import annotations

from datetime import date

from mash_trawl.model.finding import Event
from mash_trawl.testing import ConnectorContract, seeded_files
from mash_trawl_police import PoliceFile


class TestPoliceFile(ConnectorContract):
    connector = PoliceFile
    source = seeded_files("seed")

    def test_an_occurrence_names_everybody_in_it_and_reads_the_same_for_each(self) -> None:
        own = {item.ref: item for item in self.fetch("N1", "police.domestic_abuse").items}
        hers = {item.ref: item for item in self.fetch("N5", "police.domestic_abuse").items}
        assert own == hers and own["domestic_abuse:D2"].about == ("N1", "N2", "N5")
        assert own["domestic_abuse:D1"].text == "suspect: Daniel Okafor; victim: Ruth Okafor"

    def test_how_well_it_is_established_is_what_the_police_say(self) -> None:
        told = {item.ref: item for item in self.fetch("N1").items if isinstance(item, Event)}
        assert (told["domestic_abuse:D1"].basis, told["domestic_abuse:D2"].basis) == ("documented", "alleged")
        assert told["safeguarding:O1"].polarity == "neutral"

    def test_a_status_that_nobody_knows_is_counted(self) -> None:
        run = self.fetch("N4", "police.safeguarding")
        assert run.items == [] and run.haul.quarantined == 1

    def test_a_restriction_hides_an_address(self) -> None:
        (found,) = self.find(former_names="Malik", born=date(1990, 2, 2))
        assert found.restrictions == ("hidden_address",)

    def test_warnings_and_informants_are_never_read(self) -> None:
        asked = [name for one in self.fetch("N1").seen.asked for name in one.values]
        assert asked and "pnc_warning" not in asked
