"""The sheet of a plan: a family's choice reads neutrally and is counted apart; hostile text stays text."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Callable

import pytest

Sheet = Callable[..., str]


def _text(page: str) -> str:
    """What a reader sees."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.partition("</head>")[2])))


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("consent_not_sought", "Not asked: consent not sought"),
        ("consent_not_given", "Not asked: consent not given"),
        ("consent_withdrawn", "Not asked: consent withdrawn"),
    ],
)
def test_a_familys_choice_reads_neutrally_and_is_never_counted_with_refusals(
    sheet: Sheet, why: str, words: str
) -> None:
    rows = (("PERMIT", "", "consent.agreed"), ("DENY", why, "consent.any"), ("DENY", "gateway_not_met", "gateway.S"),
            ("DENY", "suspended", "scope.suspended"), ("REVIEW", "review_unanswered", "consent.contested"))  # fmt: skip
    page = sheet(*rows)
    text = _text(page)
    assert "1 question may be asked; 1 waiting for a person's decision; 1 not permitted; 1 not connected." in text
    assert "1 question is not asked by the family's choice" in text
    assert text.count(words) == 2
    assert 'class="tag choice"' in page
    assert not re.search(rf'class="tag (refused|failed)"[^<]*<svg.*?</svg>{words}', page)


@pytest.mark.parametrize(("rule", "why", "words"), [
    ("gateway.S47.summary_only", "consent_not_sought", "Not permitted: the power opens a health summary only"),
    ("gateway.S17.limb_not_met", "consent_not_counted", "Not permitted: the power relied on does not open it"),
    ("statements.unsigned_decision", "consent_not_sought", "Not permitted: the decision under the power is not signed"),
    ("gateway.S17.agreement_not_sought", "consent_not_sought", "Not asked: consent not sought"),
    ("gateway.S47.summary_only", "consent_not_given", "Not asked: consent not given"),
])  # fmt: skip
def test_what_a_power_shuts_is_the_rules_no_and_what_somebody_said_stays_their_choice(
    sheet: Sheet, rule: str, why: str, words: str
) -> None:
    page = sheet(("DENY", why, rule))
    assert _text(page).count(words) == 2
    own = words.startswith("Not asked")
    assert ("by the family's choice" in _text(page)) is own and ('class="tag choice"' in page) is own


def test_the_page_has_one_style_named_by_its_hash_no_script_and_nothing_loaded(sheet: Sheet) -> None:
    page = sheet(("PERMIT", "", "consent.agreed"))
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in html.unescape(page)
    assert not re.search(r"<script|<img|<link|\bsrc=|https?://|\bon\w+=|style=", page.replace(style[1], ""))


def test_hostile_text_stays_text_and_the_same_case_gives_the_same_bytes(sheet: Sheet) -> None:
    name = '<script>alert(1)</script>"\u202e'
    page = sheet(("PERMIT", "", "consent.agreed"), name=name)
    assert "<script" not in page
    assert "&lt;script&gt;" in page and "[U+202E]" in page
    assert page == sheet(("PERMIT", "", "consent.agreed"), name=name)


def test_every_table_has_headings_for_its_columns_and_rows_and_says_who_signed(sheet: Sheet) -> None:
    page = sheet(("PERMIT", "", "consent.agreed"), ("DENY", "no_agreement", "agreement.none"))
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        assert "<caption>" in table and 'scope="col"' in table
        assert table.count("<tr>") - 1 == table.count('scope="row"')
    text = _text(page)
    assert "Synthia Testcase agreed for Synthia Testcase r.cole 3 November 2026" in text
    assert "agreement.none" in text and "Only what was signed counts" in text
