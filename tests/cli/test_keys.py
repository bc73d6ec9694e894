"""Enrolling people at the command line: keys, pins, roles, and a hub file that keeps its comments."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mash_trawl.cli import passphrase
from mash_trawl.cli.main import group
from mash_trawl.cli.new_hub import NewHub, create_hub, person_id
from mash_trawl.config.hubfile import load_hub_file
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.hub import Hub
from mash_trawl.system import account_name
from mash_trawl.vault.readers import key_is_protected, key_path, public_path

ME = person_id(account_name())


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    """A new hub that enrols this account with every role that `init` gives."""
    new = NewHub(
        folder=tmp_path / "hub", keys=tmp_path / "keys", profiles=["early_help"], person=ME, account=account_name(),
        passphrase=None,
    )  # fmt: skip
    create_hub(new)
    return new.folder


@pytest.fixture
def keys(hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run `keys ...` on the hub; the account's own folder is the test's."""
    monkeypatch.setattr("mash_trawl.cli.place.own_folder", lambda: tmp_path / "own")

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(group, ["--hub", str(hub), "keys", *map(str, arguments)])

    return run


def readers(hub: Path) -> Path:
    return hub.parent / "keys" / "readers"


def entries(hub: Path, kind: str) -> list[dict[str, object]]:
    with Hub.open(hub) as opened:
        return [dict(row.public) for row in opened.ledger.rows(kind)]


def test_a_second_person_gets_a_key_a_pin_a_line_and_two_entries(hub, keys):
    before = (hub / "hub.yaml").read_text("utf-8")
    done = keys("enrol", "r.cole", "--account", "rcole", "--role", "decider", "--no-passphrase")
    assert done.exit_code == 0, done.output
    after = (hub / "hub.yaml").read_text("utf-8")
    line = "  - {id: r.cole, account: rcole, roles: [decider]}\n"
    assert after.replace(line, "") == before
    assert load_hub_file(hub).people[-1].roles == ("decider",)
    assert key_path(readers(hub), "r.cole").exists()
    enrolled = entries(hub, "reader.enrolled")
    assert [item["reader"] for item in enrolled] == ["r.cole"]
    assert entries(hub, "person.enrolled") == [
        {"person": "r.cole", "roles": ["decider"], "vouched_by": "operating system"}
    ]
    assert str(enrolled[0]["key"])[:4] in done.output


def test_the_account_stands_only_in_the_part_of_the_ledger_that_can_be_erased(hub, keys):
    keys("enrol", "r.cole", "--account", "unusual-account", "--role", "decider", "--no-passphrase")
    with Hub.open(hub) as opened:
        assert "unusual-account" not in "".join(str(row.public) for row in opened.ledger.rows())


def test_enrolling_again_changes_nothing(hub, keys):
    for _ in range(2):
        assert keys("enrol", "r.cole", "--role", "decider", "--no-passphrase").exit_code == 0
    text = (hub / "hub.yaml").read_text("utf-8")
    assert keys("enrol", "r.cole").exit_code == 0
    assert (hub / "hub.yaml").read_text("utf-8") == text
    assert len(entries(hub, "person.enrolled")) == len(entries(hub, "reader.enrolled")) == 1


def test_a_key_made_on_the_persons_own_account_comes_as_one_line_and_its_private_half_never(hub, keys, tmp_path):
    made = keys("init", "s.lee", "--no-passphrase")
    line = next(part for part in made.output.splitlines() if part.startswith("mash-trawl-reader-v1:"))
    assert made.exit_code == 0
    assert (tmp_path / "own" / "keys" / "s.lee.key").stat().st_mode & 0o077 == 0
    assert keys("enrol", "s.lee", "--role", "analyst", "--public", line).exit_code == 0
    assert public_path(readers(hub), "s.lee").exists()
    assert not key_path(readers(hub), "s.lee").exists()
    assert [item["reader"] for item in entries(hub, "reader.enrolled")] == ["s.lee"]
    (tmp_path / "line").write_text(line + "\n", "ascii")
    assert keys("enrol", "s.lee", "--public", tmp_path / "line").exit_code == 0


def test_a_line_that_was_changed_or_belongs_to_another_is_refused_and_nothing_is_enrolled(hub, keys):
    made = keys("init", "s.lee", "--no-passphrase").output
    line = next(part for part in made.splitlines() if part.startswith("mash-trawl-reader-v1:"))
    at = line.rindex(":") + 40
    other = "A" if line[at] != "A" else "B"
    bad = {
        line[:at] + other + line[at + 1 :]: Refused,
        line.replace(":s.lee:", ":m.ole:"): Refused,
        line[:-8]: Misconfigured,
        "mash-trawl-reader-v1:s.lee:": Misconfigured,
        "no such file": Misconfigured,
    }
    for text, kind in bad.items():
        done = keys("enrol", "s.lee", "--role", "analyst", "--public", text)
        assert isinstance(done.exception, kind), text[:40]
    assert isinstance(keys("enrol", "m.ole", "--role", "analyst", "--public", line).exception, Misconfigured)
    assert not public_path(readers(hub), "s.lee").exists()
    assert [person.id for person in load_hub_file(hub).people] == [ME]
    assert entries(hub, "reader.enrolled") == entries(hub, "person.enrolled") == []


def test_a_second_key_under_one_id_is_refused(hub, keys, tmp_path):
    keys("enrol", "r.cole", "--role", "decider", "--no-passphrase")
    made = keys("init", "r.cole", "--no-passphrase", "--to", tmp_path / "stranger").output
    line = next(part for part in made.splitlines() if part.startswith("mash-trawl-reader-v1:"))
    before = public_path(readers(hub), "r.cole").read_bytes()
    done = keys("enrol", "r.cole", "--public", line)
    assert isinstance(done.exception, Refused)
    assert done.exception.why == "reader_key_changed"
    assert public_path(readers(hub), "r.cole").read_bytes() == before


