"""A dispute reads the same on the page and in the text, beside its claim and in the list, settled or not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from mash_trawl.model.product import Product
from mash_trawl.model.rows import DisputeShown
from mash_trawl.render import page
from mash_trawl.render.disputes import Disputed, in_words
from mash_trawl.render.terminal import text
from mash_trawl.render.words import family_words

AT = "2026-11-04T09:00:00+00:00"


def _plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


@pytest.fixture
def disputed(product: Product) -> Callable[..., Product]:
    """The product with one dispute about this item and no other."""

    def make(item: str, **more: str) -> Product:
        about = {"row": item, "who": "Ama Example", "says": "Not so."} | more
        return replace(product, disputes=(DisputeShown(item=item, by="family", at=AT, **about),))

    return make


def test_page_and_text_say_of_each_dispute_the_same_words_beside_the_claim_and_in_the_list(product: Product) -> None:
    shown, told = _plain(page(product, {})), text(product)
    assert len(product.disputes) == 3
    for one in product.disputes:
        assert min(shown.count(in_words(one)), told.count(in_words(one))) >= (2 if one.row else 1)


def test_what_was_settled_and_what_reads_differently_now_is_said_in_words() -> None:
    one = DisputeShown(item="e0123456789ab", row="e01234ffffffa", by="agency", who="Housing", says="Not so.", at=AT,
                       settled="Mended.", settled_at="2026-11-05T09:00:00+00:00")  # fmt: skip
    assert in_words(one) == (
        "Was disputed by an agency (Housing) on 4 November 2026, about what this record said before: "
        "it reads differently now: Not so. Settled on 5 November 2026: Mended."
    )


def test_what_was_said_on_several_lines_is_told_on_one_and_ends_before_how_it_was_settled() -> None:
    one = DisputeShown(item="e0123456789ab", row="e0123456789ab", by="family", says="Not so\nAsk the school", at=AT,
                       settled="Mended", settled_at=AT)  # fmt: skip
    assert in_words(one).endswith(": Not so Ask the school. Settled on 4 November 2026: Mended.")


def test_words_that_may_not_be_shown_are_said_to_be_held_back_whether_it_was_settled_or_not() -> None:
    one = DisputeShown(item="e0123456789ab", by="family", at=AT)
    held = "on 4 November 2026. What was said is not shown: it may repeat what may not be shown now."
    assert in_words(one) == f"Disputed by the family {held}"
    over = replace(one, settled="", settled_at=AT)
    assert in_words(over) == f"Was disputed by the family {held} Settled on 4 November 2026."


def test_a_disputed_tie_is_told_under_the_drawing_and_in_the_family_in_words(
    product: Product, disputed: Callable[..., Product]
) -> None:
    assert "is disputed:" not in _plain(page(replace(product, disputes=()), {}))
    union = next(one for one in product.family.unions if any(origin.source for s in one.spells for origin in s.origins))
    spells = tuple(
        replace(spell, origins=tuple(replace(origin, item="r0123456789ab") for origin in spell.origins))
        for spell in union.spells
    )
    family = replace(product.family, unions=tuple(
        replace(one, spells=spells) if one.id == union.id else one for one in product.family.unions
    ))  # fmt: skip
    drawn = replace(disputed("r0123456789ab"), family=family)
    html = _plain(page(drawn, {}))
    (line,) = [one for one in family_words(family) if Disputed(drawn).beside(one.origins)]
    assert "Of what is drawn, this is disputed: 1 fact; the words below say which." in html
    assert re.search(re.escape(line.text) + r".{0,80}Disputed by the family \(Ama Example\)", html)
    assert f"{line.text} [{line.sources}]\n  ! Disputed by the family (Ama Example)" in text(drawn)


def test_a_word_that_turns_the_reading_round_is_made_visible_in_text_and_page(disputed: Callable[..., Product]) -> None:
    product = disputed("e0a1b2c3d4e5f", says="\u202eoN\x1b[2J")
    for shown in (text(product), page(product, {})):
        assert "[U+202E]oN[U+001B][2J" in shown
