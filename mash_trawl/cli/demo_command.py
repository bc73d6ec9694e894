"""`demo`: a synthetic county with real servers on loopback, one family trawled, the product sealed and shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.cli.main import say

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.trawl import Result

PROFILES = ("early_help", "children_in_need", "front_door")


@click.command("demo")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("mash-trawl-demo"), show_default=True
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same county.")
@click.option("--families", type=click.IntRange(1, 5000), default=60, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(out: Path, seed: int, families: int, as_json: bool) -> int:
    """Build a synthetic county under --out, trawl one family, seal the product, print what to do next."""
    county = _county()
    built = county.draw(seed, families)
    _make_room(out)
    county.write_county(out / "county", built)
    county.write_more(out / "county", built)
    hub_folder = _new_hub(out, county)
    county.write_cases(hub_folder / "cases", built)
    say(f"Drew {len(built.families)} synthetic families: nobody in this county exists.")
    from mash_trawl.cli.place import steps_for
    from mash_trawl.cli.run_command import tell
    from mash_trawl.config.case import load_case
    from mash_trawl.hub import Hub

    case_file = hub_folder / "cases" / "children-in-need.yaml"
    with county.served(out / "county"), Hub.at(hub_folder) as hub:
        say(f"Asking {', '.join(county.names)}, all on this machine ...")
        if "youth_offending" not in county.names:
            say("Left out: youth_offending, which needs an ODBC driver for SQLite (libsqliteodbc).")
        say(f"Not asked by this: {county.person}, a person. What is to be asked of them stands in the product as owed.")
        result = hub.run(case_file)
        page = _write_page(hub, result, out / "out")
        if not as_json:
            case = load_case(case_file)
            tell(result, hub.profile_of(case), steps_for(hub_folder, case.id, hub.actor.id))
    wrong = differences(result, out / "county")
    if as_json:
        click.echo(json.dumps(_plain(out, page, result, wrong), indent=2, ensure_ascii=False))
        return 1 if wrong else 0
    _tell(out, case_file, page, result, wrong)
    return 1 if wrong else 0


def _county() -> Any:
    """The county's package, which the extra `demo` brings."""
    from types import SimpleNamespace

    from mash_trawl.errors import Misconfigured, Problem

    try:
        from mash_trawl_county.agreement import AGREEMENT
        from mash_trawl_county.build import draw, write_cases, write_county
        from mash_trawl_county.demo_hub import NAMES, PERSON, SOURCES, approvals, write_mapping, write_more
        from mash_trawl_county.serving import served
    except ModuleNotFoundError:
        raise Misconfigured(
            Problem(
                where="demo",
                what="the county is not installed.",
                do="Install examples/county and the connectors of this project.",
            )
        ) from None
    return SimpleNamespace(
        draw=draw, write_cases=write_cases, write_county=write_county, served=served, approve=approvals(),
        sources=SOURCES, names=NAMES, person=PERSON, agreement=AGREEMENT, write_more=write_more,
        write_mapping=write_mapping,
    )  # fmt: skip


