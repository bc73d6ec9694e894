"""A page that lies is a failing test: links, commands, examples, hooks, exit codes, and what no page may name."""

from __future__ import annotations

import ast
import importlib
import json
import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from mash_trawl import hookspecs
from mash_trawl.cli import main as command_line
from mash_trawl.cli.main import COMMANDS, group
from mash_trawl.identity import match

ROOT = Path(__file__).resolve().parents[1]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PAGES = [
    *(ROOT / name for name in ("README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted(ROOT.glob("connectors/*/README.md")), ROOT / "examples/county/README.md",
]  # fmt: skip
NEVER = (
    "hand" + "book",
    "/wo" + "rk/",
    "/tm" + "p/",
    "py" + "pi.",
    "npm" + "js.org",
    "registry" + ".",
    "local" + "host:8",
)
YAML_ELSEWHERE = ("docs/configuration.md", "docs/connectors.md", "docs/agreements.md", "docs/profiles.md")
"""Pages whose YAML is loaded by the tests of the room that they describe."""


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def fences(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def without_code(text: str) -> str:
    """The page without its fenced blocks and inline code, in which nothing is a link."""
    return re.sub(r"`[^`\n]+`", "", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, made as the common forges make them."""
    heads = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for text, target in re.findall(r"\[([^\]]*)\]\(([^)\s]+)\)", without_code(page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), f"[{text}]({target})"
        assert there.is_relative_to(ROOT), f"[{text}]({target})"
        if anchor:
            assert anchor in anchors(there.read_text("utf-8")), f"[{text}]({target})"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_page_names_a_place_that_is_not_part_of_the_project(page: Path) -> None:
    text = page.read_text("utf-8").lower()
    assert [word for word in NEVER if word in text] == []


def command_lines(text: str) -> list[str]:
    """What stands after `mash-trawl` or `python -m mash_trawl`, in blocks and in inline code, comments cut off."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    rest = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    shown = [
        *re.findall(r"^    .+", rest, re.MULTILINE),
        *"".join(blocks).splitlines(),
        *re.findall(r"`([^`\n]+)`", rest),
    ]
    called = re.compile(r"\s*(?:\$ )?(?:mash-trawl|\S*python\S* -m mash_trawl)\s+([-\w].*)$")
    return sorted({told[1].rstrip() for line in shown if (told := called.match(line.split("  #")[0]))})


def wrong_with(line: str) -> str:
    """Why the command line cannot be one; empty when it parses. Alternatives `a|b` are tried one by one."""
    words = shlex.split(line.split(" | ")[0])
    for at, word in enumerate(words):
        if re.fullmatch(r"[\w.-]+(\|[\w.-]+)+", word):
            return next(
                filter(None, (wrong_with(shlex.join([*words[:at], one, *words[at + 1 :]])) for one in word.split("|"))),
                "",
            )
    try:
        _parse(group, [word for word in words if word != "..."])
    except click.ClickException as problem:
        return f"{line}: {problem.format_message()}"
    return ""


def _parse(command: click.Command, words: list[str]) -> None:
    """Parse as click would, without looking for files and without running anything; helps end the parsing."""
    if {"--help", "-h", "--version"} & set(words):
        return
    with click.Context(command, resilient_parsing=True) as lenient:
        known = {option for part in command.params for option in part.opts + part.secondary_opts}
        unknown = [word for word in words if word.startswith("-")] if not isinstance(command, click.Group) else []
        if strange := [word.split("=")[0] for word in unknown if word.split("=")[0] not in known]:
            raise click.UsageError(f"no such option: {strange[0]}")
        _, rest, _ = command.make_parser(lenient).parse_args(list(words))
    if isinstance(command, click.Group):
        if not rest:
            raise click.UsageError("no command is named")
        inner = command.get_command(lenient, rest[0])
        if inner is None:
            raise click.UsageError(f"no such command: {rest[0]}")
        _parse(inner, rest[1:])


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_line_names_commands_and_options_that_exist(page: Path) -> None:
    lines = command_lines(page.read_text("utf-8"))
    assert [wrong for line in lines if (wrong := wrong_with(line))] == []
    if page.name in ("for-analysts.md", "for-operators.md", "for-council-it.md"):
        assert len(lines) >= 2


def test_the_parser_of_command_lines_would_find_a_wrong_one() -> None:
    assert "no such command" in wrong_with("--hub HUB trawl CASE.yaml")
    assert "no such option" in wrong_with("--hub HUB run CASE.yaml --jsn")
    assert "no such command" in wrong_with("readers list|lend RECORD")
    assert wrong_with("--hub HUB run CASE.yaml --json") == ""
    assert command_lines("    mash-trawl run A   # says b\nand `mash-trawl check` too") == ["check", "run A"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_told_on_some_page(command: str) -> None:
    told = [line for page in PAGES for line in command_lines(page.read_text("utf-8"))]
    assert [line for line in told if command in line.split()]


def test_the_developers_blocks_run_or_name_what_exists(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs/for-developers.md").read_text("utf-8")
    blocks = fences(page, "python")
    assert len(blocks) >= 3
    for block in blocks:
        tree = ast.parse(block)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                module = importlib.import_module(str(node.module))
                for item in node.names:
                    assert hasattr(module, item.name), f"{node.module}.{item.name}"
        if "Hub.open(" in block:
            _names_of_the_hub(tree)
        else:
            exec(compile(tree, "for-developers.md", "exec"), {"match": match})  # noqa: S102 - our own page
    assert re.match(r"a (auto|review|no_match) -?[\d.]+ \[", capsys.readouterr().out)


def _names_of_the_hub(tree: ast.AST) -> None:
    """Every method that the page calls on the hub and what it gives is there."""
    from mash_trawl.hub import Hub, Plan, Run
    from mash_trawl.trawl import Result

    owners: dict[str, Any] = {"Hub": Hub, "hub": Hub, "plan": Plan, "run": Run, "result": Result}
    called = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in owners:
            owner = owners[node.value.id]
            assert node.attr in {*dir(owner), *getattr(owner, "__annotations__", ())}, f"{node.value.id}.{node.attr}"
            called += 1
    assert called >= 5


def test_the_names_in_the_comments_of_the_developers_page_exist() -> None:
    from mash_trawl.hub import Plan, Run
    from mash_trawl.trawl import Result

    block = next(
        one for one in fences((ROOT / "docs/for-developers.md").read_text("utf-8"), "python") if "Hub.open(" in one
    )
    for word, owner in (("plan", Plan), ("run", Run), ("result", Result)):
        named = re.findall(rf"\b{word}\.(\w+)", block)
        assert named
        for one in named:
            assert one in {*dir(owner), *getattr(owner, "__annotations__", ())}, f"{word}.{one}"


@pytest.mark.parametrize("page", [page for page in PAGES if name(page) not in YAML_ELSEWHERE], ids=name)
def test_every_yaml_and_json_block_loads_as_what_it_looks_like(page: Path, tmp_path: Path) -> None:
    from mash_trawl.config.case import load_case
    from mash_trawl.config.hubfile import load_hub_file
    from mash_trawl.config.mapping import load_mapping

    text = page.read_text("utf-8")
    for block in fences(text, "json"):
        json.loads(block)
    for block in fences(text, "yaml"):
        keys = set(yaml.safe_load(block))
        (tmp_path / "hub").mkdir(exist_ok=True)
        file = tmp_path / "hub" / "part.yaml"
        file.write_text(block, "utf-8")
        if {"people", "referral"} <= keys:
            load_case(file)
        elif {"root_keys", "name"} <= keys:
            load_hub_file(file)
        elif {"find", "fetch"} <= keys or "asks" in keys:
            load_mapping(file)
        elif keys == {"matching"}:
            _matching_of_a_profile(block, file.parent)
        else:
            _part_of_a_hub(block, file)


def _matching_of_a_profile(block: str, place: Path) -> None:
    """A local profile of these lines, with the file of name frequencies that they name."""
    from mash_trawl.config.profiles import load_profile

    counts = (
        "version: 1\nsource: local\nas_of: 2026-10-01\npeople: 1000\nsmallest: 5\ngiven: {jack: 9}\nfamily: {khan: 9}\n"
    )
    (place / yaml.safe_load(block)["matching"].get("frequencies", "names.yaml")).write_text(counts, "utf-8")
    (place / "profiles").mkdir(exist_ok=True)
    (place / "profiles" / "early_help.yaml").write_text(f'extends: early_help\nversion: "1"\n{block}', "utf-8")
    assert load_profile("early_help", place).matching


def _part_of_a_hub(block: str, file: Path) -> None:
    from mash_trawl.config.hubfile import load_hub_file

    head = {
        "version": "version: 1", "name": "name: test", "profiles": "profiles: [base]",
        "root_keys": "root_keys: {paths: [../root]}", "reader_keys": "reader_keys: ../readers",
        "signing_key": "signing_key: ../sign",
    }  # fmt: skip
    data = yaml.safe_load(block)
    if isinstance(data, list):
        block = "sources:\n" + block
        data = {"sources": data}
    lines = [line for key, line in head.items() if key not in data]
    file.write_text("\n".join([*lines, block]), "utf-8")
    load_hub_file(file)


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_every_decision_has_its_number_context_decision_and_consequences(page: Path) -> None:
    text = page.read_text("utf-8")
    number, title = int(page.stem[:4]), page.stem[5:]
    assert re.match(rf"# {number:04}|# {number}\. \S", text), "the heading bears the file's number"
    assert re.fullmatch(r"[a-z0-9-]+", title)
    parts = ("Context", "Decision", "Consequences")
    places = [re.search(rf"^(\*\*|## )?{part}\b", text, re.MULTILINE) for part in parts]
    assert all(places)
    starts = [place.start() for place in places if place]
    assert starts == sorted(starts)
    assert len(text.splitlines()) <= 80


def test_no_two_decisions_share_a_number() -> None:
    numbers = [page.stem[:4] for page in DECISIONS]
    assert len(numbers) == len(set(numbers)) >= 20


def test_every_hook_has_its_words_in_the_code_and_its_place_on_the_connectors_page() -> None:
    hooks = [item for item in vars(hookspecs).values() if hasattr(item, f"{hookspecs.PROJECT}_spec")]
    assert hooks
    page = (ROOT / "docs/connectors.md").read_text("utf-8")
    for hook in hooks:
        assert len(hook.__doc__ or "") > 80, hook.__name__
        assert f"`{hook.__name__}`" in page, hook.__name__


def test_every_exit_code_is_told_on_the_operators_page() -> None:
    codes = {value for key, value in vars(command_line).items() if key.startswith("EXIT_")} | {0, 1}
    assert codes == {0, 1, 2, 3, 4, 5, 130}
    page = (ROOT / "docs/for-operators.md").read_text("utf-8")
    told = {int(code) for code in re.findall(r"^\| `?(\d+)`? \|", page, re.MULTILINE)}
    assert told == codes
