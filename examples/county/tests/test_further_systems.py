"""An enquiry over the county's further systems through a real hub: what each holds comes out, and nobody else's."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import pytest

from mash_trawl_county.agreement import AGREEMENT
from mash_trawl_county.build import draw
from mash_trawl_county.case_files import situations
from mash_trawl_county.further import FURTHER, FURTHER_APPROVE, FURTHER_SOURCES, write_further
from mash_trawl_county.people import TODAY
from mash_trawl_county.score_place import clock_from
from mash_trawl_county.situations import ASKED

PROFILES = ("early_help", "children_in_need", "front_door")


@pytest.fixture(scope="module")
def trawled(tmp_path_factory):
    """One enquiry about a family whom every one of these systems knows, its product, and who is who."""
    from mash_trawl.cli.new_hub import NewHub, create_hub
    from mash_trawl.hub import Hub
    from mash_trawl.system import account_name

    root, built = tmp_path_factory.mktemp("further"), draw(seed=5, families=25)
    about = {name: {ident for trace in system.records(built) for ident, _ in trace.people}
             for name, system in FURTHER.items()}  # fmt: skip
    one = max(
        (one for one in situations(built, 25, 5) if one.pattern == "enquiry"),
        key=lambda one: sum(bool(known & {person.human.id for person in one.people}) for known in about.values()),
    )
    write_further(root / "county", built)
    account = account_name()
    create_hub(
        NewHub(folder=root / "hub", keys=root / "keys", profiles=PROFILES, person=account, account=account,
               passphrase=None, approve=FURTHER_APPROVE, sources=FURTHER_SOURCES, agreement=AGREEMENT)
    )  # fmt: skip
    with Hub.at(root / "hub", clock=clock_from(ASKED)) as hub:
        product = hub.open(hub.run(one.file()).path, reason="test")
    return built, {person.id: person.human for person in one.people}, product


def test_every_system_answers_and_adult_care_is_asked_about_nobody_under_fifteen(trawled):
    _, people, product = trawled
    answers = {(answer.source, answer.person): answer for answer in product.answers}
    assert {source for source, _ in answers} == set(FURTHER)
    young = {ident for ident, human in people.items() if human.due or TODAY - human.born < timedelta(days=14.9 * 365)}
    assert young
    for ident in young:
        told = answers["adult_social_care", ident]
        assert (told.status, told.why) == ("not_permitted", "out_of_scope")
        said = {one.sentence for one in product.refusals if (one.source, one.person) == ("adult_social_care", ident)}
        assert any("adult_social_care is asked only about people from 15 years old" in one for one in said), said
    for (source, ident), answer in answers.items():
        if ident not in young and not people[ident].due and answer.status != "consent_missing":
            assert answer.status in ("found", "none_found", "ambiguous_identity"), (source, ident, answer.why)
    assert {source for (source, _), answer in answers.items() if answer.status == "found"} == set(FURTHER)


def test_whoever_is_found_is_found_with_every_record_and_with_nobody_elses(trawled):
    built, people, product = trawled
    shown = defaultdict(set)
    for row in (*product.chronology, *product.involvements):
        for origin in getattr(row, "origins", None) or (row.origin,):
            for ident in getattr(row, "about", None) or row.people:
                shown[origin.source, ident].add(origin.ref)
    full = 0
    for answer in product.answers:
        system, human = FURTHER[answer.source], people[answer.person]
        mine = {trace.ref for trace in system.records(built) if human.id in {ident for ident, _ in trace.people}}
        told = {ref.partition(":")[2].partition("#")[0] for ref in shown[answer.source, answer.person]}
        told = {ref if ref in mine else ref.partition("/")[0] for ref in told}
        if answer.status == "found":
            assert told == mine, (answer.source, answer.person)
            full += bool(mine)
        else:
            assert not told
    assert full >= 4
