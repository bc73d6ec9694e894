"""The page: one file, one style, no script, everything escaped, answers first."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest

from mash_trawl.config.read import read_value
from mash_trawl.model.answer import Status
from mash_trawl.model.product import Product
from mash_trawl.render import page
from mash_trawl.render.view import GROUPS

MANIFEST = {"reader": "j.shah", "version": 1, "sealed_at": "2026-11-03T09:21:00+00:00", "keys": {"record": "ab12"}}
HOSTILE = (
    '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "</style><style>*{}</style>", "{{ 7*7 }}{% raw %}",
    "O'Brien & Söhne", "\u202egnp.exe", "a\u2066b\u2069\u2069c", "\x1b[31mred\x00", "<!--", "]]>", "&lt;b&gt;",
    "javascript:alert(1)", "x" * 350, "İı 李 محمد",
)  # fmt: skip


class _Counter(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment in the page")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _parse(html: str) -> _Counter:
    parser = _Counter()
    parser.feed(html)
    parser.close()
    return parser


def _poison(value: Any, evil: str) -> Any:
    """The same product with hostile text wherever an agency or a case worker may write freely."""
    free = {"name", "headline", "text", "practitioner", "service", "value", "ref", "recorded_by", "address",
            "contact", "tenure", "narrative", "referral_source", "reason", "unlock", "who", "says",
            "settled"}  # fmt: skip
    if isinstance(value, dict):
        return {
            key: evil if key in free and isinstance(item, str) else
            _poison(item, evil)
            for key, item in value.items()
        }  # fmt: skip
    return [_poison(item, evil) for item in value] if isinstance(value, list) else value


def test_the_policy_names_the_only_style_by_its_hash_and_forbids_the_rest(product: Product) -> None:
    html = page(product, MANIFEST)
    style = re.search(r"<style>(.*?)</style>", html, re.S)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    assert policy[1] == (f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")


def test_the_page_holds_no_script_no_inline_style_and_no_address_outside_itself(product: Product) -> None:
    parsed = _parse(page(product, MANIFEST))
    assert not set(parsed.tags) & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    assert parsed.tags["style"] == 1
    for name, value in parsed.attributes:
        assert name != "style"
        assert not name.startswith("on")
        if name in ("href", "src", "action", "xlink:href"):
            assert value.startswith("#")


def test_who_recorded_something_stands_there_also_where_the_day_is_not_given(plain_product: dict[str, Any]) -> None:
    def told(by: str | None, on: str | None) -> str:
        origin = {"recorded_by": by, "recorded_on": on}
        rows = [row | {"origin": row["origin"] | origin} for row in plain_product["chronology"][:1]]
        html = page(read_value(Product, plain_product | {"chronology": rows}, "product"), MANIFEST)
        return re.sub("<[^>]*>", "", html.partition("Chronology</h2>")[2].partition("</section>")[0])

    assert "Recorded by A. Low, day not given." in told("A. Low", None)
    assert "Recorded 17 May 2024 by A. Low." in told("A. Low", "2024-05-17")
    assert "Recorded 17 May 2024." in told(None, "2024-05-17")
    assert "Day of recording not given." in told(None, None)


@cache
def _tame(sealed: str) -> _Counter:
    """The page of the sealed product with a harmless word instead: the same for every hostile text."""
    return _parse(page(read_value(Product, _poison(json.loads(sealed), "tame"), "product"), MANIFEST))


@pytest.mark.parametrize("evil", HOSTILE)
def test_hostile_text_adds_no_element_and_no_attribute(evil: str, plain_product: dict[str, Any]) -> None:
    tame = _tame(json.dumps(plain_product))
    html = page(read_value(Product, _poison(plain_product, evil), "product"), MANIFEST)
    wild = _parse(html)
    ignored = {"text"}  # a long name takes more lines in the drawing
    assert {tag: n for tag, n in wild.tags.items() if tag not in ignored} == {
        tag: n for tag, n in tame.tags.items() if tag not in ignored
    }
    assert Counter(name for name, _ in wild.attributes if name == "href") == Counter(
        name for name, _ in tame.attributes if name == "href"
    )
    assert not {"\u202e", "\u2066", "\u2069", "\x1b", "\x00"} & set(html)


def test_a_name_in_any_script_is_shown_letter_for_letter(plain_product: dict[str, Any]) -> None:
    for name in ("O'Brien & Söhne", "İı 李 محمد", "Null"):
        html = page(read_value(Product, _poison(plain_product, name), "product"), MANIFEST)
        assert any(piece == name for piece in _parse(html).text)


def test_answers_and_refusals_come_before_anything_that_was_found(product: Product) -> None:
    html = page(product, MANIFEST)
    order = [html.index(f'id="{anchor}"') for anchor in
             ("answers", "gaps", "family", "chronology", "involvements", "contradictions", "disputes", "facts",
              "decisions", "people", "searches", "manifest")]  # fmt: skip
    assert order == sorted(order)
    assert html.index("Consent missing") < html.index("Found")


def test_every_status_has_its_own_word_and_its_own_shape() -> None:
    assert set(GROUPS) == set(Status)
    assert len({group.words for group in GROUPS.values()}) == len(GROUPS)
    assert len({(group.shape, group.hollow) for group in GROUPS.values()}) == len(GROUPS)


def test_every_sentence_of_the_answers_stands_on_the_page(product: Product) -> None:
    text = " ".join(_parse(page(product, MANIFEST)).text)
    for item in (*product.answers, *product.gaps, *product.possible, *product.contradictions):
        assert item.sentence in text


def test_silences_of_one_agency_about_one_person_stand_in_one_line_with_every_day(
    plain_product: dict[str, Any],
) -> None:
    spans = (("2010-01-01", "2012-05-03"), ("2013-01-01", "2014-12-31"))
    silence = {"source": "police", "agency": "police", "agency_name": "Police", "person": "p1", "kind": "no_record",
               "why": "matched"}  # fmt: skip
    gaps = [silence | {"from": first, "to": last, "sentence": "One of two."} for first, last in spans]
    text = " ".join(_parse(page(read_value(Product, plain_product | {"gaps": gaps}, "product"), {})).text)
    assert "One of two." not in text
    assert "falls in them: 1 January 2010 to 3 May 2012; 1 January 2013 to 31 December 2014." in text


def test_a_pair_without_any_answer_is_never_called_answered_in_full(plain_product: dict[str, Any]) -> None:
    gap = {"source": "police", "agency": "police", "agency_name": "Police", "person": "p1", "kind": "not_answered",
           "why": "no_answer", "sentence": "Police: no answer came."}  # fmt: skip
    bare = plain_product | {"answers": [], "chronology": [], "gaps": [gap]}
    text = " ".join(_parse(page(read_value(Product, bare, "product"), {})).text)
    assert "This is not complete: see the answers and gaps of Police." in text
    assert "answered in full" not in text


def test_discarded_rows_are_said_to_be_unasked_for_or_about_somebody_else(plain_product: dict[str, Any]) -> None:
    plain_product["answers"][0]["dropped"] = 3
    text = " ".join(_parse(page(read_value(Product, plain_product, "product"), {})).text)
    assert "3 rows not asked for, or about somebody else: discarded." in text


def test_marking_case_time_basis_and_reader_are_at_the_top(product: Product) -> None:
    top = page(product, MANIFEST).split('id="answers"')[0]
    for words in (product.marking, product.case.id, "3 November 2026 at 09:20 UK time", "S47", "opened by j.shah",
                  "not signed"):  # fmt: skip
        assert words in top


def test_an_empty_part_says_why_it_is_empty(plain_product: dict[str, Any]) -> None:
    bare = plain_product | {"chronology": [], "contradictions": [], "gaps": []}
    text = " ".join(_parse(page(read_value(Product, bare, "product"), {})).text)
    assert "No agency sent an event. This is not complete: see the answers and gaps of Health, Housing, Police." in text
    nothing = plain_product | {"answers": [], "chronology": [], "gaps": []}
    text = " ".join(_parse(page(read_value(Product, nothing, "product"), {})).text)
    assert "No agency sent an event. No agency was asked." in text


def test_the_same_product_gives_the_same_page(product: Product) -> None:
    assert page(product, MANIFEST) == page(product, MANIFEST)


def test_contrast_of_every_text_colour_is_at_least_4_5_to_1(product: Product) -> None:
    style = re.search(r"<style>(.*?)</style>", page(product, MANIFEST), re.S)
    assert style is not None
    pairs = [("#0b0c0c", "#ffffff"), ("#484949", "#ffffff"), ("#1a65a6", "#ffffff"), ("#ffffff", "#0f385c"),
             ("#0b0c0c", "#ffdd00"), ("#0b0c0c", "#fff7ed"), ("#1d70b8", "#ffffff")]  # fmt: skip
    pairs += re.findall(r"\.(?:found|none|refused|choice|failed) \{ color: (#\w{6}); background: (#\w{6})", style[1])
    assert len(pairs) >= 11
    for ink, paper in pairs:
        assert _contrast(ink, paper) >= 4.5, (ink, paper)


def _contrast(ink: str, paper: str) -> float:
    lights = sorted((_light(ink), _light(paper)), reverse=True)
    return (lights[0] + 0.05) / (lights[1] + 0.05)


def _light(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_drawing_on_the_page_is_the_family_of_the_product(
    product: Product, read_back: Callable[[str], Any]
) -> None:
    svg = re.search(r"<svg xmlns.*?</svg>", page(product, MANIFEST), re.S)
    assert svg is not None
    assert sorted(read_back(svg[0]).people) == sorted(person.name for person in product.family.people)


def test_searches_by_one_key_that_came_to_the_same_are_told_once_with_how_many(plain_product: dict[str, Any]) -> None:
    by = {"by": ["family", "born"], "candidates": 0}
    plain_product["answers"][0]["searched"] = [by, by, by | {"candidates": 2}]
    shown = re.sub(r"<[^>]+>", "", page(read_value(Product, plain_product, "product"), {}))
    assert "(2 times, each 0 candidates)" in shown and "(2 candidates)" in shown
