"""A batch on a real hub: what the sources bear, what one case costs, two batches, stops, clocks, a full disk."""

from __future__ import annotations

import json
import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from mash_trawl.batch.listing import list_cases
from mash_trawl.cli.find_case import find_case
from mash_trawl.errors import Refused
from mash_trawl.hub import Hub

CONTACT = "    contact: {name: Police disclosure desk"


def listed(nights):
    return list_cases([str(nights.folder)], partial(find_case, nights.place.hub))


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 3, 22, 30, tzinfo=UTC)

    def __call__(self):
        return self.now


class Meter:
    """Counts at the server itself: how many searches at once, and when each came."""

    def __init__(self, server, seconds):
        self.most, self.came, self._now, self._lock = 0, [], 0, threading.Lock()
        self._reply, self._seconds = server.reply, seconds
        server.reply = self.reply

    def reply(self, request):
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
            self.came.append(time.monotonic())
        time.sleep(self._seconds)
        try:
            return self._reply(request)
        finally:
            with self._lock:
                self._now -= 1


def test_no_source_is_asked_wider_than_it_bears_by_all_cases_together(nights, county):
    nights.place.edit(CONTACT, "    limits: {parallel: 2, deadline: 60s}\n" + CONTACT)
    nights.write(6)
    meter = Meter(county.police, 0.04)
    with nights.place.open() as hub:
        done = hub.batch(listed(nights), at_once=6)
    assert done.counts["complete"] == 6, done.whys
    assert meter.most == 2, "all of its width, and no more"


def test_no_source_is_asked_faster_than_it_bears_by_all_cases_together(nights, county):
    nights.place.edit(CONTACT, "    limits: {parallel: 4, per_second: 25, deadline: 60s}\n" + CONTACT)
    nights.write(5)
    meter = Meter(county.police, 0.0)
    with nights.place.open() as hub:
        done = hub.batch(listed(nights), at_once=5)
    assert done.counts["complete"] == 5, done.whys
    came = sorted(meter.came)
    assert len(came) > 20
    assert (len(came) - 1) / (came[-1] - came[0]) <= 25 * 1.1
    assert meter.most <= 4


def test_a_deadline_that_one_case_needs_is_enough_for_every_case_of_a_batch(nights, county):
    nights.place.edit(CONTACT, "    limits: {parallel: 1, deadline: 4s}\n" + CONTACT)
    nights.write(6)
    Meter(county.police, 0.12)
    began = time.monotonic()
    with nights.place.open() as hub:
        done = hub.batch(listed(nights), at_once=6)
    assert done.counts["complete"] == 6, done.whys
    assert time.monotonic() - began > 4, "together they took longer than one deadline"


def test_a_poisoned_case_costs_itself_alone_and_the_summary_says_what_to_do(nights, county):
    folder = nights.write(2)
    (folder / "a-half.yaml").write_text("version: 1\nid: [", "utf-8")
    (folder / "b-nonsense.json").write_text(json.dumps({"version": 1, "people": "nobody"}), "utf-8")
    (folder / "c-big.yaml").write_bytes(b"#" * 1_100_000)
    (folder / "d-twice.json").write_bytes((folder / "NIGHT-2026-0001.json").read_bytes())
    (folder / "e-elsewhere.json").write_text(
        (folder / "NIGHT-2026-0002.json")
        .read_text("utf-8")
        .replace("early_help", "unlisted")
        .replace("-0002", "-0009"),
        "utf-8",
    )
    code, out, err = nights.say(folder, "--json")
    done = json.loads(out)
    assert (code, err) == (3, "")
    assert (done["complete"], done["failed"], done["skipped"]) == (2, 4, 1)
    assert {row["why"] for row in done["look_at"]} <= {"case_unreadable", "listed_twice"}
    assert all(row["do"] and (row["where"] or row["case"]) for row in done["look_at"])
    assert "nobody" not in out
    assert nights.products() == {"NIGHT-2026-0001": 1, "NIGHT-2026-0002": 1}


