"""What Tab offers, through the program itself as a shell calls it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
import yaml


@pytest.fixture
def hub(tmp_path):
    """A hub file with two sources, and one draft of a synthetic case."""
    folder = tmp_path / "hub"
    (folder / "cases").mkdir(parents=True)
    sources = [{"name": name, "agency": name, "connector": name} for name in ("housing", "police")]
    content = {
        "version": 1, "name": "north", "profiles": ["early_help"], "root_keys": {"paths": ["../keys/a"]},
        "reader_keys": "../keys/readers", "signing_key": "../keys/hub.sign", "sources": sources,
    }  # fmt: skip
    (folder / "hub.yaml").write_text(yaml.safe_dump(content), "utf-8")
    (folder / "cases" / "one.yaml").write_text("version: 1\nid: MASH-2026-0001\n", "utf-8")
    return folder


def complete(words, word, kind="bash"):
    """What the program offers for the last word of a line."""
    line = ["mash-trawl", *map(str, words), word]
    env = dict(os.environ, _MASH_TRAWL_COMPLETE=f"{kind}_complete", COMP_WORDS=" ".join(line))
    env |= {"COMP_CWORD": str(len(line) - 1), "COMP_WORD": word}
    command = [sys.executable, "-m", "mash_trawl"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0 and done.stderr == ""
    return done.stdout.splitlines()


def test_commands_and_options_are_offered():
    assert "plain,status" in complete([], "st")
    assert "plain,--refresh" in complete(["run"], "--re")


def test_case_ids_of_the_hub_are_offered(hub):
    assert "plain,MASH-2026-0001" in complete(["--hub", hub, "run"], "MASH")
    assert "plain,MASH-2026-0001" in complete(["--hub", hub, "view"], "")


def test_ids_of_records_are_offered_where_a_record_is_wanted_once_something_is_typed(hub):
    (hub / "records").mkdir()
    for version in (1, 2):
        (hub / "records" / f"{'ab' * 16}-v{version}.mtr").touch()
    assert complete(["--hub", hub, "open"], "ab").count(f"plain,{'ab' * 16}") == 1
    assert f"plain,{'ab' * 16}" in complete(["--hub", hub, "readers", "list"], "ab")
    assert f"plain,{'ab' * 16}" not in complete(["--hub", hub, "open"], "")
    assert f"plain,{'ab' * 16}" not in complete(["--hub", hub, "run"], "ab")


def test_case_ids_are_offered_to_the_parts_of_a_command_too(hub):
    assert "plain,MASH-2026-0001" in complete(["--hub", hub, "case", "check"], "MASH")
    assert "plain,MASH-2026-0001" in complete(["--hub", hub, "case", "person", "add"], "MASH")


def test_sources_of_the_hub_are_offered(hub):
    assert complete(["--hub", hub, "run", "x", "--refresh"], "po") == ["plain,police"]
    assert complete(["--hub", hub, "run", "x", "--refresh"], "a") == ["plain,all"]


def test_without_a_hub_tab_says_nothing(tmp_path):
    assert complete(["--hub", tmp_path / "none", "run", "x", "--refresh"], "") in ([], [""])


def test_powershell_gets_its_own_form(hub):
    assert "plain\tpolice\t" in complete(["--hub", hub, "run", "x", "--refresh"], "po", kind="powershell")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_the_script_of_each_shell_calls_this_program(shell):
    done = subprocess.run(
        [sys.executable, "-m", "mash_trawl", "completion", shell], capture_output=True, text=True, check=True
    )
    assert "_MASH_TRAWL_COMPLETE" in done.stdout and f"{shell}_complete" in done.stdout


def test_bash_takes_the_script():
    bash = shutil.which("bash")
    if bash is None:
        assert not os.environ.get("CI"), "CI must have bash"
        pytest.skip("NOT TESTED: the completion script in bash (no bash here)")
    script = subprocess.run([sys.executable, "-m", "mash_trawl", "completion", "bash"], capture_output=True, check=True)
    checked = subprocess.run([bash, "-n"], input=script.stdout, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr
