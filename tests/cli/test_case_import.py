"""`case form` and `case import`: from an empty form to a draft of the hub, and never over another case."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.cli.main import main
from mash_trawl.cli.new_hub import NewHub, create_hub
from mash_trawl.config.case import load_case
from mash_trawl.config.referral_form import EMPTY_FORM
from mash_trawl.system import account_name

CASE: dict[str, Any] = {  # synthetic
    "profile": "children_in_need",
    "referral": {"source": "school", "received_at": "2026-11-03T09:05:00+00:00", "concerns": ["neglect"]},
    "people": [
        {"id": "p1", "roles": ["subject"], "names": [{"given": ["Aisha"], "family": "Khan"}], "born": "about May 2014"},
        {"id": "p2", "roles": ["parent"], "names": [{"given": ["Samira"], "family": "Khan"}]},
    ],
}


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    account = account_name()
    create_hub(
        NewHub(folder=tmp_path / "hub", keys=tmp_path / "keys", profiles=("children_in_need", "early_help"),
               person=account, account=account, passphrase=None)
    )  # fmt: skip
    return tmp_path / "hub"


@pytest.fixture
def command(hub: Path, capsys: pytest.CaptureFixture[str]):
    """Run one command on the hub: exit code, standard output, standard error."""

    def run(*words: object) -> tuple[int, str, str]:
        code = main(["--hub", str(hub), *map(str, words)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def test_an_empty_form_is_written_once(command, tmp_path: Path) -> None:
    assert command("case", "form", tmp_path / "form.xlsx")[0] == 0
    assert (tmp_path / "form.xlsx").read_bytes() == EMPTY_FORM.read_bytes()
    assert command("case", "form", tmp_path / "form.xlsx")[0] == 2
    assert command("case", "form", tmp_path / "form.pdf")[0] == 2
    assert command("case", "form", tmp_path / "nowhere" / "form.xlsx")[0] == 2


def test_a_filled_form_becomes_a_draft_and_what_was_left_out_is_told(command, hub, fill_form, tmp_path) -> None:
    (tmp_path / "filled.xlsx").write_bytes(fill_form(CASE))
    code, out, err = command("case", "import", tmp_path / "filled.xlsx")
    assert code == 0
    (draft,) = (hub / "cases").iterdir()
    case = load_case(draft)
    assert draft.name == f"{case.id}.yaml" and case.id.startswith("MASH-") and case.id in err
    assert draft.stat().st_mode & 0o077 == 0
    assert [person.id for person in case.people] == ["p1", "p2"] and case.people[0].born.approximate
    assert "the exact date of birth" in out and "Khan" not in out + err


def test_json_says_the_same_without_names(command, hub, fill_form, tmp_path) -> None:
    (tmp_path / "Khan.xlsx").write_bytes(fill_form({**CASE, "id": "MASH-2026-0001"}))
    code, out, _ = command("case", "import", tmp_path / "Khan.xlsx", "--json")
    told = json.loads(out)
    assert code == 0 and told["case"] == "MASH-2026-0001" and told["missing"]
    assert "Khan" not in out


def test_a_case_that_exists_is_never_replaced(command, hub, fill_form, tmp_path) -> None:
    (tmp_path / "filled.xlsx").write_bytes(fill_form({**CASE, "id": "MASH-2026-0001"}))
    assert command("case", "import", tmp_path / "filled.xlsx")[0] == 0
    before = (hub / "cases" / "MASH-2026-0001.yaml").read_bytes()
    (hub / "cases" / "MASH-2026-0001.yaml").rename(hub / "cases" / "other.yaml")
    code, _, err = command("case", "import", tmp_path / "filled.xlsx")
    assert code == 2 and "has a draft already" in err
    assert (hub / "cases" / "other.yaml").read_bytes() == before and len(list((hub / "cases").iterdir())) == 1
    assert command("case", "import", tmp_path / "filled.xlsx", "--out", tmp_path / "out.yaml")[0] == 0
    assert command("case", "import", tmp_path / "filled.xlsx", "--out", tmp_path / "out.yaml")[0] == 2


def test_a_profile_is_needed_once_and_may_be_said_on_the_line(command, hub, fill_form, tmp_path) -> None:
    (tmp_path / "filled.xlsx").write_bytes(fill_form({**CASE, "profile": None}))
    code, _, err = command("case", "import", tmp_path / "filled.xlsx")
    assert code == 2 and "filled.xlsx:Referral:B7" in err
    assert command("case", "import", tmp_path / "filled.xlsx", "--profile", "early_help")[0] == 0
    (draft,) = (hub / "cases").iterdir()
    assert load_case(draft).profile == "early_help"


def test_json_content_becomes_the_same_draft(command, hub, tmp_path) -> None:
    whole = {"version": 1, "id": "MASH-2026-0002", "opened_at": "2026-11-03T09:20:00+00:00", **CASE}
    (tmp_path / "case.json").write_text(json.dumps(whole))
    assert command("case", "import", tmp_path / "case.json")[0] == 0
    assert load_case(hub / "cases" / "MASH-2026-0002.yaml") == load_case(whole)


def test_a_wrong_form_writes_nothing_and_tells_everything(command, hub, tmp_path) -> None:
    for name, data in (("a.xlsx", b"x"), ("b.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)), ("c.json", b"{}")):
        (tmp_path / name).write_bytes(data)
        assert command("case", "import", tmp_path / name)[0] == 2
    code, _, err = command("case", "import", EMPTY_FORM)
    assert code == 2 and err.count("error: ") == 4
    assert command("case", "import", tmp_path / "nothing.xlsx")[0] == 2
    assert list((hub / "cases").iterdir()) == []


def test_a_concern_that_the_profile_does_not_know_is_told_before_anything_is_written(command, hub, fill_form, tmp_path):
    odd = {**CASE, "referral": {**CASE["referral"], "concerns": ["bad weather"]}}
    (tmp_path / "filled.xlsx").write_bytes(fill_form(odd))
    assert command("case", "import", tmp_path / "filled.xlsx")[0] == 2
    assert list((hub / "cases").iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices as POSIX has them")
@pytest.mark.parametrize("name", ["form.xlsx", "case.json"])
def test_a_pipe_or_a_device_is_refused_and_not_waited_for(command, hub, tmp_path, name) -> None:
    os.mkfifo(tmp_path / name)
    code, _, err = command("case", "import", tmp_path / name)
    assert code == 2
    assert "Check that it is a file" in err
    (tmp_path / f"zero-{name}").symlink_to("/dev/zero")
    assert command("case", "import", tmp_path / f"zero-{name}")[0] == 2
