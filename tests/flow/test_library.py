"""The library as a case tool embeds it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest
import yaml

from mash_trawl import Actor, Hub, load_case
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.base import to_plain


def test_an_embedding_program_vouches_for_its_own_actor(place, county):
    actor = Actor(id="j.shah", roles=("analyst",), vouched_by="case-tool SSO")
    with Hub.open(place.hub, actor=actor) as hub:
        hub.run(place.case("early-help"))
        actors = {row.actor for row in hub.ledger.rows() if row.kind.startswith(("trawl.", "source."))}
    assert actors == {"j.shah"}


def test_a_case_may_be_a_path_a_dict_or_a_case(place, county):
    path = place.case("children-in-need")
    content = yaml.safe_load(path.read_text("utf-8"))
    with place.open() as hub:
        plans = [hub.plan(case) for case in (path, str(path), content, load_case(path))]
    assert (
        len({tuple((d.person, d.source, d.category, d.outcome, d.rule) for d in plan.decisions) for plan in plans}) == 1
    )
    assert len(plans[0].asks) + len(plans[0].refusals) == len(plans[0].decisions)


def test_the_product_that_is_opened_is_the_product_that_was_composed(place, county):
    with place.open() as hub:
        result = hub.run(place.case("children-in-need"))
        assert hub.open(result.path, reason="strategy meeting") == result.product


def test_one_hub_serves_several_threads_at_once(place, county):
    with place.open() as hub:
        runs = [hub.start(place.case(name)) for name in ("early-help", "children-in-need", "front-door")]
        results = [run.result() for run in runs]
        assert len({result.sealed.record for result in results}) == 3
        assert all(run.progress() for run in runs[:2])


def test_an_account_that_is_not_enrolled_is_refused(place):
    place.edit("account: ", "account: somebody-else-than-")
    with pytest.raises(Refused, match="not enrolled"):
        Hub.open(place.hub)


def test_a_hub_without_any_reader_key_refuses_before_asking(place, county):
    for key in (place.root / "keys" / "readers").iterdir():
        key.unlink()
    with place.open() as hub, pytest.raises(Misconfigured, match="reader key"):
        hub.run(place.case("children-in-need"))
    assert sum(county.police.hits.values()) == 0


def test_two_trawls_of_the_same_answers_at_the_same_moment_make_the_same_bytes(place, county):
    moment = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
    with Hub.open(place.hub, clock=lambda: moment) as hub:
        products = [to_plain(hub.run(place.case("children-in-need")).product) for _ in range(2)]
    assert json.dumps(products[0]) == json.dumps(products[1])


def test_the_library_is_a_good_guest(place, county):
    before = signal.getsignal(signal.SIGINT), threading.excepthook, sys.excepthook
    with place.open() as hub:
        hub.run(place.case("early-help"))
    assert (signal.getsignal(signal.SIGINT), threading.excepthook, sys.excepthook) == before
    code = "import logging, mash_trawl.hub; print(logging.getLogger().handlers)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
