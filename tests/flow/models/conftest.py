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


@pytest.fixture
def change(place: Any) -> Callable[[str, Callable[[dict[str, Any]], Any]], None]:
    """Edit a draft as a person would, and save it."""

    def changing(name: str, edit: Callable[[dict[str, Any]], Any]) -> None:
        file = place.case(name)
        case = yaml.load(file.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - text scalars only
        edit(case)
        file.write_text(yaml.safe_dump(case, sort_keys=False), "utf-8")

    return changing