def test_a_second_batch_is_refused_while_one_runs_and_asks_nothing(nights, county):
    nights.write(4)
    release = threading.Event()
    reply = county.police.reply
    county.police.reply = lambda request: (release.wait(30), reply(request))[1]
    first = nights.begin(nights.folder)
    deadline = time.monotonic() + 60
    while not county.police.hits["/v1/nominals/search"] and time.monotonic() < deadline:
        time.sleep(0.02)
    second = nights.begin(nights.folder, "--resume")
    _, err = second.communicate(timeout=60)
    assert second.returncode == 5
    assert "another batch of this hub is under way" in err
    release.set()
    assert first.communicate(timeout=100)[1] == ""
    assert first.returncode == 0
    assert nights.rows("SELECT count(*) FROM batch_run") == [(1,)]
    assert set(nights.products().values()) == {1}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "a service manager"])
def test_a_stop_ends_cleanly_and_the_batch_goes_on_later(nights, county, how):
    nights.write(4)
    meter = Meter(county.police, 0.3)
    running = nights.begin(nights.folder, "--at-once", 2)
    deadline = time.monotonic() + 60
    while not meter.came and time.monotonic() < deadline:
        time.sleep(0.02)
    running.send_signal(how)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    assert "was stopped" in out
    assert nights.in_state("running") == set()
    again = nights.begin(nights.folder, "--resume", "--json")
    done = json.loads(again.communicate(timeout=100)[0])
    assert (done["batch"], done["state"], done["complete"]) == (1, "ended", 4)
    assert set(nights.products().values()) == {1}


def test_a_full_disk_stops_the_batch_and_what_is_left_is_done_when_there_is_room(nights, county):
    nights.write(6)
    with nights.place.open() as hub:
        hub.ledger.checkpoint()
    size = sum(file.stat().st_size for file in nights.place.hub.glob("hub.db*"))
    full = nights.begin(nights.folder, "--at-once", 2, largest=size + 60_000)
    _, err = full.communicate(timeout=100)
    assert full.returncode == 5, err
    assert len(nights.products()) < 6
    again = nights.begin(nights.folder, "--resume", "--json")
    done = json.loads(again.communicate(timeout=100)[0])
    assert (done["state"], done["failed"], done["left"]) == ("ended", 0, 0)
    assert done["complete"] + done["not_known"] + done["skipped"] == 6
    assert nights.products() == {f"NIGHT-2026-{n:04}": 1 for n in range(1, 7)}


def test_a_case_is_asked_again_only_when_its_profile_says_so_and_only_for_what_is_due(nights, county):
    clock = Clock()
    nights.write(2)
    folder = nights.place.hub / "profiles"
    folder.mkdir()
    repeat = "id: early_help\nextends: early_help\nrepeat: {purpose: Review, interval: 7d, until: 30d}\n"
    with Hub.at(nights.place.hub, clock=clock) as hub:
        assert hub.batch(listed(nights)).counts["complete"] == 2
        asked = county.police.hits["/v1/nominals/search"]
        assert hub.batch(listed(nights)).whys == {"asked_before": 2}
        (folder / "early_help.yaml").write_text(repeat, "utf-8")
        for days, why in ((1, "not_yet"), (-400, "not_yet"), (40, "purpose_over")):
            at, clock.now = clock.now, clock.now + timedelta(days=days)
            (one, _) = hub.foresee_batch(listed(nights))
            assert (one.verdict.run, one.verdict.why) == (False, why)
            clock.now = at
        clock.now += timedelta(days=8)
        done = hub.batch(listed(nights))
        assert done.counts["unchanged"] == 2, done.whys
        assert county.police.hits["/v1/nominals/search"] == asked, "nothing was stale, so nothing was asked"
    assert set(nights.products().values()) == {1}


def test_a_clock_that_was_put_back_stops_the_batch_and_spends_no_case(nights, county):
    clock = Clock()
    nights.write(2)
    with Hub.at(nights.place.hub, clock=clock) as hub:
        hub.run(nights.folder / "NIGHT-2026-0001.json")
        clock.now -= timedelta(hours=3)
        with pytest.raises(Refused, match="clock"):
            hub.batch(listed(nights))
        clock.now += timedelta(hours=4)
        done = hub.batch(listed(nights), resume=True)
    assert (done.batch, done.counts["complete"], done.whys) == (1, 1, {"asked_before": 1})


def test_a_batch_is_not_for_everybody(nights, county):
    nights.place.edit("roles: [analyst, mash_manager, decider]", "roles: [analyst, decider]")
    nights.write(1)
    code, _, err = nights.say(nights.folder)
    assert code == 5
    assert "run a batch" in err
    assert nights.products() == {}


def test_a_dry_run_sends_nothing_and_writes_nothing(nights, county):
    nights.write(2)
    with nights.place.open():
        pass
    before = [list(nights.rows(f"SELECT * FROM {table}")) for table in ("audit_entry", "batch_run", "lease")]
    code, out, err = nights.say(nights.folder, "--dry-run")
    assert (code, err) == (0, "")
    assert "NIGHT-2026-0001: run: never asked, 2 pairs" in out
    assert sum(county.police.hits.values()) == 0
    assert [list(nights.rows(f"SELECT * FROM {table}")) for table in ("audit_entry", "batch_run", "lease")] == before


def test_a_list_that_is_wrong_asks_nothing(nights, county):
    nights.write(1)
    wrong = nights.folder / "list.csv"
    wrong.write_text("id\nNIGHT-2026-0001\n", "utf-8")
    code, _, err = nights.say(wrong)
    assert code == 2
    assert "list.csv:1" in err
    assert sum(county.police.hits.values()) == 0


def test_a_hub_without_a_batch_says_so_and_a_passphrase_is_never_typed(nights, county):
    assert nights.say("status")[0] == 2
    code, _, err = nights.say(nights.write(1), "--passphrase-from", "Sikkretissimo")
    assert code == 2
    assert "Sikkretissimo" not in err
    assert nights.say(nights.folder, "--passphrase-from", "file:no-such-file")[0] == 2


def test_only_refusals_end_with_4_and_the_refusals_are_sealed(nights, county):
    nights.write(2, consents=[])
    assert nights.say(nights.folder)[0] == 4
    assert set(nights.products().values()) == {1}
    assert sum(county.police.hits.values()) == 0


def test_a_protected_key_opens_the_last_version_by_reference(nights, county, monkeypatch):
    """The case is due again, and what it carries over comes from its last product."""
    import shutil

    from mash_trawl.system import account_name
    from mash_trawl.vault.readers import enrol_reader

    readers = nights.place.root / "keys" / "readers"
    shutil.rmtree(readers)
    enrol_reader(readers, account_name(), b"correct horse")
    (nights.place.root / "word").write_text("correct horse\n", "utf-8")
    (nights.place.hub / "profiles").mkdir()
    overlay = "id: early_help\nextends: early_help\nrepeat: {purpose: Review, interval: 1s, until: 900d}\n"
    (nights.place.hub / "profiles" / "early_help.yaml").write_text(overlay, "utf-8")
    nights.write(1)
    assert nights.say(nights.folder)[0] == 0
    time.sleep(1.1)
    code, out, _ = nights.say(nights.folder, "--json")
    assert (code, json.loads(out)["whys"]) == (3, {"last_version_not_readable": 1})
    code, out, _ = nights.say(nights.folder, "--json", "--passphrase-from", "file:../word")
    assert (code, json.loads(out)["unchanged"]) == (0, 1)


def test_neither_summary_nor_database_names_anybody(nights, county):
    folder = nights.write(2)
    (folder / "half.json").write_text('{"version": 1, "people": [{"names": "Testfall"}]}', "utf-8")
    told = [nights.say(*words)[1:] for words in ([folder, "--dry-run"], [folder], ["status"], ["status", "--json"])]
    stored = b"".join(file.read_bytes() for file in nights.place.hub.glob("hub.db*"))
    for name in ("Testfall", "Synthetica", "Fictia", "Example Row"):
        assert all(name not in text for texts in told for text in texts)
        assert name.encode() not in stored
