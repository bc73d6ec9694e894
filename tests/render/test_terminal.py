"""The product on a terminal: everything is said, and nothing can drive the terminal."""

from __future__ import annotations

from typing import Any

from mash_trawl.config.read import read_value
from mash_trawl.model.product import Product
from mash_trawl.render.terminal import text


def test_answers_come_first_and_every_event_is_there(product: Product) -> None:
    shown = text(product)
    assert shown.index("Answers and refusals") < shown.index("Gaps") < shown.index("Chronology")
    for item in product.answers:
        assert item.sentence in shown
    for row in product.chronology:
        assert f"{row.when.shown}: {row.headline}" in shown


def test_control_characters_and_overrides_become_visible(plain_product: dict[str, Any]) -> None:
    plain_product["chronology"][0]["headline"] = "\x1b]0;owned\x07 \u202eback\r\nnext"
    shown = text(read_value(Product, plain_product, "product"))
    assert not {"\x1b", "\x07", "\u202e", "\r"} & set(shown)
    assert "[U+001B]]0;owned[U+0007] [U+202E]back[U+000D][U+000A]next" in shown


def test_empty_parts_differ_in_words(plain_product: dict[str, Any]) -> None:
    bare = plain_product | {"chronology": [], "contradictions": [], "gaps": [], "decisions": [], "left_out": []}
    shown = text(read_value(Product, bare, "product"))
    for words in ("No gap is known.", "No decision was recorded.", "No two agencies contradict each other"):
        assert words in shown
