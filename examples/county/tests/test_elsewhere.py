"""An enquiry over what other partners hold, through a real hub: extracts, lists and a nightly copy."""

from __future__ import annotations

from collections import defaultdict

import pytest

from mash_trawl_county.agreement import AGREEMENT
from mash_trawl_county.build import draw
from mash_trawl_county.case_files import situations
from mash_trawl_county.elsewhere import ELSEWHERE, ELSEWHERE_APPROVE, ELSEWHERE_SOURCES, write_elsewhere
from mash_trawl_county.people import TODAY
from mash_trawl_county.score_place import clock_from
from mash_trawl_county.situations import ASKED

PROFILES = ("early_help", "children_in_need", "front_door")


@pytest.fixture(scope="module")
def trawled(tmp_path_factory):
    """One enquiry about a family whom as many of these as can be know, its product, and who is who."""
    from mash_trawl.cli.new_hub import NewHub, create_hub
    from mash_trawl.hub import Hub
    from mash_trawl.system import account_name

    root, built = tmp_path_factory.mktemp("elsewhere"), draw(seed=5, families=25)
    about = [{ident for trace in system.records(built) for ident, _ in trace.people} for system in ELSEWHERE.values()]
    one = max(
        (one for one in situations(built, 25, 5) if one.pattern == "enquiry"),
        key=lambda one: sum(bool(known & {person.human.id for person in one.people}) for known in about),
    )
    write_elsewhere(root / "county", built)
    account = account_name()
    create_hub(
        NewHub(folder=root / "hub", keys=root / "keys", profiles=PROFILES, person=account, account=account,
               passphrase=None, approve=ELSEWHERE_APPROVE, sources=ELSEWHERE_SOURCES, agreement=AGREEMENT)
    )  # fmt: skip
    with Hub.at(root / "hub", clock=clock_from(ASKED)) as hub:
        product = hub.open(hub.run(one.file()).path, reason="test")
    return built, {person.id: person.human for person in one.people}, product


def test_each_answers_and_probation_is_asked_about_nobody_under_eighteen(trawled):
    _, people, product = trawled
    assert {answer.source for answer in product.answers} == set(ELSEWHERE)
    for answer in product.answers:
        human = people[answer.person]
        if answer.source == "probation" and (human.due or (TODAY - human.born).days < 17.9 * 365):
            assert (answer.status, answer.why) == ("not_permitted", "out_of_scope")
        elif not human.due and answer.status not in ("consent_missing", "not_permitted"):
            assert answer.status in ("found", "none_found", "ambiguous_identity"), (answer.source, answer.why)
    found = {answer.source for answer in product.answers if answer.status == "found"}
    assert found >= {"police_extract", "district_council", "marac"}


def test_whoever_is_found_is_found_with_their_own_records_alone(trawled):
    built, people, product = trawled
    shown = defaultdict(set)
    for row in (*product.chronology, *product.involvements, *product.residences, *product.facts):
        for ident in row.people:
            shown[row.origin.source, ident].add(row.origin.ref)
    for answer in product.answers:
        human = people[answer.person]
        mine = {trace.ref for trace in ELSEWHERE[answer.source].records(built)
                if human.id in {ident for ident, _ in trace.people}}  # fmt: skip
        told = {ref.partition(":")[2].partition("/")[0].partition("#")[0]
                for ref in shown[answer.source, answer.person]}  # fmt: skip
        assert told <= mine and (answer.status != "found" or told)
