"""The ready examples for nights: checked with what this system has, and each calls the batch as it can be called."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import click
import pytest

from mash_trawl.cli.main import group

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "schedule"
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def parsed(words: list[str]) -> dict[str, object]:
    """What the command line makes of the words; a wrong option raises."""
    with group.make_context("mash-trawl", list(words), resilient_parsing=False) as outer:
        name, command, rest = group.resolve_command(outer, [*outer._protected_args, *outer.args])
        assert name == "batch"
        assert isinstance(command, click.Command)
        return command.make_context(name, rest, parent=outer).params


def arguments_of(command: str) -> list[str]:
    words = shlex.split(command, posix="\\" not in command)
    return words[next(n for n, word in enumerate(words) if "mash-trawl" in word and "batch" not in word) + 1 :]


@pytest.fixture
def systemd(tmp_path: Path) -> Path:
    """Unit files as they stand, but for the program, which is not installed where they say."""
    if shutil.which("systemd-analyze") is None:
        if os.environ.get("CI") == "true":
            raise RuntimeError("systemd-analyze is not installed, and in CI its tests may not be skipped")
        pytest.skip("systemd-analyze is not installed: the unit files are not verified")
    for file in FOLDER.glob("mash-trawl-batch.[st]*e*"):
        text = file.read_text("utf-8").replace("/opt/mash-trawl/bin/mash-trawl", "/bin/true")
        (tmp_path / file.name).write_text(text, "utf-8")
    return tmp_path


def analyze(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *map(str, words)], capture_output=True, text=True, check=False)


def test_systemd_finds_nothing_wrong_with_the_units(systemd):
    done = analyze("verify", "--man=no", systemd / "mash-trawl-batch.service", systemd / "mash-trawl-batch.timer")
    told = [line for line in done.stderr.splitlines() if "mash-trawl" in line]
    assert (done.returncode, told) == (0, [])


def test_systemd_would_tell_of_a_wrong_line(systemd):
    unit = systemd / "mash-trawl-batch.service"
    unit.write_text(unit.read_text("utf-8") + "ProtectEverything=yes\n", "utf-8")
    assert "ProtectEverything" in analyze("verify", "--man=no", unit).stderr


def test_the_timer_names_a_time_of_every_night_in_london(systemd):
    (when,) = re.findall(r"^OnCalendar=(.+)$", (FOLDER / "mash-trawl-batch.timer").read_text("utf-8"), re.MULTILINE)
    assert analyze("calendar", when).returncode == 0
    assert when.startswith("*-*-* ")
    assert when.endswith("Europe/London")


def test_the_service_runs_as_an_account_of_its_own_that_can_do_little():
    text = (FOLDER / "mash-trawl-batch.service").read_text("utf-8")
    said = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    assert said["User"] == "mash-batch"
    assert (said["NoNewPrivileges"], said["ProtectSystem"], said["CapabilityBoundingSet"]) == ("yes", "strict", "")
    assert said["SuccessExitStatus"].split() == ["3", "4"]
    assert said["RestartPreventExitStatus"].split() == ["2", "5", "130"]
    params = parsed(arguments_of(said["ExecStart"].replace("%d", "/run/credentials")))
    assert params["resume"] is True
    assert str(params["passphrase_from"]).startswith("file:")


def test_the_cron_line_has_five_times_an_account_and_our_command():
    text = (FOLDER / "mash-trawl.cron").read_text("utf-8")
    (line,) = [line for line in text.splitlines() if re.match(r"[\d*]", line)]
    *times, account, command = line.split(None, 6)
    ranges = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
    for time, (low, high) in zip(times, ranges, strict=True):
        assert time == "*" or low <= int(time) <= high
    assert account == "mash-batch"
    assert "%" not in command, "cron makes a line end of it"
    assert parsed(arguments_of(command.split("&&")[1].split(">")[0]))["resume"] is True
    assert text.endswith("\n"), "cron leaves out a last line without an end"


def test_the_windows_task_has_the_parts_of_its_schema_in_order_and_calls_our_command():
    root = ElementTree.parse(FOLDER / "mash-trawl-batch.xml").getroot()  # noqa: S314 - our own file
    assert root.tag == f"{TASK}Task"
    parts = ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]
    assert [child.tag for child in root] == [TASK + part for part in parts]

    def text(path: str) -> str:
        found = root.find(path.replace("/", "/" + TASK).replace(".//" + TASK, ".//" + TASK))
        assert found is not None, path
        return found.text or ""

    assert text("./Settings/MultipleInstancesPolicy") == "IgnoreNew"
    assert text("./Principals/Principal/RunLevel") == "LeastPrivilege"
    datetime.fromisoformat(text("./Triggers/CalendarTrigger/StartBoundary"))
    for path in ("./Settings/ExecutionTimeLimit", "./Settings/RestartOnFailure/Interval"):
        assert re.fullmatch(r"PT\d+[HM]", text(path))
    principals = root.findall(f"./{TASK}Principals/{TASK}Principal")
    assert [one.get("id") for one in principals] == [root.find(f"./{TASK}Actions").get("Context")]
    assert parsed(shlex.split(text("./Actions/Exec/Arguments"), posix=False))["resume"] is True
