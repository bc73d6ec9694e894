"""Short ways to change a draft and to run commands, for the flow tests of the three models."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from mash_trawl.cli.main import group


@dataclass(frozen=True)
class Told:
    """How a command ended, without a process of its own; `fault` is what it raised."""

    code: int
    out: str
    fault: BaseException | None

    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def command(place: Any) -> Callable[..., Told]:
    """Run the command line on the place's hub, in this process, as a person who types."""

    def run(*arguments: object, typed: str = "") -> Told:
        words = ["--hub", str(place.hub), *map(str, arguments)]
        done = CliRunner().invoke(group, words, input=typed, standalone_mode=False)
        return Told(done.return_value or 0, done.stdout, done.exception)

    return run


Edit = Callable[[dict[str, Any]], Any]


@pytest.fixture(scope="session")
def change_in() -> Callable[..., None]:
    """Edit a draft of some installation as a person would, and save it."""

    def changing(place: Any, name: str, *edits: Edit) -> None:
        file = place.case(name)
        case = yaml.load(file.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - text scalars only
        for edit in edits:
            edit(case)
        file.write_text(yaml.safe_dump(case, sort_keys=False), "utf-8")

    return changing


@pytest.fixture
def change(place: Any, change_in: Callable[..., None]) -> Callable[[str, Edit], None]:
    """The same in the test's own installation."""
    return lambda name, edit: change_in(place, name, edit)
