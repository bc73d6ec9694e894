"""What stands on the request to a practice."""

from __future__ import annotations

from mash_trawl.sources.person import PersonConnector
from mash_trawl_health import GpReturn


def test_every_category_is_asked_in_words_and_the_practice_is_shown_by_what_it_knows_them() -> None:
    (real,) = GpReturn.mash_trawl_connectors()
    assert issubclass(real, PersonConnector) and real.offers == {"health.gp_summary"}
    assert set(real.questions) == real.offers and all(len(text) > 40 for text in real.questions.values())
    assert {"given", "family", "born", "nhs_number"} <= set(real.shows)
