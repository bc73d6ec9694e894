"""Which versions of a case show a record, and for whom they take it: looked through with the actor's own key.

Custody cannot read a version, and the ledger names no record's key in the open; so the versions themselves are asked.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from mash_trawl.errors import Refused
from mash_trawl.model.match import match_id
from mash_trawl.said import OpenHouse
from mash_trawl.vault.closing import TO_TAKE_BACK
from mash_trawl.vault.custody import KnownRecord, Opened
from mash_trawl.vault.opening import Unlock

_REASON = "looked through for a record that is taken back"
_NEVER_PAST = (
    "ledger_not_writable", "custody_altered", "clock_behind", "root_missing", "root_differs", "locked", "key_missing",
    "key_damaged", "wrong_key",
)  # fmt: skip
"""Why a version cannot be opened, in ways that have to be put right first; any other is closed without a look."""


class Taken(NamedTuple):
    """A record that was taken for a person: the case's id of them, the source, the source's own key."""

    person: str
    source: str
    ref: str


class Look:
    """Looks through the versions of a record with the actor's own key; asks for its passphrase once.

    `wanted` is the id by which people name the record. Refused when the newest version cannot be opened: nobody could
    say what it shows or how its records are named, and no version could be made after it.
    """

    def __init__(self, house: OpenHouse, newest: KnownRecord, wanted: str, unlock: Unlock, key: Path | None) -> None:
        self._house, self._unlock, self._key = house, unlock, key
        self.newest, self.wanted = newest, wanted
        self.unseen: set[int] = set()
        self.unseen_since: set[int] = set()
        self.shown: set[Taken] = set()
        self._opened = self._open(newest)
        self._kept = self._kept_in(self._opened)

    def names(self, source: str, ref: str) -> str:
        """The id by which people name this record of a source."""
        return match_id(source, ref, str(self._kept.get("secret", "")))

    def is_wanted(self, source: str, ref: str) -> bool:
        """Whether this record is the one that is looked for."""
        return self.names(source, ref) == self.wanted

    def through(self, since: Collection[int]) -> dict[int, set[Taken]]:
        """Version to whom it takes this record for; only those that do. What cannot be opened is `unseen`.

        Versions made `since` it was said whose the record is not are without it as theirs; but it can have been taken
        for another person of the case. What of those cannot be opened is apart (`unseen_since`).
        """
        found: dict[int, set[Taken]] = {}
        for known in self._house.custody.sealed_versions(self.newest.record):
            if known.state not in ("live", "superseded"):
                continue
            try:
                opened = self._opened if known.version == self.newest.version else self._open(known)
            except Refused as refusal:
                if known.state == "live" or refusal.why in _NEVER_PAST:
                    raise
                (self.unseen_since if known.version in since else self.unseen).add(known.version)
                continue
            taken = set(self._in(opened))
            self.shown |= set(_shown(opened))
            wrong = {one for one in taken if self.is_wanted(one.source, one.ref)}
            if wrong:
                found[known.version] = wrong
        return found

    def could_retell(self, taken: Collection[Taken], said: Collection[str]) -> bool:
        """Whether the newest version still holds the key of how one of these came to be taken, before it was `said`."""
        return any(
            Taken(one["person"], one["source"], ref) in taken and denied not in said
            for one in self._kept.get("traces", ())
            for ref, denied in one.get("held", {}).items()
        )

    def _open(self, known: KnownRecord) -> Opened:
        if known.path is None:
            raise Refused("missing", "its file is not where it was sealed to")
        actor = self._house.actor.id
        return self._house.custody.open(
            known.path, actor, self._unlock, _REASON, actor, key=self._key, superseded=True,
            purpose=TO_TAKE_BACK,
        )  # fmt: skip

    def _in(self, opened: Opened) -> Iterator[Taken]:
        """Every record that was taken for somebody, by what the version shows and what its trawl kept."""
        yield from _shown(opened)
        for item in self._kept_in(opened).get("kept", ()):
            answer: dict[str, Any] = item["answer"]
            for match in answer.get("matches", ()):
                yield Taken(answer["person"], answer["source"], match["candidate"]["ref"])

    def _kept_in(self, opened: Opened) -> Mapping[str, Any]:
        """What its trawl kept; nothing where a version follows."""
        kept = self._house.custody.working_copy(opened)
        plain: Mapping[str, Any] = json.loads(kept) if kept else {}
        return plain


def _shown(opened: Opened) -> Iterator[Taken]:
    """What the version itself tells: of a service whose very existence in a life is hidden it tells nothing."""
    for match in opened.body.get("matches", ()):
        yield Taken(match["person"], match["source"], match["ref"])
