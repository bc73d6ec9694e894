"""An enquiry over the county's further systems through a real hub: what each holds comes out, and nobody else's."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import pytest

from mash_trawl_county.agreement import AGREEMENT
from mash_trawl_county.beside import APPROVE, BESIDE, SOURCES, write_beside
from mash_trawl_county.build import draw
from mash_trawl_county.case_files import situations
from mash_trawl_county.people import TODAY
from mash_trawl_county.score_place import clock_from
from mash_trawl_county.situations import ASKED
from mash_trawl_county.traces import whom

PROFILES = ("early_help", "children_in_need", "front_door")
AGES = {"adult_social_care": 15, "probation": 18}
IN_FULL = ("ssd", "mosaic", "early_help", "childrens_centres", "adult_social_care")
"""What these hold of somebody is told in full; what they say of homes is beside their records."""


@pytest.fixture(scope="module")
def trawled(tmp_path_factory):
    """One enquiry about a family whom as many of these systems as can be know, its product, and who is who."""
    from mash_trawl.cli.new_hub import NewHub, create_hub
    from mash_trawl.hub import Hub
    from mash_trawl.system import account_name

    root, built = tmp_path_factory.mktemp("beside"), draw(seed=20, families=25)
    known = [whom(system.records(built)) for system in BESIDE.values()]
    one = max(
        (one for one in situations(built, 25, 5) if one.pattern == "enquiry"),
        key=lambda one: sum(bool(about & {person.human.id for person in one.people}) for about in known),
    )
    write_beside(root / "county", built)
    account = account_name()
    create_hub(
        NewHub(folder=root / "hub", keys=root / "keys", profiles=PROFILES, person=account, account=account,
               passphrase=None, approve=APPROVE, sources=SOURCES, agreement=AGREEMENT)
    )  # fmt: skip
    with Hub.at(root / "hub", clock=clock_from(ASKED)) as hub:
        product = hub.open(hub.run(one.file()).path, reason="test")
    return built, {person.id: person.human for person in one.people}, product


def test_every_system_answers_and_nearly_all_know_somebody(trawled):
    _, people, product = trawled
    assert {answer.source for answer in product.answers} == set(BESIDE)
    for answer in product.answers:
        if not people[answer.person].due and answer.status not in ("consent_missing", "not_permitted"):
            assert answer.status in ("found", "none_found", "ambiguous_identity"), (answer.source, answer.why)
    found = {answer.source for answer in product.answers if answer.status == "found"}
    assert found >= {*IN_FULL, "police_extract", "district_council", "marac"}


def test_adult_care_is_asked_about_nobody_under_fifteen_and_probation_about_nobody_under_eighteen(trawled):
    _, people, product = trawled
    answers = {(answer.source, answer.person): answer for answer in product.answers}
    for source, years in AGES.items():
        young = {ident for ident, human in people.items()
                 if human.due or TODAY - human.born < timedelta(days=(years - 0.1) * 365)}  # fmt: skip
        assert young
        for ident in young:
            told = answers[source, ident]
            assert (told.status, told.why) == ("not_permitted", "out_of_scope")
            said = {one.sentence for one in product.refusals if (one.source, one.person) == (source, ident)}
            assert any(f"{source} is asked only about people from {years} years old" in one for one in said), said


@pytest.mark.parametrize("source", BESIDE)
def test_whoever_is_found_is_found_with_their_own_records_alone(trawled, source):
    built, people, product = trawled
    shown = defaultdict(set)
    homes = () if source in IN_FULL else (*product.residences, *product.facts)
    for row in (*product.chronology, *product.involvements, *homes):
        for origin in getattr(row, "origins", None) or (row.origin,):
            for ident in getattr(row, "about", None) or row.people:
                if origin.source == source:
                    shown[ident].add(origin.ref.partition(":")[2].partition("#")[0])
    assert shown or source not in IN_FULL
    for answer in (answer for answer in product.answers if answer.source == source):
        human = people[answer.person]
        mine = {trace.ref for trace in BESIDE[source].records(built) if human.id in whom([trace])}
        told = {ref if ref in mine else ref.partition("/")[0] for ref in shown[answer.person]}
        if answer.status != "found":
            assert not told, answer.person
        elif source in IN_FULL:
            assert told == mine, answer.person
        else:
            assert told and told <= mine, answer.person
