"""Separated parents who disagree, and a child of fourteen: whose no it was stands in nobody else's letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mash_trawl.config.case import load_case
from mash_trawl.consent.told import children_spoken_for, own_noes, own_words_only
from mash_trawl.model.dates import PartialDate
from mash_trawl.product.sharing import sheet
from mash_trawl.product.telling import notice
from mash_trawl.render.family.files import template_for
from mash_trawl.render.family.fill import Facts, fill
from mash_trawl.render.family.page import text

ASSESSED = {"capacity": "gillick", "gillick_assessed_by": "school nurse"}
TAKEN_BACK = datetime(2026, 11, 2, 11, tzinfo=UTC)
NOES = {
    "the father refused": ("p4", ("p1", "p2"), {"kind": "refusal"}),
    "the father took back what he had agreed to": ("p4", ("p1", "p2"), {"withdrawn_at": TAKEN_BACK}),
    "the child of fourteen refused": ("p1", ("p1",), {"kind": "refusal"} | ASSESSED),
}
SCALARS = {name: name for name in ("name", "number", "team", "telephone", "complaints", "partnership")}


@pytest.fixture
def written(place, county, tmp_path):
    """Notice and sheet to somebody about the demo case, plain and easy, when one consent is all that was said."""
    draft = load_case(place.case("children-in-need"))
    kid = replace(draft.person("p1"), born=PartialDate.parse("2012-05-01"))

    def write(to, giver, covers, **more):
        base = replace(draft.consents[0], id="said", capacity="parental_responsibility", pr_basis=None)
        said = replace(base, given_by=giver, covers=covers, categories={"housing": "all"}, **more)
        case = replace(draft, consents=(said,), gateways=(), people=(kid, *draft.people[1:]))
        with place.open() as hub:
            profile, now = hub.profile_of(case), hub.clock()
            decisions, product = hub.plan(case).decisions, hub.run(case).product
        children = children_spoken_for(case, profile, now, to)
        about = to, children, own_words_only(case, children), own_noes(case, profile, now, to, children)
        counts = {"readers": 1, "opened_by": 1, "copies": 1}
        names = {one.id: one.names[0].given[0] for one in case.people}
        days = {"today": now.date(), "sealed_on": now.date()}
        told = notice(case, profile, decisions, *about), sheet(product, profile, *about, sealed_at=now, counts=counts)
        return [
            text(fill(template_for(tmp_path, telling.kind, "en", easy=easy), Facts(
                telling=telling, profile=profile, names=names, scalars=SCALARS, contact_kind="letter", contact="x",
                days=days)))
            for telling in told for easy in (False, True)
        ]  # fmt: skip

    return write


def test_neither_parent_is_told_the_others_no_nor_their_childs(written):
    letters = {name: written("p3", giver, covers, **more) for name, (giver, covers, more) in NOES.items()}
    for name, said in letters.items():
        for letter in said:
            assert "Housing" in letter and "Imran" not in letter
            assert not any(word in letter for word in ("not given", "withdrawn", "consent ended", "not agreed")), name
    assert letters["the father refused"] == letters["the father took back what he had agreed to"]


def test_whoever_said_no_reads_their_own_word_and_the_other_parent_does_not(written):
    own = written("p3", "p3", ("p1", "p2"), kind="refusal")
    assert all("not asked: consent not given" in letter for letter in own)
    assert not any("consent not given" in letter for letter in written("p4", "p3", ("p1", "p2"), kind="refusal"))
    child = written("p1", "p1", ("p1",), kind="refusal", **ASSESSED)
    assert all("not asked: consent not given" in letter for letter in child)
