"""What every signing command does: show in words what is signed, ask, take the actor's own key, sign, tell."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mash_trawl.cli.main import say as tell
from mash_trawl.errors import Misconfigured, Problem, Refused

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.model.case import Case
    from mash_trawl.model.statement import Said, Statement
    from mash_trawl.vault.readers import ReaderKey

T = TypeVar("T")
_NEWLINE = "\n"
Signing = tuple["Said", Iterable[str]]
"""What is to be signed, and the lines that say it in words."""


def sign_all(
    hub: Hub, wanted: Sequence[Signing], case: Case | None, *, key: Path | None, sure: bool,
    contents: Sequence[bytes] = (), unlock: Callable[[], ReaderKey] | None = None,
) -> list[Statement]:  # fmt: skip
    """Show each, ask once whether to sign, ask for the passphrase once, sign each. Raises Abort for a no.

    What somebody else wrote is among it: nothing of it may hide on a terminal what is signed.

    `contents` are the files of approvals; `unlock` gives the actor's key where the passphrase was asked already.
    """
    from mash_trawl.render.safe import visible
    from mash_trawl.saying import say

    for said, words in wanted:
        tell(f"You sign ({_title(said)}):")
        for line in words:
            tell(f"  {visible(line, keep=_NEWLINE)}")
    if not sure:
        confirm(hub.actor.id, len(wanted))
    unlock = unlock or own_key(hub, key)
    both = zip_longest(wanted, contents)
    return [say(hub, said, unlock, case=case, content=content) for (said, _), content in both]


def _title(said: Said) -> str:
    from mash_trawl.saying import kind_of

    return kind_of(said).replace("_", " ")


def confirm(actor: str, how_many: int) -> None:
    """Ask whether to sign. Raises Abort for a no, Misconfigured where nobody is there to ask."""
    if not at_terminal():
        do = f"Run this in a terminal, or say that you are sure (`{_sure()}`)."
        raise Misconfigured(Problem(where="signing", what="nobody is there to confirm it.", do=do))
    what = "this" if how_many == 1 else f"these {how_many}"
    click.confirm(f"Sign {what} as {actor}?", abort=True, err=True)


def _sure() -> str:
    """The option of the command that is running that says so."""
    context = click.get_current_context(silent=True)
    options = [name for one in context.command.params for name in one.opts] if context else []
    return "--sure" if "--sure" in options else "--yes"


def at_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty()


def own_key(hub: Hub, given: Path | None) -> Callable[[], ReaderKey]:
    """Gives the actor's private key, asking for its passphrase once, only when it has one."""
    kept: list[ReaderKey] = []

    def unlock() -> ReaderKey:
        from mash_trawl.cli.passphrase import ask_passphrase
        from mash_trawl.cli.place import key_of
        from mash_trawl.vault.readers import key_is_protected, key_path, read_key

        if not kept:
            path = given or key_of(hub, hub.actor.id) or key_path(hub.reader_folder, hub.actor.id)
            kept.append(read_key(path, ask_passphrase() if key_is_protected(path) else None))
        return kept[0]

    return unlock


def told(
    case: Case | None, made: Sequence[Statement], as_json: bool, after: str = "", *,
    names: Mapping[str, str] = MappingProxyType({}),
) -> None:  # fmt: skip
    """What was signed: one JSON object, or a line each and what to do next.

    `names` says by statement what it is about, where the statement alone cannot: an id is made with a case's secret.
    """
    if as_json:
        rows = [as_plain(statement) | _named(statement, names) for statement in made]
        shown = {"case": None if case is None else case.id, "statements": rows}
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    for statement in made:
        about = names.get(statement.id) or _about(statement)
        click.echo(f"Signed: {statement.kind} {about}, statement {statement.id}.".replace(" ,", ","))
    if after:
        tell(after)


def _named(statement: Statement, names: Mapping[str, str]) -> dict[str, str]:
    return {"about": names[statement.id]} if statement.id in names else {}


def as_plain(statement: Statement) -> dict[str, Any]:
    """One statement without anybody's words: its id, kind, maker, time, and what in the case or hub it is about."""
    from mash_trawl.model.base import to_plain

    return {"id": statement.id, "kind": statement.kind, "by": statement.by, "at": to_plain(statement.at),
            "about": _about(statement)}  # fmt: skip


def _about(statement: Statement) -> str:
    """The id of the record, power, emergency, file, disputed item or source; for a reply person and category,
    for an identity person and source.
    """
    said: Any = statement.said
    if statement.kind == "reply":
        return f"{said.person} {said.category}"
    if statement.kind == "identity":
        return f"{said.person} {said.source}"
    names = ("id", "consent", "emergency", "file", "item", "source")
    return next((str(getattr(said, name)) for name in names if hasattr(said, name)), "")


def instant_of(text: str, now: datetime, option: str) -> datetime:
    """An instant as somebody types it: `2026-11-03T10:05` (UK time), with a zone, or a day; of two the earlier."""
    from mash_trawl.model.moments import earliest_reading

    if text == "now":
        return now
    try:
        return earliest_reading(datetime.fromisoformat(text))
    except ValueError:
        do = "For example 2026-11-03T10:05, which is UK time."
        raise Misconfigured(Problem(where=option, what="this is no day and time.", do=do)) from None


def may_decide(hub: Hub, wanted: Collection[str]) -> None:
    """Refused("role_missing") unless the actor may sign decisions; it names only who may decide this."""
    from mash_trawl.audit.acting import require

    require(hub.ledger, hub.actor, "decide", hub.settings, wanted)


def must_hold(hub: Hub, wanted: Sequence[str], what: str) -> None:
    """Refused("not_a_decider") unless the actor has one of these roles, by its own name or what it stands for."""
    from mash_trawl.model.roles import able, holds

    if not holds(hub.actor.roles, wanted, hub.settings.roles):
        people = ", ".join(person.id for person in able("decide", wanted, hub.settings))
        do = f"Ask {people}." if people else "Nobody enrolled here has that role: see `people:` in hub.yaml."
        raise Refused("not_a_decider", f"{what} is decided by: {', '.join(wanted)}; your roles are others", do)


def choose(waiting: Sequence[T], ids: Sequence[str], labels: Iterable[str], sure: bool, prepare: str) -> T:
    """The only one that waits, or the one that is chosen by its number on the terminal.

    `labels` may hold names. Misconfigured when none waits (`prepare` says how a draft gets one), or nobody is there.
    """
    if not waiting:
        raise Misconfigured(Problem(where="the draft", what="nothing in it waits for a signature.", do=prepare))
    if len(waiting) == 1:
        return waiting[0]
    if sure or not at_terminal():
        what = f"{len(waiting)} wait for a signature."
        raise Misconfigured(Problem(where="ID", what=what, do=f"Name one of: {', '.join(dict.fromkeys(ids))}."))
    from mash_trawl.render.safe import visible

    for number, line in enumerate(labels, 1):
        tell(f"  {number}. {visible(line)}")
    number = click.prompt("Which one?", type=click.IntRange(1, len(waiting)), err=True)
    return waiting[int(number) - 1]
