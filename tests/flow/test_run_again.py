"""The same case again: only the delta is asked, the rest is carried over, and only one run counts."""

from __future__ import annotations

import copy
import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from mash_trawl.config import profiles
from mash_trawl.config.case import load_case
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.base import to_plain
from mash_trawl.product.notes import UNKNOWN
from mash_trawl.store import lease
from mash_trawl_county.serving import served

AT_ONCE = int(os.environ.get("MASH_TRAWL_AT_ONCE", "8"))
"""How many processes run one case at the same moment; `MASH_TRAWL_AT_ONCE=50` for a long run."""


@pytest.fixture
def trawl(trawl_here):
    """A case is run so often here that starting Python each time is slow; processes of their own are at the end."""
    return trawl_here


def requests(county):
    """How often each server was asked, tokens aside."""
    return {name: sum(n for path, n in getattr(county, name).hits.items() if "token" not in path)
            for name in ("police", "health")}  # fmt: skip


def statuses(done):
    return {(a["source"], a["person"]): a["status"] for a in done.json()["answers"]}


def change(place, name, edit):
    """Edit a case file as a person would, and save it."""
    file = place.case(name)
    case = yaml.load(file.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - text scalars only
    edit(case)
    file.write_text(yaml.safe_dump(case, sort_keys=False), "utf-8")


def father_agrees(case):
    late = copy.deepcopy(case["consents"][0])
    late |= {"id": "late", "given_by": "p4", "covers": ["p4"], "capacity": "self", "categories": {"housing": "all"}}
    late.pop("pr_basis", None)
    case["consents"].append(late)


def test_with_nothing_new_nothing_is_asked_and_the_version_stands(place, county, trawl):
    first = trawl("run", place.case("children-in-need"), "--json")
    asked = requests(county)
    again = trawl("run", "DEMO-2026-0002", "--json")
    assert again.json()["product"] == first.json()["product"]
    assert statuses(again) == statuses(first)
    assert again.code == first.code
    assert requests(county) == asked
    assert "nothing is new. Version 1 still stands" in trawl("run", "DEMO-2026-0002").out


def test_a_product_that_is_wanted_elsewhere_is_sealed_there_though_nothing_is_new(place, county, trawl, tmp_path):
    trawl("run", place.case("children-in-need"))
    asked = requests(county)
    wanted = tmp_path / "meeting.mtr"
    assert trawl("run", "DEMO-2026-0002", "--out", wanted, "--json").json()["product"] == str(wanted)
    assert wanted.is_file() and requests(county) == asked
    assert trawl("run", "DEMO-2026-0002", "--out", wanted, "--json").json()["product"] == str(wanted)
    with place.open() as hub:
        assert hub.custody.newest("DEMO-2026-0002").version == 2


def test_after_a_late_consent_only_what_it_permits_is_asked(place, county, trawl):
    first = trawl("run", place.case("children-in-need"), "--json")
    asked = requests(county)
    change(place, "children-in-need", father_agrees)
    second = trawl("run", place.case("children-in-need"), "--json")
    assert second.json()["product"].endswith("-v2.mtr")
    assert statuses(first)["housing", "p4"] == "consent_missing"
    assert statuses(second)["housing", "p4"] == "found"
    assert requests(county) == asked
    product = json.loads(trawl("open", second.json()["product"], "--json").out)["product"]
    carried = {(a["source"], a["person"]): a.get("carried_from") for a in product["answers"] if a.get("found")}
    assert carried["police", "p1"] == 1
    assert carried["housing", "p4"] is None
    assert second.json()["events"] >= first.json()["events"]


def test_the_ledger_says_what_was_asked_and_what_was_carried_over(place, county, after_run):
    with after_run("children-in-need").open() as hub:
        change(place, "children-in-need", father_agrees)
        before = len(list(hub.ledger.rows()))
        result = hub.run(place.case("children-in-need"))
        rows = list(hub.ledger.rows())[before:]
    assert [(ask.source, ask.person, ask.why) for ask in result.asked] == [("housing", "p4", "new")]
    assert [row.public["source"] for row in rows if row.kind == "source.asked"] == ["housing", "housing"]
    assert {row.public["source"] for row in rows if row.kind == "source.carried"} == {"housing", "police", "health"}
    assert ("police", "p1") in result.carried


def test_a_source_that_failed_is_asked_again_and_no_other(place, county, trawl):
    address = place.root / "county" / "police.url"
    up = address.read_text("utf-8")
    address.write_text("http://127.0.0.1:9", "utf-8")
    first = trawl("run", place.case("children-in-need"), "--json")
    assert statuses(first)["police", "p1"] == "unreachable"
    asked = requests(county)
    address.write_text(up, "utf-8")
    second = trawl("run", place.case("children-in-need"), "--json")
    assert statuses(second)["police", "p1"] == "found"
    assert requests(county)["health"] == asked["health"]
    assert requests(county)["police"] > asked["police"]


def test_a_source_that_fails_later_still_shows_what_it_said(place, county, trawl):
    first = trawl("run", place.case("children-in-need"), "--json")
    (place.root / "county" / "police.url").write_text("http://127.0.0.1:9", "utf-8")
    second = trawl("run", place.case("children-in-need"), "--refresh", "police", "--json")
    assert second.code == 3
    assert statuses(second)["police", "p1"] == "unreachable"
    assert second.json()["events"] == first.json()["events"]
    told = trawl("open", second.json()["product"], "--text").out
    assert "What it said before is still shown (version 1" in told


@pytest.fixture
def refuge(place):
    """Police alone know that the mother's address must stay hidden. Words that give it away."""
    file = place.root / "county" / "police.json"
    data = json.loads(file.read_text("utf-8"))
    case = yaml.load(place.case("children-in-need").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - text scalars
    home = next(person for person in case["people"] if person["id"] == "p3")["addresses"][0]
    for nominal in data["nominals"]:
        if nominal["nominal_id"] == "N-D2-1":
            nominal["restrictions"] = ["hidden_address"]
            nominal["address"] = {"line1": home["lines"][0], "postcode": home["postcode"], "uprn": home.get("uprn")}
    file.write_text(json.dumps(data), "utf-8")
    street = home["lines"][0].split(" ", 1)[1]
    return lambda product: [word for word in (home["postcode"], street) if word in json.dumps(to_plain(product))]


def loses_police(place, case):
    (place.root / "county" / "police.url").write_text("http://127.0.0.1:9", "utf-8")


def forbids_police(place, case):
    case["gateways"] = []


def forgets_police(place, case):
    text = (place.hub / "hub.yaml").read_text("utf-8")
    before, _, rest = text.partition("  - name: police\n")
    after = rest.partition("  - name: ")[2]
    (place.hub / "hub.yaml").write_text(f"{before}  - name: {after}", "utf-8")


def forgets_the_mother(place, case):
    case["people"] = [person for person in case["people"] if person["id"] != "p3"]
    case["relationships"] = [tie for tie in case["relationships"] if "p3" not in (tie["from"], tie["to"])]
    case["consents"] = []
    case["gateways"][0]["covers"] = ["p1", "p2"]


@pytest.mark.parametrize("change_it", [loses_police, forbids_police, forgets_police, forgets_the_mother])
def test_an_address_that_was_hidden_once_stays_hidden_whoever_answers_later(refuge, place, change_it):
    with served(place.root / "county"):
        with place.open() as hub:
            assert not refuge(hub.run(place.case("children-in-need")).product)
        case = yaml.load(place.case("children-in-need").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506
        change_it(place, case)
        for _ in range(2):
            with place.open() as hub:
                refresh = ("police",) if "police" in hub.registry.names else ("housing",)
                result = hub.run(case, refresh=refresh)
            assert any(answer.found for answer in result.answers if answer.source == "housing")
            assert refuge(result.product) == []
    assert result.sealed.version in (2, 3)


def test_the_counter_proof_without_the_flag_the_address_is_shown(place, county, refuge):
    file = place.root / "county" / "police.json"
    file.write_text(file.read_text("utf-8").replace('"hidden_address"', ""), "utf-8")
    with served(place.root / "county"), place.open() as hub:
        assert refuge(hub.run(place.case("children-in-need")).product)


def local_profile(place, old, new):
    """The place's own copy of the profiles, one of them changed."""
    local = place.hub / "profiles"
    local.mkdir(exist_ok=True)
    packaged = Path(profiles.__file__).parents[2] / "profiles"
    texts = {name: (packaged / name).read_text("utf-8")
             for name in ("base.yaml", "early_help.yaml", "children_in_need.yaml", "front_door.yaml")}  # fmt: skip
    assert sum(old in text for text in texts.values()) == 1
    for name, text in texts.items():
        (local / name).write_text(text.replace(old, new), "utf-8")


def test_a_profile_that_matches_by_other_rules_asks_again(place, county, after_run):
    after_run("early-help")
    local_profile(place, "\nrag:\n", "\nmatching: {population: 123456}\nrag:\n")
    with place.open() as hub:
        assert {ask.why for ask in hub.would_ask(place.case("early-help"))} == {"changed"}


def test_only_a_profile_that_changes_what_is_shown_of_the_case_makes_a_new_version(place, county, after_run):
    after_run("early-help")
    asked = requests(county)
    local_profile(place, "red: {title: Red, hours: 4", "red: {title: Red, hours: 3")
    with place.open() as hub:
        assert hub.run(place.case("early-help")).unchanged
    local_profile(place, "title: Allocation meeting", "title: Meeting of the locality")
    with place.open() as hub:
        second = hub.run(place.case("early-help"))
    assert (second.sealed.version, second.asked, second.unchanged) == (2, (), False)
    assert "Meeting of the locality" in {one.title for one in second.product.meetings}
    assert requests(county) == asked


def test_a_withdrawn_consent_takes_its_findings_out_of_the_next_version(place, county, trawl):
    def withdraw(case):
        now = datetime.now(UTC).isoformat(timespec="seconds")
        case["consents"][0]["withdrawn_at"] = now

    first = trawl("run", place.case("early-help"), "--json")
    asked = requests(county)
    change(place, "early-help", withdraw)
    second = trawl("run", place.case("early-help"), "--json")
    assert statuses(first)["housing", "p3"] == "found"
    assert statuses(second)["housing", "p3"] != "found"
    assert second.json()["events"] == 0
    assert requests(county) == asked


def test_a_corrected_birth_date_is_asked_about_afresh(place, county, after_run):
    def correct(case):
        case["people"][0]["born"] = "2013-05-17"

    with after_run("children-in-need").open() as hub:
        change(place, "children-in-need", correct)
        result = hub.run(place.case("children-in-need"))
    assert {ask.person for ask in result.asked} == {"p1"}
    assert {ask.why for ask in result.asked} == {"changed"}


def test_what_would_be_asked_can_be_seen_without_asking(place, county):
    with place.open() as hub:
        case = place.case("children-in-need")
        assert len(hub.would_ask(case)) == 9
        hub.run(case)
        asked = requests(county)
        assert hub.would_ask(case) == ()
        assert {ask.why for ask in hub.would_ask(case, refresh=["police"])} == {"on_purpose"}
        assert requests(county) == asked


def test_a_source_to_refresh_that_is_not_there_is_a_mistake(place, county, trawl):
    done = trawl("run", place.case("children-in-need"), "--refresh", "polize")
    assert done.code == 2
    assert "police" in done.err
    with place.open() as hub, pytest.raises(Misconfigured):
        hub.run(place.case("children-in-need"), refresh=["polize"])


def test_a_last_version_that_cannot_be_read_is_no_reason_to_ask_everybody_again(place, county, trawl):
    product = trawl("run", place.case("children-in-need"), "--json").json()["product"]
    asked = requests(county)
    Path(product).rename(product + ".moved")
    done = trawl("run", place.case("children-in-need"))
    assert done.code == 5
    assert "version 1 of this case cannot be opened" in done.err and "--refresh all" in done.err
    assert requests(county) == asked
    again = trawl("run", place.case("children-in-need"), "--refresh", "all", "--json")
    assert again.json()["product"].endswith("-v2.mtr")


def test_what_an_unreadable_version_may_have_hidden_is_said_in_every_later_one(place, county):
    with place.open() as hub:
        first = hub.run(place.case("children-in-need"))
        assert UNKNOWN not in first.product.notes
        first.path.rename(first.path.with_suffix(".moved"))
        second = hub.run(place.case("children-in-need"), refresh=("all",))
        third = hub.run(place.case("children-in-need"), refresh=("police",))
    assert (second.sealed.version, third.sealed.version) == (2, 3)
    assert UNKNOWN in second.product.notes and UNKNOWN in third.product.notes


def test_many_processes_at_once_make_one_product(place, county, begin):
    running = [begin("--hub", place.hub, "run", place.case("early-help")) for _ in range(AT_ONCE)]
    ended = [(child.communicate(timeout=110)[1], child.returncode) for child in running]
    assert {code for _, code in ended} <= {0, 5}, [said for said, code in ended if code not in (0, 5)]
    assert any(code == 0 for _, code in ended)
    for said, code in ended:
        if code == 5:
            assert "has been trawling this case since" in said or "another product" in said
    assert len(list((place.hub / "records").glob("*.mtr"))) == 1


def test_a_run_that_another_overtook_seals_nothing(place, county):
    asked, go = threading.Event(), threading.Event()
    reply = county.police.reply

    def slow(request):
        asked.set()
        go.wait(20)
        return reply(request)

    county.police.reply = slow
    case = load_case(place.case("children-in-need"))
    with place.open() as hub:
        run = hub.start(case)
        assert asked.wait(20)
        other = lease.Holder(id="other", actor="r.cole", host="elsewhere", process=1, process_started="")
        with hub.store.begin() as connection:
            lease.take(connection, case.id, other, datetime.now(UTC))
        go.set()
        with pytest.raises(Refused) as refusal:
            run.result()
        assert refusal.value.why == "fenced"
        assert not list(hub.records.iterdir())