def _make_room(out: Path) -> None:
    """Remove an earlier demo under --out, and nothing that the demo did not make."""
    import shutil

    from mash_trawl.errors import Misconfigured, Problem

    mark = out / ".mash-trawl-demo"
    if out.exists() and any(out.iterdir()) and not mark.exists():
        raise Misconfigured(
            Problem(where=str(out), what="the folder is not empty and no demo made it.", do="Say `--out DIR`.")
        )
    for part in ("county", "hub", "keys", "out"):
        shutil.rmtree(out / part, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    out.chmod(0o700)
    mark.touch()
    (out / "out").mkdir(mode=0o700)


def _new_hub(out: Path, county: Any) -> Path:
    """A hub whose reader key has no passphrase, so that the demo needs nobody to type."""
    from mash_trawl.cli.new_hub import NewHub, create_hub, person_id
    from mash_trawl.cli.place import remember_hub
    from mash_trawl.system import account_name

    account = account_name()
    folder = out / "hub"
    create_hub(
        NewHub(
            family='family: {team: the demo desk (synthetic), telephone: "01632 960000", complaints: nobody; a demo}',
            folder=folder,
            keys=out / "keys",
            profiles=PROFILES,
            person=person_id(account),
            account=account,
            passphrase=None,
            approve=county.approve,
            sources=county.sources,
            agreement=county.agreement,
        )
    )
    county.write_mapping(folder)
    remember_hub(folder)
    return folder


def _write_page(hub: Hub, result: Result, folder: Path) -> Path:
    """Open the sealed product again, as a reader would, and export it as a page."""
    from mash_trawl.cli.export_command import export

    page = folder / "product.html"
    export(hub, hub.unseal(result.path, reason="demo"), "html", page, hub.actor.id)
    return page


def differences(result: Result, county: Path) -> list[str]:
    """Where the outcome is not what the ground truth foretells: statuses, matched records, strangers."""
    truth = json.loads((county / "truth.json").read_text("utf-8"))
    case = truth["cases"][result.decisions.case]
    wrong = []
    for answer in result.answers:
        pair = f"{answer.source} {answer.person}"
        expected = case["expected"][answer.source][answer.person]
        if answer.status.value != expected:
            wrong.append(f"{pair}: {answer.status.value} ({answer.why.value}), the truth foretells {expected}")
        held = truth["people"][case["people"][answer.person]]
        right = held[answer.source] if answer.source in held else case["held"].get(answer.source, {}).get(answer.person)
        wrong.extend(f"{pair}: a stranger's record was taken" for match in answer.matches if match.ref != right)
        allowed = {
            item.category
            for item in result.decisions.about(answer.source, answer.person)
            if item.outcome.value == "PERMIT"
        }
        wrong.extend(
            f"{pair}: {item.category} was not permitted" for item in answer.findings if item.category not in allowed
        )
    return wrong


def _plain(out: Path, page: Path, result: Result, wrong: list[str]) -> dict[str, object]:
    """The published JSON shape: where everything lies, and what is not as the ground truth foretells."""
    places = {"hub": str(out / "hub"), "product": str(result.path), "page": str(page)}
    return {"case": result.decisions.case, **places, "not_as_foretold": wrong}


def _tell(out: Path, case_file: Path, page: Path, result: Result, wrong: list[str]) -> None:
    for line in wrong:
        say(f"NOT AS THE GROUND TRUTH FORETELLS: {line}")
    if not wrong:
        say("Everything is as the county's ground truth foretells: the right people, nothing that was not permitted.")
    say("")
    say("Next:")
    for purpose, line in _next(out, case_file, page, result.decisions.case):
        say(f"  {purpose:30} {line}")


def _next(out: Path, case_file: Path, page: Path, case: str) -> Iterator[tuple[str, str]]:
    """What to do with it, each with its line. A test follows those about the person who is asked on paper."""
    from mash_trawl_county.practice import NAME, RETURN

    hub = out / "hub"
    python, program = _how_to_call()
    command, paper = f"{program} --hub {hub}", out / "out"
    yield "look at the page", str(page)
    yield "why each question was allowed", f"{command} plan {case_file}"
    yield "where the case stands", f"{command} status {case}"
    yield "read the sealed product", f"{command} view {case}"
    yield "ask the GP practice on paper", f"{command} request {case} {NAME} --to {paper}"
    yield "have the practice answer it", f"{python} -m mash_trawl_county answer {paper}"
    yield "take its return in", f"{command} return {case} {NAME} {paper / RETURN} --delete"
    yield "see what came in the product", f"{command} view {case}"
    yield "verify the ledger", f"{command} audit verify"
    yield "serve the county again", f"{python} -m mash_trawl_county serve {out / 'county'}"
    yield "then trawl another family", f"{command} run {hub / 'cases' / 'early-help.yaml'}"
    yield "destroy every sealed copy", f"{command} destroy {case} --reason 'keyworker appointed'"


def _how_to_call() -> tuple[str, str]:
    """How this Python and this program are called from here: by name where the shell finds it, else by path."""
    import os
    import shutil
    import sys

    path = Path(sys.executable)
    if path.is_relative_to(Path.cwd()):
        path = Path(os.path.relpath(path))
    return str(path), "mash-trawl" if shutil.which("mash-trawl") else f"{path} -m mash_trawl"
