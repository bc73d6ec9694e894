"""What a command prints to be typed next works as it is printed."""

from __future__ import annotations

import json

import pytest
import yaml

from mash_trawl.cli.main import main
from mash_trawl.cli.place import command_for


@pytest.fixture
def trawl(trawl_here):
    """So many commands are run here that starting Python each time is slow."""
    return trawl_here


def printed(text):
    """The commands between backticks, as arguments."""
    import shlex

    return [shlex.split(part)[1:] for part in text.split("`")[1::2] if part.startswith("mash-trawl ")]


def test_the_hub_is_named_where_this_command_named_it(tmp_path):
    assert command_for(tmp_path) == f"mash-trawl --hub {tmp_path}"
    assert command_for(None) == "mash-trawl"
    assert command_for(tmp_path / "my hub").endswith("my hub'")


def test_init_prints_a_check_that_works_from_anywhere(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert main(["init", str(tmp_path / "hub"), "--profile", "early_help", "--no-passphrase"]) == 0
    told = capsys.readouterr().err
    (step,) = printed(told)
    assert "Nothing is asked until hub.yaml names an information-sharing agreement" in told
    assert str(tmp_path / "hub" / "agreements" / "EXAMPLE.yaml") in told
    monkeypatch.chdir(tmp_path)
    assert step == ["--hub", str(tmp_path / "hub"), "check"]
    assert main(step) in (0, 3)


def test_open_tells_an_analyst_in_words_what_was_sealed_when_and_for_whom(place, county, trawl):
    product = trawl("run", place.case("early-help"), "--json").json()["product"]
    done = trawl("open", product)
    lines = done.out.splitlines()
    assert lines[0].startswith("Case DEMO-2026-0001: version 1 of record ")
    assert lines[1].startswith("Sealed on ") and "UK time" in lines[1]
    with place.open() as hub:
        assert lines[2] == f"Who may open it: {hub.actor.id}."
    assert lines[3] == "Audience: core safeguarding team, everything that was permitted."
    assert lines[4].startswith("Asked on the basis of: ")
    assert lines[5].startswith("It holds ") and "people" in lines[5]
    assert "{" not in done.out and "checkpoint" not in done.out and "Aisha" not in done.out
    view, text = printed(done.out)
    assert view[:2] == text[:2] == ["--hub", str(place.hub)]
    assert trawl(*text, hub=False).code == 0
    assert "checkpoint" in json.dumps(trawl("open", product, "--json").json()["manifest"])


def test_keys_enrol_prints_a_grant_that_works(place, county, trawl):
    done = trawl("keys", "enrol", "r.cole", "--role", "decider", "--no-passphrase")
    (step,) = printed(done.err)
    assert trawl("run", place.case("early-help")).code in (0, 3)
    assert trawl(*["DEMO-2026-0001" if word == "RECORD" else word for word in step], hub=False).code in (0, 5)
    assert step[:4] == ["--hub", str(place.hub), "readers", "grant"]


def test_a_dry_run_with_a_case_that_cannot_be_read_ends_with_3(place, trawl):
    folder = place.root / "tonight"
    folder.mkdir()
    good = yaml.safe_load(place.case("early-help").read_text("utf-8"))
    (folder / "good.yaml").write_text(yaml.safe_dump(good, sort_keys=False), "utf-8")
    assert trawl("batch", folder, "--dry-run").code == 0
    (folder / "bad.yaml").write_text("version: 1\nid: [", "utf-8")
    (folder / "gone.yaml").symlink_to(folder / "absent.yaml")
    done = trawl("batch", folder, "--dry-run")
    assert done.code == 3
    assert "2 of 3 cannot be read" in done.out
    assert "it is a link that leads nowhere" in done.out
    assert trawl("batch", folder, "--dry-run", "--json").code == 3
