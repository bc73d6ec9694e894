"""RECORD as people name it: a sealed file, a case id, or the opaque id of a record; and the case that is destroyed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mash_trawl.cli.find_record import case_of, file_of, find_record, newest_of
from mash_trawl.cli.main import group
from mash_trawl.cli.new_hub import NewHub, create_hub, person_id
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.hub import Hub
from mash_trawl.system import account_name

ME = person_id(account_name())


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A hub in which MASH-1 was sealed twice and MASH-2 once."""
    new = NewHub(
        folder=tmp_path / "hub", keys=tmp_path / "keys", profiles=["early_help"], person=ME, account=account_name(),
        passphrase=None,
    )  # fmt: skip
    create_hub(new)
    with Hub.open(new.folder) as opened:
        for case in ("MASH-1", "MASH-1", "MASH-2"):
            seal(opened, case)
        yield opened


def seal(hub: Hub, case: str) -> None:
    hub.custody.seal(case, {"synthetic": "yes"}, readers=[ME], facts={}, folder=hub.records, actor=ME)


@pytest.fixture
def record(hub: Hub) -> str:
    """The opaque id of the record of MASH-1."""
    return hub.custody.newest("MASH-1").record


@pytest.fixture
def command(hub: Hub) -> Callable[..., Result]:
    def run(*arguments: object) -> Result:
        return CliRunner().invoke(group, ["--hub", str(hub.folder), *map(str, arguments)])

    return run


def test_a_case_id_a_record_id_and_a_file_lead_to_the_same_newest_version(hub, record, tmp_path):
    path = hub.custody.newest("MASH-1").path
    copy = tmp_path / "on-a-stick.mtr"
    copy.write_bytes(path.read_bytes())
    for text in ("MASH-1", record, f"{record}-v2", f"{record}-v2.mtr", str(path), str(copy)):
        known = find_record(hub, text)
        assert (known.case, known.record, known.version, known.path) == ("MASH-1", record, 2, path)
    assert file_of(hub, "MASH-1") == file_of(hub, record) == path
    assert file_of(hub, str(copy)) == copy


def test_an_older_version_is_found_by_its_number_and_has_no_readers_of_its_own(hub, record):
    known = find_record(hub, f"{record}-v1")
    assert (known.version, known.state) == (1, "superseded")
    assert file_of(hub, f"{record}-v1").name == f"{record}-v1.mtr"
    with pytest.raises(Misconfigured, match="a newer one was sealed"):
        newest_of(hub, f"{record}-v1")
    with pytest.raises(Misconfigured, match="a newer one was sealed"):
        newest_of(hub, str(known.path))
    assert newest_of(hub, record).version == 2


@pytest.mark.parametrize(
    "text", ["MASH-9", "0" * 32, "", ".", "../MASH-1", "MASH 1", "x" * 5000, "a\x00b", "{record}-v0", "{record}-v3",
             "{record}-v1000000000", "{record}.mtr", "Aisha Khan"],
)  # fmt: skip
def test_what_names_nothing_here_is_refused_without_being_repeated(hub, record, text):
    text = text.format(record=record)
    for find in (find_record, file_of, newest_of):
        with pytest.raises(Misconfigured) as caught:
            find(hub, text)
        (problem,) = caught.value.problems
        assert problem.where == "RECORD" and "record id" in problem.do
        assert not text.strip(".") or text not in str(problem)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80))
def test_no_text_that_people_type_ever_leads_anywhere_by_chance(hub, text):
    with pytest.raises(Misconfigured):
        find_record(hub, text)
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", text):
        assert case_of(hub, text) == text
    else:
        with pytest.raises(Misconfigured):
            case_of(hub, text)


def test_a_file_that_was_moved_away_or_destroyed_is_said_to_be_so(hub, record, tmp_path):
    path = hub.custody.newest("MASH-1").path
    path.rename(tmp_path / "elsewhere.mtr")
    with pytest.raises(Misconfigured, match="not where it was sealed to"):
        file_of(hub, record)
    hub.custody.destroy("MASH-1", ME, "test")
    for text in ("MASH-1", record):
        with pytest.raises(Refused) as caught:
            file_of(hub, text)
        assert caught.value.why == "destroyed"
    assert find_record(hub, str(tmp_path / "elsewhere.mtr")).state == "destroyed"


