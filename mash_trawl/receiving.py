"""Taking in a file that an agency sent by mail or on a disk: looked through, sealed, and its clear copy deleted.

Nothing of it is used here. Its rows are read again, in memory, when a trawl has a grant for the source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Protocol

from mash_trawl.config.secrets import resolve
from mash_trawl.errors import Malformed, Misconfigured, Problem, Refused, Unavailable
from mash_trawl.model.actor import Actor
from mash_trawl.model.answer import Why
from mash_trawl.model.hub import HubFile, SourceSettings
from mash_trawl.model.moments import local
from mash_trawl.sources.mapping_steps import files_of
from mash_trawl.sources.registry import Registry
from mash_trawl.store.extracts import ExtractRow
from mash_trawl.transports.files_sent import Looked, Sent, deleted, look, read_sent
from mash_trawl.transports.files_settings import check_settings
from mash_trawl.vault.custody import Custody
from mash_trawl.vault.extracts import NewExtract, expiry
from mash_trawl.wiring import extracts_of

_DO = {
    "not_a_file": "Name an ordinary file that this account may read.",
    "file_too_large": "Ask for a smaller extract: 64 MB is the most.",
    "still_being_written": "Wait until it is there whole, then receive it again.",
    "zip_of_several_files": "Take them out and receive each by itself.",
    "wrong_password": "The password under `zip_password` in hub.yaml, or the one you typed, is not the zip's.",
    "broken_zip": "Ask for it again: it was cut off or altered on the way.",
    "a_file_outside_the_folder": "Do not open it by hand; ask the sender how it was made.",
    "unknown_kind_of_file": "Files are .csv, .json or .xlsx, alone or in a .zip.",
    "wrong_encoding": "Set `encoding` under `connect:` to the one it was written in (utf-8, cp1252, utf-16).",
    "not_a_header": "Its first line must name every column, each once; see `delimiter` under `connect:`.",
    "a_column_is_missing": "A column that the mapping reads is not in it: the sender changed the file.",
    "breaks_off": "Its total does not fit or its end is missing: ask for it again.",
}
FEWER = 0.5
"""A file with less than this part of the last one's rows is asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was taken in. `unreadable` rows are counted and never used; `instead` is true when an older one went.

    `left` is true when a clear copy is still there: not to be deleted, changed meanwhile, or under another name too.
    """

    source: str
    extract: str
    rows: int
    unreadable: int
    as_of: str
    until: str
    sha256: str
    instead: bool
    left: bool


class Keeping(Protocol):
    """An open hub, as far as extracts are taken in."""

    actor: Actor
    clock: Callable[[], datetime]
    custody: Custody
    folder: Path
    registry: Registry
    settings: HubFile

    def require(self, act: str) -> None: ...


def no_password() -> str:
    """Nobody is there to type one."""
    raise Misconfigured(
        Problem(where="zip", what="the zip is locked.", do="Set `zip_password` under `connect:`, or type it.")
    )


class Receiving:
    """What an open hub can do about files that are sent."""

    def receive(
        self: Keeping, source: str, file: str | Path, *, as_of: date | None = None, rows: int | None = None,
        kind: str | None = None, new_header: bool = False, password: Callable[[], str] = no_password,
    ) -> Taken:  # fmt: skip
        """Take in a file that was sent for a source, seal it under the hub's root key, and delete the clear copy.

        `as_of` is the day at which its data stood (absent: the file's own, where the mapping says so), `rows` the total
        that came with it, `kind` the file's name in the mapping where its own name does not tell it. A file whose
        columns are not those of the last one is refused, unless `new_header`; so is one with less than half of its
        rows, unless `rows` announces them.

        Raises Misconfigured for a source that is not sent files and for whatever is wrong with the file (then nothing
        is taken and nothing deleted), Refused when an extract of a later day is held, the ledger cannot be written, or
        the root key is away.
        """
        self.require("receive")
        settings, patterns = _source(self, source)
        check_settings(source, settings.connect)
        path = Path(file)
        try:
            sent = read_sent(path, _password(settings, self.folder, password))
            pattern = _pattern(sent, patterns, kind)
            looked = look(sent, settings.connect, patterns[pattern])
        except Malformed as wrong:
            raise _wrong(str(wrong.why)) from None
        except Unavailable as lacking:
            raise _locked(settings, lacking) from None
        _check_total(looked, rows)
        held = self.custody.extracts(extracts_of(self.folder))
        before = next((row for row in held.held(source) if row.pattern == pattern), None)
        stood = _stood(self, source, path, as_of)
        _check_before(before, looked, stood, new_header)
        _check_size(before, looked, rows)
        keep = settings.received.keep.seconds if settings.received else 0
        new = NewExtract(
            source=source, pattern=pattern, suffix=sent.suffix, as_of=stood, rows=looked.rows, header=looked.header,
            expires_at=expiry(self.clock(), keep),
        )  # fmt: skip
        held.sweep(self.actor.id)
        row = held.take(new, sent.content, self.actor.id, instead_of=before.id if before else None)
        return Taken(
            source=source, extract=row.id, rows=looked.rows, unreadable=looked.quarantined, as_of=stood,
            until=row.expires_at, sha256=row.sha256, instead=before is not None, left=not deleted(path, sent),
        )  # fmt: skip

    def received(self: Keeping, source: str | None = None) -> tuple[ExtractRow, ...]:
        """The extracts that are held and in their time."""
        return tuple(self.custody.extracts(extracts_of(self.folder)).held(source))

    def sweep_received(self: Keeping) -> int:
        """Destroy the extracts that are over their time; returns how many went."""
        return self.custody.extracts(extracts_of(self.folder)).sweep(self.actor.id)


def _source(hub: Keeping, name: str) -> tuple[SourceSettings, dict[str, tuple[str, ...]]]:
    """The source's settings, and the columns that its mapping reads of each file; Misconfigured when it is not sent."""
    if name not in hub.registry.names:
        do = f"Use one of: {', '.join(hub.registry.names)}."
        raise Misconfigured(Problem(where="SOURCE", what="this hub has no source of this name.", do=do))
    settings, connector = hub.settings.source(name), hub.registry.source(name).connector
    mapping = getattr(connector, "mapping", None)
    if settings.received is None or mapping is None:
        do = "Give it a mapping of kind `files`, and `received: {keep: 35d}`, in hub.yaml."
        raise Misconfigured(Problem(where=f"source {name}", what="it is not one that files are sent for.", do=do))
    return settings, files_of(mapping)


def _password(settings: SourceSettings, folder: Path, typed: Callable[[], str]) -> Callable[[], str]:
    reference = settings.connect.get("zip_password")
    return typed if reference is None else lambda: resolve(reference, folder).reveal()


def _pattern(sent: Sent, patterns: Mapping[str, tuple[str, ...]], kind: str | None) -> str:
    """Which of the mapping's files this is."""
    fits = [one for one in patterns if (one == kind if kind else fnmatchcase(sent.name, one))]
    if len(fits) == 1:
        return fits[0]
    do = f"Say `--kind` with one of: {', '.join(patterns)}."
    what = "its name does not tell which of the mapping's files it is."
    raise Misconfigured(Problem(where="FILE", what=what, do=do))


def _wrong(code: str) -> Misconfigured:
    what = f"it was not taken in, and is left where it is: {code.replace('_', ' ')}."
    return Misconfigured(Problem(where="FILE", what=what, do=_DO.get(code, "Ask the sender for it again.")))


def _locked(settings: SourceSettings, lacking: Unavailable) -> Misconfigured:
    what, do = "the zip is locked and its library is not installed.", "Install the extra `mash-trawl[zip]`."
    if lacking.why == Why.SECRET_MISSING:
        named = settings.connect.get("zip_password", "")
        what = f"the zip is locked, and `zip_password: {named}` of the source in hub.yaml leads to nothing."
        do = "Set what it names, or take the line out: then the password is asked for."
    return Misconfigured(Problem(where="FILE", what=what, do=do))


def _check_total(looked: Looked, rows: int | None) -> None:
    if rows is not None and rows != looked.rows + looked.quarantined:
        what = f"it holds {looked.rows + looked.quarantined} rows, and {rows} were announced."
        raise Misconfigured(Problem(where="FILE", what=what, do="Ask for it again: it is not the file that was sent."))


def _stood(hub: Keeping, source: str, path: Path, as_of: date | None) -> str:
    """The ISO day at which the data stood; Misconfigured when nothing says it, or it is still to come."""
    said = getattr(hub.registry.source(source).connector, "mapping").as_of  # noqa: B009 - mappings have it
    if as_of is None and said is not None and said.file == "modified":
        as_of = local(datetime.fromtimestamp(path.lstat().st_mtime).astimezone()).date()
    if as_of is None:
        raise Misconfigured(
            Problem(where="--as-of", what="it is not said when the data stood.", do="Say the day, as 2026-11-03.")
        )
    if as_of > local(hub.clock()).date():
        raise Misconfigured(Problem(where="--as-of", what="this day is still to come.", do="Say when the data stood."))
    return as_of.isoformat()


def _check_size(before: ExtractRow | None, looked: Looked, rows: int | None) -> None:
    """Far fewer rows than the last time, and nobody announced them: people who are left out would read as not known."""
    if before is not None and rows is None and looked.rows < before.rows * FEWER:
        what = f"it holds {looked.rows} rows, and the one before it held {before.rows}."
        do = f"Ask the sender whether it is whole. If it is, say so: --rows {looked.rows + looked.quarantined}."
        raise Misconfigured(Problem(where="FILE", what=what, do=do))


def _check_before(before: ExtractRow | None, looked: Looked, stood: str, new_header: bool) -> None:
    if before is None:
        return
    if stood < before.as_of:
        do = "Receive the newer one last, or leave this one out."
        raise Refused("older_extract", f"an extract that stood on {before.as_of} is held already", do)
    if before.header and looked.header != before.header and not new_header:
        what = "its columns are not those of the last one, so nothing of it was taken."
        do = "Look at the mapping, then say --new-header if the change is meant."
        raise Misconfigured(Problem(where="FILE", what=what, do=do))
