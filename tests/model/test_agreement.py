"""What an agreement between agencies says of itself: every part must hold before it covers a question."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mash_trawl.model.agreement import Agreement, Signatory

TODAY = date(2026, 11, 3)
ONE_DAY = timedelta(days=1)
WHOLE = Agreement(
    version=1, id="one", edition="1", title="Synthetic", parties=("housing",), purposes=("early_help",),
    categories={"housing": ("tenancy",)}, from_=TODAY, to=TODAY + ONE_DAY,
    signatories=(Signatory(party="housing", role="synthetic", on=TODAY),),
)  # fmt: skip


def asked(agreement: Agreement, today: date = TODAY) -> bool:
    return agreement.covers("housing", "tenancy", "early_help", today)


def test_on_its_only_day_it_covers_what_it_names_and_not_the_day_before_or_after():
    assert [asked(WHOLE, TODAY + days * ONE_DAY) for days in (-1, 0, 1)] == [False, True, False]


@pytest.mark.parametrize(
    "lacking",
    [
        {"parties": ("police",)},
        {"purposes": ("front_door",)},
        {"categories": {"housing": ("asb",)}},
        {"categories": {"police": "all"}},
        {"signatories": ()},
        {"signatories": (Signatory(party="police", role="synthetic", on=TODAY),)},
        {"signatories": (Signatory(party="housing", role="synthetic", on=TODAY + ONE_DAY),)},
    ],
)
def test_without_any_one_part_it_covers_nothing(lacking):
    assert not asked(replace(WHOLE, **lacking))


def test_all_takes_in_every_category():
    assert asked(replace(WHOLE, categories={"housing": "all"}))
