"""`dispute`: the family or an agency says that something in a product is wrong; or how that was settled."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.base import Private

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mash_trawl.disputing import Disputed
    from mash_trawl.hub import Hub
    from mash_trawl.model.product import Product
    from mash_trawl.model.statement import Dispute, Disputer
    from mash_trawl.product.claims import Claim


@dataclass(frozen=True, slots=True, repr=False)
class Given(Private):
    """What was said on the command line; what is missing is asked for at a terminal."""

    by: str | None
    words: str | None
    sure: bool


@click.command("dispute")
@click.argument("record", metavar="RECORD")
@click.argument("item", metavar="ITEM")
@click.option("--by", type=click.Choice(["family", "agency"]), help="Who disputes it.")
@click.option(
    "--words", type=click.File("rb"),
    help="A text file, or - for standard input: first who disputes it, a line; then what they say instead. "
    "With --settled only how it was settled.",
)  # fmt: skip
@click.option("--settled", is_flag=True, help="It was settled: say how. Claim, dispute and this stay in view.")
@click.option(
    "--key", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Your own key file, where it is not found.",
)  # fmt: skip
@click.option("--later", is_flag=True, help="Make no new version now; the next run shows it.")
@click.option("--sure", is_flag=True, help="Sign without asking again.")
@click.option("--json", "as_json", is_flag=True, help="Print what was signed: ids, no names.")
@click.pass_context
def command(
    ctx: click.Context, record: str, item: str, by: str | None, words: BinaryIO | None, settled: bool,
    key: Path | None, later: bool, sure: bool, as_json: bool,
) -> None:  # fmt: skip
    """Note that ITEM in RECORD is disputed: both accounts are shown from then on, and nothing is deleted.

    RECORD is a file, a case id (its newest product), or a record's id. ITEM is the id beside the claim, or its
    beginning. Names and words are asked for, or read from a file, so that they stand in no list of processes.
    """
    from mash_trawl.cli.main import say
    from mash_trawl.cli.open_command import unseal
    from mash_trawl.cli.place import command_for, open_hub
    from mash_trawl.cli.signing import sign_all, told
    from mash_trawl.config.read import read_value
    from mash_trawl.disputing import case_in
    from mash_trawl.model.product import Product
    from mash_trawl.system import shell_word

    hub = open_hub(ctx)
    hub.require("dispute")
    opened = unseal(hub, record, None, key, "opened to dispute something in it")
    product = read_value(Product, opened.body, "product")
    given = Given(by, _text(words.read()) if words else None, sure)
    said, lines = (_settlement if settled else _dispute)(hub, product, item, given)
    case = case_in(product)
    made = sign_all(hub, [(said, lines)], case, key=key, sure=sure)
    told(case, made, as_json)
    if not (later or _sealed(hub, case.id, key)):
        begins = "" if later else "No version was made now, for somebody has to be asked first: "
        say(f"{begins}`{command_for(ctx)} run {shell_word(case.id)}` seals it into a new version, beside the claim.")


def _text(content: bytes) -> str:
    """What a file or a pipe holds; Misconfigured where it is not UTF-8 (a byte order mark does not count)."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        what = "this cannot be read as text in UTF-8."
        raise Misconfigured(Problem(where="--words", what=what, do="Save it as plain text, UTF-8.")) from None


def _sealed(hub: Hub, case_id: str, key: Path | None) -> bool:
    """Make the next version of what is kept, so that readers see it; False where a run has to ask somebody first.

    The draft must be there, as for a run.
    """
    from functools import cache

    from mash_trawl.cli.find_case import find_case
    from mash_trawl.cli.main import say
    from mash_trawl.cli.passphrase import ask_passphrase
    from mash_trawl.cli.place import key_of
    from mash_trawl.vault.readers import key_is_protected

    key = key or key_of(hub, hub.actor.id)
    protected = key_is_protected(key or hub.reader_folder, hub.actor.id)
    try:
        file = find_case(hub.folder, case_id)
    except Misconfigured:
        return False
    result = hub.seal_disputes(file, key=key, unlock=cache(ask_passphrase) if protected else lambda: None)
    if result is not None:
        say(f"Sealed version {result.sealed.version}, beside the claim. Nobody was asked anything.")
    return result is not None


def _dispute(hub: Hub, product: Product, item: str, given: Given) -> tuple[Dispute, Iterable[str]]:
    from mash_trawl.cli.main import say
    from mash_trawl.disputing import said_of
    from mash_trawl.product.claims import find_claim

    claim = find_claim(product, item)
    say(_claim_words(claim))
    by = given.by or _ask("--by", "Who disputes it", click.Choice(["family", "agency"]))
    who, says = _who_and_what(given)
    said = said_of(claim, cast("Disputer", by), who, says)
    return said, [_claim_words(claim), f"is disputed by the {by} ({said.who}):", said.says]


def _settlement(hub: Hub, product: Product, item: str, given: Given) -> tuple[Dispute, Iterable[str]]:
    from mash_trawl.disputing import as_shown, settlement, standing

    one = _chosen(standing(hub, product.case.id), product, item, given)
    how = given.words if given.words is not None else _ask("--words", "How was it settled")
    said = settlement(one, how)
    who, says = as_shown(product, one)
    return said, [f"The dispute about item {one.item} by the {one.by} ({who}):", says, f"Settled: {said.says}"]


def _chosen(open_: Iterable[Disputed], product: Product, item: str, given: Given) -> Disputed:
    """The dispute that is meant; where several people dispute it, by its number at the terminal."""
    from mash_trawl.cli.signing import choose
    from mash_trawl.disputing import as_shown, matching, one_of

    found = matching(tuple(open_), item, cast("Disputer | None", given.by))
    if len(found) < 2:
        return one_of(found, item)
    lines = (": ".join((one.by, *as_shown(product, one))) for one in found)
    return choose(found, [one.item for one in found], lines, given.sure, "Say --by, or choose at a terminal.")


def _who_and_what(given: Given) -> tuple[str, str]:
    if given.words is None:
        who = _ask("--words", "Their name and who they are (Maria Kowalska, mother)")
        return who, _ask("--words", "What do they say instead")
    who, _, says = given.words.strip().partition("\n")
    if not says.strip():
        what = "it needs two parts: a line with who disputes it, then what they say instead."
        raise Misconfigured(Problem(where="--words", what=what))
    return who, says


def _ask(option: str, what: str, kind: click.Choice[str] | None = None) -> str:
    """Asked at the terminal; Misconfigured where nobody is there."""
    from mash_trawl.cli.signing import at_terminal

    if not at_terminal():
        raise Misconfigured(Problem(where=option, what="nobody is there to be asked.", do=f"Give {option}."))
    return str(click.prompt(what, type=kind, err=True))


def _claim_words(claim: Claim) -> str:
    """The claim with who holds it, as it stands in the product."""
    from mash_trawl.render.safe import visible

    return visible(f"Item {claim.item}, {claim.agency_name}: {claim.words}")
