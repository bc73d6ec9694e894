"""A hub for cases, and an analyst who types: what the tests of this room share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mash_trawl.cli import case_new
from mash_trawl.cli.interview import hold
from mash_trawl.cli.interview_case import ask_case
from mash_trawl.cli.new_hub import NewHub, create_hub
from mash_trawl.model.case import Case
from mash_trawl.system import account_name

NOW = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)
Answers = Sequence[tuple[str, str]]


class Player:
    """Plays an analyst: gives the next prepared answer when its question comes, an empty line to all others."""

    def __init__(self, answers: Answers) -> None:
        self.waiting = list(answers)
        self.heard: list[str] = []
        self.last = ""

    def say(self, line: str = "") -> None:
        self.heard.append(line)

    def listen(self) -> str:
        asked = next((at for at in range(len(self.heard) - 1, -1, -1) if self.heard[at] == ""), -1)
        question = " ".join(self.heard[asked + 1 :][:1])
        if self.waiting and self.waiting[0][0] in question:
            return self.waiting.pop(0)[1]
        if question.startswith("Save this case?"):
            raise AssertionError(f"never asked: {self.waiting[0][0]}" if self.waiting else "nobody said save")
        return ""


@pytest.fixture(scope="session")
def case_hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub with three profiles; nobody but the drafts is written to."""
    root = tmp_path_factory.mktemp("hub")
    create_hub(
        NewHub(folder=root / "hub", keys=root / "keys", profiles=("children_in_need", "early_help", "front_door"),
               person="j.shah", account=account_name(), passphrase=None)
    )  # fmt: skip
    return root / "hub"


@pytest.fixture
def hub(case_hub: Path) -> Iterator[Path]:
    """The hub without any draft."""
    for file in (case_hub / "cases").glob("*"):
        file.unlink()
    yield case_hub


@pytest.fixture
def play(hub: Path) -> Callable[..., tuple[Case | None, Player]]:
    """Plays prepared answers to the end; `keep` writes the case."""

    def playing(answers: Answers, keep: Callable[[Case], str] = lambda case: "",
                clock: Callable[[], datetime] = lambda: NOW) -> tuple[Case | None, Player]:  # fmt: skip
        desk, review = case_new.desk_at(hub, clock), case_new.review_at(hub)
        player = Player([*answers] if answers and answers[-1][0] == "Save" else [*answers, ("Save", "save")])
        case = hold(lambda: ask_case(desk, review, keep), player)
        assert player.waiting == []
        return case, player

    return playing
