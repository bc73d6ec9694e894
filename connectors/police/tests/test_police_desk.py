"""What stands on the request to a desk."""

from __future__ import annotations

from mash_trawl.sources.person import PersonConnector
from mash_trawl_police import PoliceDesk


def test_every_category_is_asked_in_words_and_the_desk_is_shown_by_what_it_knows_them() -> None:
    (real,) = PoliceDesk.mash_trawl_connectors()
    assert issubclass(real, PersonConnector) and real.offers == {
        "police.safeguarding",
        "police.domestic_abuse",
        "police.missing",
        "police.arrest",
    }
    assert set(real.questions) == real.offers and all(len(text) > 40 for text in real.questions.values())
    assert {"given", "family", "born", "postcode"} <= set(real.shows)
