"""`dispute`: what is asked, what is shown before it is signed, and what never stands on a command line or in a log."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mash_trawl.cli import signing
from mash_trawl.cli.main import group
from mash_trawl.cli.new_hub import NewHub, create_hub, person_id
from mash_trawl.disputing import Disputed, as_shown, standing
from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.hub import Hub
from mash_trawl.system import account_name

ME = person_id(account_name())
PRODUCT = Path(__file__).resolve().parents[1] / "render" / "data" / "product-v1.json"
EVENT, FACT = "e0a1b2c3d4e5f", "f0a1b2c3d4e5f"
WHO, SAYS = "Ama Example, grandmother", "Nobody was at home that day."


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A hub in which a synthetic product was sealed; its draft is gone. And the case's id."""
    root = tmp_path_factory.mktemp("dispute")
    new = NewHub(folder=root / "hub", keys=root / "keys", profiles=["early_help"], person=ME, account=account_name(),
                 passphrase=None)  # fmt: skip
    create_hub(new)
    body = json.loads(PRODUCT.read_text("utf-8"))
    with Hub.open(new.folder) as hub:
        hub.custody.seal(body["case"]["id"], body, readers=[ME], facts={}, folder=hub.records, actor=ME)
    return root, body["case"]["id"]


@pytest.fixture
def case(pattern: tuple[Path, str]) -> str:
    return pattern[1]


@pytest.fixture
def hub(pattern: tuple[Path, str], tmp_path: Path) -> Path:
    shutil.copytree(pattern[0], tmp_path / "north")
    return tmp_path / "north" / "hub"


@pytest.fixture
def run(hub: Path, case: str) -> Callable[..., Result]:
    """`dispute` on the newest version of the case."""

    def command(*arguments: object, typed: str = "") -> Result:
        words = ["--hub", str(hub), "dispute", case, *map(str, arguments)]
        return CliRunner().invoke(group, words, input=typed)

    return command


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits at the terminal."""
    monkeypatch.setattr(signing, "at_terminal", lambda: True)


def _standing(hub: Path, case: str) -> list[tuple[Any, ...]]:
    with Hub.open(hub) as opened:
        return [(one.item, one.by, one.who, one.says) for one in standing(opened, case)]


def _problem(done: Result) -> Problem:
    assert isinstance(done.exception, Misconfigured)
    return done.exception.problems[0]


def test_at_a_terminal_the_claim_is_shown_and_everything_is_asked_for(run, hub, case, there):
    done = run(EVENT[:6], typed=f"family\n{WHO}\n{SAYS}\ny\n")
    assert done.exit_code == 0, done.exception
    claim = next(line for line in done.output.splitlines() if line.startswith(f"Item {EVENT}, "))
    assert f"  {claim}\n" in done.output  # once more, in what is signed
    assert f"is disputed by the family ({WHO}):" in done.output
    assert f"Sign this as {ME}?" in done.output
    assert f"Signed: dispute {EVENT}, statement" in done.output
    assert f"run {case}` seals it into a new version" in done.output  # there is no draft to make one from
    assert _standing(hub, case) == [(EVENT, "family", WHO, SAYS)]


def test_a_no_at_the_last_question_signs_nothing(run, hub, case, there):
    assert run(EVENT, typed=f"family\n{WHO}\n{SAYS}\nn\n").exit_code == 1
    assert _standing(hub, case) == []


def test_where_nobody_is_there_all_is_given_and_the_words_come_from_a_stream(run, hub, case):
    assert _problem(run(EVENT)).where == "--by"
    assert _problem(run(EVENT, "--by", "agency")).where == "--words"
    assert _problem(run(EVENT, "--by", "agency", "--words", "-", typed="Housing\n \n")).where == "--words"
    assert _problem(run(EVENT, "--by", "agency", "--words", "-", typed=f"{WHO}\n{SAYS}")).where == "signing"
    assert _standing(hub, case) == []
    told = run(EVENT, "--by", "agency", "--words", "-", "--sure", "--later", "--json", typed=f"{WHO}\n\n{SAYS}\nTwice.")
    assert [item["about"] for item in json.loads(told.stdout)["statements"]] == [EVENT]
    assert WHO not in told.stdout
    assert _standing(hub, case) == [(EVENT, "agency", WHO, f"{SAYS}\nTwice.")]


def test_words_from_a_file_may_begin_with_a_byte_order_mark_and_must_be_utf_8(run, hub, case, tmp_path):
    file, how = tmp_path / "words.txt", (EVENT, "--by", "family", "--sure", "--later", "--words")
    for content in (f"{WHO}\nCaf\u00e9\n".encode("latin-1"), f"{WHO}\n{SAYS}\n".encode("utf-16")):
        file.write_bytes(content)
        assert _problem(run(*how, str(file))).what == "this cannot be read as text in UTF-8."
    file.write_bytes(f"{WHO}\r\n{SAYS}\r\n".encode("utf-8-sig"))
    assert run(*how, str(file)).exit_code == 0
    assert [row[2] for row in _standing(hub, case)] == [WHO]


def test_of_several_disputes_about_one_claim_one_is_settled_and_the_other_stands(run, hub, case, there):
    for by in ("family", "agency"):
        assert run(EVENT, "--by", by, "--words", "-", "--sure", typed=f"{WHO}\n{SAYS}").exit_code == 0
    assert "2 wait" in _problem(run(EVENT, "--settled", "--words", "-", "--sure", typed="Mended.")).what
    done = run(EVENT, "--settled", typed="2\nThe record was mended.\ny\n")
    assert f"The dispute about item {EVENT} by the agency ({WHO}):" in done.output
    assert [one[1] for one in _standing(hub, case)] == ["family"]
    assert run(EVENT, "--settled", "--by", "family", "--words", "-", "--sure", typed="Agreed.").exit_code == 0
    assert _standing(hub, case) == []


def test_what_was_said_and_by_whom_stands_in_no_public_part_of_the_ledger(run, hub, case):
    assert run(FACT, "--by", "family", "--words", "-", "--sure", typed=f"{WHO}\n{SAYS}").exit_code == 0
    with Hub.open(hub) as opened:
        public = json.dumps([dict(row.public) for row in opened.ledger.rows()])
        kinds = {row.kind for row in opened.ledger.rows()}
    assert "statement.signed" in kinds
    assert not [word for word in (WHO, SAYS, FACT) if word in public]


@pytest.mark.parametrize(
    ("shown", "told"),
    [([], (WHO, SAYS)), ([(WHO, SAYS)], (WHO, SAYS)), ([(WHO, "At address withheld.")], (WHO, "At address withheld.")),
     ([(None, None)], ("withheld", "withheld")), ([(WHO, "a"), (WHO, "b")], ("withheld", "withheld"))],
)  # fmt: skip
def test_a_dispute_that_is_settled_is_told_no_further_than_the_version_shows_it(shown, told):
    rows = [SimpleNamespace(item=EVENT, by="family", who=who, says=says, settled=None) for who, says in shown]
    one = Disputed(item=EVENT, by="family", who=WHO, says=SAYS)
    assert as_shown(SimpleNamespace(disputes=rows), one) == told