def test_a_file_that_is_no_record_of_this_hub_is_not_taken_for_one_by_its_name(hub, record, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / f"{record}-v2").write_text("something else", "utf-8")
    with pytest.raises(Refused) as caught:
        newest_of(hub, f"{record}-v2")
    assert caught.value.why == "not_a_record"


def test_an_id_of_a_record_that_another_case_took_as_its_own_is_not_chosen_between(hub, record):
    seal(hub, record)
    with pytest.raises(Misconfigured, match="another case too"):
        find_record(hub, record)
    with pytest.raises(Misconfigured, match="more than one case"):
        case_of(hub, record)
    assert find_record(hub, f"{record}-v2").case == "MASH-1"


def test_the_case_to_destroy_is_named_by_its_id_its_draft_or_its_record(hub, record, tmp_path):
    draft = tmp_path / "draft.yaml"
    draft.write_text("version: 1\nid: MASH-1\n", "utf-8")
    assert {case_of(hub, text) for text in ("MASH-1", record, str(draft))} == {"MASH-1"}
    assert case_of(hub, "MASH-9") == "MASH-9"


def test_one_version_or_one_sealed_file_is_not_taken_for_the_whole_case(hub, record):
    for text in (f"{record}-v1", f"{record}-v2.mtr"):
        with pytest.raises(Misconfigured, match="one sealed version"):
            case_of(hub, text)
    with pytest.raises(Misconfigured, match="no case file"):
        case_of(hub, str(hub.custody.newest("MASH-1").path))


def test_a_file_that_bears_the_id_of_another_case_as_its_name_destroys_neither(hub, command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "MASH-1").write_text("version: 1\nid: MASH-2\n", "utf-8")
    done = command("destroy", "MASH-1", "--reason", "test", "--yes")
    assert isinstance(done.exception, Misconfigured)
    assert hub.custody.newest("MASH-1").state == hub.custody.newest("MASH-2").state == "live"


def test_readers_and_destroy_take_a_record_id_and_files(hub, record, command, tmp_path):
    path = hub.custody.newest("MASH-1").path
    listed = [json.loads(command("readers", "list", text, "--json").output) for text in ("MASH-1", record, path)]
    assert listed[0] == listed[1] == listed[2]
    assert [(reader["reader"], reader["version"]) for reader in listed[0]] == [(ME, 2)]
    assert command("readers", "revoke", path, ME, "--yes").exit_code == 0
    assert json.loads(command("readers", "list", record, "--json").output) == []
    done = command("destroy", record, "--reason", "test", "--yes")
    assert done.exit_code == 0 and "This is case MASH-1." in done.output
    assert hub.custody.newest("MASH-1").state == "destroyed"
    assert hub.custody.newest("MASH-2").state == "live"


def test_json_answers_no_question_so_nothing_is_destroyed_without_a_yes(hub, command):
    done = command("destroy", "MASH-1", "--reason", "test", "--json")
    assert isinstance(done.exception, Misconfigured) and "nobody is there to confirm it" in str(done.exception)
    assert done.stdout == ""
    assert hub.custody.newest("MASH-1").state == "live"


def test_an_open_end_of_a_grant_is_null(command):
    assert json.loads(command("readers", "grant", "MASH-1", ME, "--json").output)["not_after"] is None


def test_destroying_what_was_never_sealed_is_refused_as_before(command):
    done = command("destroy", "MASH-9", "--reason", "test", "--yes")
    assert isinstance(done.exception, Refused) and done.exception.why == "unknown_case"
    assert isinstance(command("destroy", "../MASH-1", "--reason", "test", "--yes").exception, Misconfigured)


def test_only_the_newest_version_opens_and_an_older_one_says_so(hub, record, command):
    assert command("open", record, "--json").exit_code == 0
    assert command("export", f"{record}-v2", "--format", "json", "--to", hub.folder / "x.json").exit_code == 0
    refused = command("open", f"{record}-v1").exception
    assert isinstance(refused, Refused) and refused.why == "superseded"
