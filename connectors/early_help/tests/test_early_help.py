"""The early help mapping before the conformance kit, and what only this mapping promises."""

from __future__ import annotations

from mash_trawl.model.finding import Event, Involvement
from mash_trawl.testing import ConnectorContract, seeded_sql
from mash_trawl_early_help import EarlyHelp


class TestEarlyHelp(ConnectorContract):
    connector = EarlyHelp
    source = seeded_sql("seed.sql")

    def test_an_episode_is_about_its_whole_family_whoever_is_asked_about(self) -> None:
        twin = {item.ref: item for item in self.fetch("K2").items if isinstance(item, Event)}
        child = {item.ref: item for item in self.fetch("K1").items if isinstance(item, Event)}
        assert twin["episode:1"] == child["episode:1"] and child["episode:1"].about == ("K1", "K2")

    def test_reason_and_end_are_told_in_words_with_their_codes(self) -> None:
        (first, *_) = (item for item in self.fetch("K1").items if isinstance(item, Event))
        assert (first.text, first.outcome) == ("parenting (PAR)", "needs met (MET)")

    def test_the_lead_practitioner_can_be_rung_and_an_episode_without_one_is_told_all_the_same(self) -> None:
        old, open_ = (item for item in self.fetch("K1").items if isinstance(item, Involvement))
        assert (old.practitioner, old.role, old.contact) == ("Priya Nair", "family worker", "01632 960420")
        assert (open_.service, open_.status, open_.practitioner) == ("Targeted support", "current", "")

    def test_a_meeting_and_an_episode_with_one_number_stay_two(self) -> None:
        assert {"episode:1", "meeting:1"} <= {item.ref for item in self.fetch("K1").items}

    def test_a_locked_record_says_so(self) -> None:
        assert self.find(upn="B999000000022")[0].restrictions == ("restricted",)