def test_a_passphrase_is_typed_by_the_person_and_protects_the_key(hub, keys, monkeypatch):
    monkeypatch.setattr(passphrase, "new_passphrase", lambda: b"three calm green geese")
    assert keys("enrol", "r.cole", "--role", "decider").exit_code == 0
    assert key_is_protected(readers(hub), "r.cole")


def test_without_a_terminal_no_passphrase_can_be_typed_and_nothing_is_made(hub, keys):
    assert isinstance(keys("enrol", "r.cole", "--role", "decider").exception, Misconfigured)
    assert not public_path(readers(hub), "r.cole").exists()


def test_a_headless_key_is_for_a_night_account_alone(hub, keys):
    for wrong in ([], ["--account", "svc", "--role", "mash_manager"], ["--role", "batch"]):
        assert isinstance(keys("enrol", "night", "--headless", *wrong).exception, Misconfigured)
    assert not public_path(readers(hub), "night").exists()
    assert keys("enrol", "night", "--headless", "--account", "svc-night").exit_code == 0
    assert load_hub_file(hub).people[-1].roles == ("batch",)


@pytest.mark.parametrize(
    "wrong",
    [
        ["r.cole"],
        ["r.cole", "--role", "boss"],
        ["../r.cole", "--role", "decider"],
        ["r.cole", "--role", "decider", "--account", account_name()],
        [ME, "--role", "batch"],
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_made(hub, keys, wrong):
    before = (hub / "hub.yaml").read_bytes(), sorted(readers(hub).iterdir())
    assert isinstance(keys("enrol", *wrong, "--no-passphrase").exception, Misconfigured)
    assert ((hub / "hub.yaml").read_bytes(), sorted(readers(hub).iterdir())) == before
    assert entries(hub, "person.enrolled") == []


def test_who_may_not_enrol_is_refused_in_words_and_in_the_ledger(hub, keys):
    text = (hub / "hub.yaml").read_text("utf-8")
    (hub / "hub.yaml").write_text(text.replace("[analyst, mash_manager, decider]", "[analyst]"), "utf-8")
    done = keys("enrol", "r.cole", "--role", "decider", "--no-passphrase")
    assert isinstance(done.exception, Refused)
    assert "mash_manager, administrator" in str(done.exception)
    assert not public_path(readers(hub), "r.cole").exists()
    assert entries(hub, "act.refused") == [{"act": "enrol", "roles": ["analyst"], "vouched_by": "operating system"}]


def test_a_hub_file_written_another_way_is_left_alone_and_the_line_is_printed(hub, keys):
    text = (hub / "hub.yaml").read_text("utf-8")
    line = next(part for part in text.splitlines() if part.startswith("  - {id:"))
    odd = text.replace(f"people:\n{line}", f"people:\n  [\n    {line.strip()[2:]},\n  ]")
    (hub / "hub.yaml").write_text(odd, "utf-8")
    done = keys("enrol", "r.cole", "--role", "decider", "--no-passphrase")
    assert done.exit_code == 0, done.output
    assert "- {id: r.cole, roles: [decider]}" in done.output
    assert (hub / "hub.yaml").read_text("utf-8") == odd
    assert not list(hub.glob(".hub.*"))


def test_the_list_says_how_every_key_stands(hub, keys):
    keys("enrol", "r.cole", "--role", "decider", "--no-passphrase")
    keys("enrol", "night", "--headless", "--account", "svc-night")
    key_path(readers(hub), "night").unlink()
    public_path(readers(hub), "r.cole").write_text("{}", "ascii")
    rows = {row["person"]: row for row in json.loads(keys("list", "--json").output)}
    assert {name: (row["state"], row["private"]) for name, row in rows.items()} == {
        "night": ("pinned", "elsewhere"),
        "r.cole": ("altered", "open"),
        ME: ("unused", "open"),
    }
    assert "svc-night" in keys("list").output
    assert "left" not in rows["night"] and "left" not in keys("list").output
    file = hub / "hub.yaml"
    file.write_text(file.read_text("utf-8").replace("{id: night,", "{id: night, left: 2026-11-20,"), "utf-8")
    assert "(left 2026-11-20)" in keys("list").output
    assert {row["person"]: row.get("left") for row in json.loads(keys("list", "--json").output)}[
        "night"
    ] == "2026-11-20"


def test_a_hub_with_approvals_says_that_its_changed_file_counts_no_more(hub, keys):
    file = hub / "hub.yaml"
    assert "nothing is asked" not in keys("enrol", "a.one", "--role", "analyst", "--no-passphrase").output
    text = file.read_text("utf-8").replace("statements: from_file", "statements: signed")
    file.write_text(text, "utf-8")
    told = keys("enrol", "a.two", "--role", "analyst", "--no-passphrase").output
    assert "hub.yaml is not the file that was approved any more: nothing is asked" in told
    assert f"`mash-trawl --hub {hub} approve hub.yaml`" in told
    assert "nothing is asked" not in keys("enrol", "a.two").output


def test_a_key_that_lay_here_before_is_not_taken_in_silence(hub, keys):
    assert keys("init", "a.three", "--to", readers(hub), "--no-passphrase").exit_code == 0
    told = keys("enrol", "a.three", "--role", "analyst", "--no-passphrase").output
    assert "This key lay here already: compare the fingerprint" in told
    assert "lay here already" not in keys("enrol", "a.four", "--role", "analyst", "--no-passphrase").output
