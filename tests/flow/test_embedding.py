"""The example of a program that embeds the hub, played by two of its users over real HTTP."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml

from mash_trawl import Actor, Hub
from mash_trawl.system import account_name
from mash_trawl.vault.readers import enrol_reader
from mash_trawl_county.serving import served

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "embed.py"
TOKENS = {name: f"token-of-{name}-0123456789" for name in ("j.shah", "k.analyst", "p.reader", "m.manager")}
ROLES = {"j.shah": "analyst", "k.analyst": "analyst", "p.reader": "practitioner", "m.manager": "mash_manager"}


@pytest.fixture(scope="module")
def home(pattern, copied, tmp_path_factory):
    """The installation that the case tool has, with the county's servers up."""
    made = copied(pattern, tmp_path_factory.mktemp("embedding") / "north")
    with served(made.root / "county"):
        yield made


@pytest.fixture(scope="module")
def tool(home):
    """The case tool in a process of its own; its users are enrolled, and the hub believes it."""
    place, me = home, account_name()
    for user in TOKENS:
        enrol_reader(place.root / "keys" / "readers", user, None)
    place.edit(
        "people:\n",
        f"vouches: [{{host: case-tool, account: {me}}}]\npeople:\n"
        + "".join(f"  - {{id: {user}, roles: [{role}]}}\n" for user, role in ROLES.items()),
    )
    roles = {user: [role] for user, role in ROLES.items()}
    users = {
        user: {"id": user, "roles": roles[user], "key": hashlib.sha256(token.encode()).hexdigest()}
        for user, token in TOKENS.items()
    }
    listed = place.root / "users.json"
    listed.write_text(json.dumps(users), "utf-8")
    command = [sys.executable, str(EXAMPLE), str(place.hub), str(listed), "0"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    address = running.stdout.readline().split()[-1]
    yield address
    running.kill()
    running.communicate()


def call(address, method, path, user, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address + path, data=data, method=method)  # noqa: S310 - loopback
    request.add_header("Authorization", f"Bearer {TOKENS.get(user, 'nobody')}")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
            return answer.status, answer.headers, answer.read().decode("utf-8")
    except urllib.error.HTTPError as problem:
        return problem.code, problem.headers, problem.read().decode("utf-8")


def test_a_user_makes_a_case_trawls_it_and_reads_the_product(home, tool):
    case = yaml.load(home.case("children-in-need").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - text scalars
    assert call(tool, "POST", "/cases", "j.shah", case)[0] == 201
    assert call(tool, "POST", "/cases/DEMO-2026-0002/trawl", "j.shah")[0] == 202
    until = time.monotonic() + 60
    while (state := json.loads(call(tool, "GET", "/cases/DEMO-2026-0002", "j.shah")[2]))["state"] == "under way":
        assert time.monotonic() < until
        time.sleep(0.1)
    assert state["state"] == "sealed", state
    assert {"source": "police", "person": "p1", "status": "found"} in state["answers"]
    assert state["sources"]["police"]["state"] == "done"
    assert call(tool, "GET", "/cases/DEMO-2026-0002/product", "k.analyst")[0] == 403
    status, headers, html = call(tool, "GET", "/cases/DEMO-2026-0002/product", "m.manager")
    assert status == 200 and "Aisha" in html
    assert headers["Cache-Control"] == "no-store"
    with Hub.open(home.hub) as hub:
        rows = [(row.kind, row.actor) for row in hub.ledger.rows()]
    assert ("trawl.requested", "j.shah") in rows and ("source.asked", "j.shah") in rows
    assert ("record.read", "m.manager") in rows


def test_a_user_whose_role_may_not_trawl_is_refused_and_so_is_a_stranger(home, tool):
    case = yaml.load(home.case("early-help").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - text scalars
    status, _, said = call(tool, "POST", "/cases", "p.reader", case)
    assert status == 403 and json.loads(said)["why"] == "role_missing"
    assert call(tool, "POST", "/cases", "nobody", case)[0] == 403


def test_a_colleague_can_neither_change_nor_start_nor_stop_nor_see_somebody_elses_case(home, tool):
    case = yaml.load(home.case("early-help").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - text scalars
    assert call(tool, "POST", "/cases", "j.shah", case)[0] == 201
    for method, path, body in (
        ("POST", "/cases", case), ("POST", "/cases/DEMO-2026-0001/trawl", None),
        ("POST", "/cases/DEMO-2026-0001/cancel", None), ("GET", "/cases/DEMO-2026-0001", None),
    ):  # fmt: skip
        status, _, said = call(tool, method, path, "k.analyst", body)
        assert (status, json.loads(said)["why"]) == (403, "not_your_case")


def test_what_is_no_case_is_refused_and_never_taken_for_a_file(home, tool):
    for body in ("/etc/passwd", [], 7, None):
        status, _, said = call(tool, "POST", "/cases", "j.shah", body)
        assert status == 400 and "passwd" not in said, body


def test_a_wrong_case_is_told_without_its_values(home, tool):
    status, _, said = call(tool, "POST", "/cases", "j.shah", {"version": 1, "id": "X-1", "people": "Zenobia"})
    assert status == 400 and "people" in said and "Zenobia" not in said


def test_two_people_share_one_open_hub_and_the_ledger_tells_them_apart(place, county):
    place.edit("people:\n", "people:\n  - {id: j.shah, roles: [analyst]}\n")
    with Hub.open(place.hub) as hub:
        shah = hub.acting_as(Actor(id="j.shah", vouched_by="case-tool"))
        one, two = shah.start(place.case("early-help")), hub.start(place.case("children-in-need"))
        one.result(), two.result()
        asked = {(row.actor, row.kind) for row in hub.ledger.rows()}
    assert {("j.shah", "trawl.finished"), (account_name(), "trawl.finished")} <= asked
    assert shah.gate.post("police") is hub.gate.post("police")
