"""Clauses, teams, keyworker and meetings stand on the page, in the text and in the tables, and drive nothing."""

from __future__ import annotations

from typing import Any

import pytest

from mash_trawl.config.read import read_value
from mash_trawl.model.product import Product
from mash_trawl.model.ways import RouteSuggested, Ways
from mash_trawl.render.html import page
from mash_trawl.render.tables import plain
from mash_trawl.render.terminal import text
from mash_trawl.render.ways import ways_tables


@pytest.fixture
def told(plain_product: dict[str, Any]) -> Product:
    case = plain_product["case"] | {"level": 3, "level_title": "Targeted", "keyworker": "K. <b>Synthetic</b>"}
    clause = {
        "number": "3.4",
        "cited_for": "level",
        "level": "3",
        "level_title": "Targeted",
        "text": "Repeated \u202eviolence.",
    }
    more = {
        "case": case,
        "threshold": {
            "document": "north@2026", "title": "Right help", "partnership": "North", "agreed_on": "2026-01-01",
            "review_on": "2027-01-01", "clauses": [clause, clause | {"number": "4.2", "cited_for": "S47"}],
        },
        "routes": [{"team": "dv", "title": "Domestic abuse team", "why": "concern: Domestic abuse"}],
        "who_routes": "Suggested by the profile; the team manager routes.",
        "meetings": [{"meeting": "daily", "title": "Daily meeting", "when": "every day", "who": ["Police", "Health"]}],
    }  # fmt: skip
    return read_value(Product, plain_product | more, "product")


def test_the_page_says_all_of_it_escaped(told: Product) -> None:
    shown = page(told, {})
    for part in ("Targeted", "north@2026", "Repeated [U+202E]violence.", "Domestic abuse team", "team manager routes",
                 "K. &lt;b&gt;Synthetic", "Daily meeting", "Police", "agreed on 1 January 2026"):  # fmt: skip
        assert part in shown
    assert "<b>Synthetic" not in shown
    assert "cited for the level" in shown
    assert "cited for <bdi>S47</bdi>" in shown


def test_the_text_says_all_of_it(told: Product) -> None:
    shown = text(told).splitlines()
    assert "Level 3: Targeted" in shown
    assert "Cited for the level: north@2026, clause 3.4: Repeated [U+202E]violence." in shown
    assert "Keyworker: K. <b>Synthetic</b>" in shown
    team = "Specialist team: Domestic abuse team (concern: Domestic abuse)."
    assert f"{team} Suggested by the profile; the team manager routes." in shown
    assert "Daily meeting (every day): Police, Health" in shown


def test_a_product_of_before_these_parts_shows_none_of_them(product: Product) -> None:
    for shown in (page(product, {}), text(product)):
        assert "Specialist team" not in shown
        assert "Keyworker" not in shown


def test_plan_and_status_show_what_there_is_and_no_empty_table(told: Product) -> None:
    assert ways_tables(Ways()) == []
    route = RouteSuggested(team="dv", title="Domestic abuse team", why="level 2")
    ways = Ways(
        notes=("Nobody decides here.",), threshold=told.threshold, routes=(route,), who_routes="A person routes."
    )
    lines = plain(ways_tables(ways))
    for part in ("Nobody decides here.", "Cited from north@2026", "Specialist teams", "A person routes."):
        assert part in lines
