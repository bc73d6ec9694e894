"""The sealed product behind a disclosure sheet: opened once, with the reader's key, and only when a sheet is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mash_trawl.hub import Hub
    from mash_trawl.model.answer import Why
    from mash_trawl.model.case import Case
    from mash_trawl.model.product import Product
    from mash_trawl.model.profile import Profile
    from mash_trawl.model.telling import Telling
    from mash_trawl.product.asked import History
    from mash_trawl.vault.custody import Opened


class Sealed:
    """The newest product of the case that CASE or RECORD names, and the case's draft as it is now."""

    def __init__(self, hub: Hub, text: str, reader: str | None, key: Path | None) -> None:
        from mash_trawl.cli.find_case import case_id, is_file
        from mash_trawl.cli.find_record import find_record
        from mash_trawl.cli.left_behind import living_case

        draft = is_file(text) and case_id(Path(text)) is not None
        self.case: Case = living_case(hub, text if draft else find_record(hub, text).case)
        self._hub, self._text = hub, self.case.id if draft else text
        self._reader, self._key = reader, key
        self._opened: tuple[Opened, Product] | None = None
        self._history: History | None = None

    def sheet(
        self, profile: Profile, person: str, children: tuple[str, ...], own: frozenset[tuple[str, str]],
        noes: Callable[[datetime], Mapping[tuple[str, str], Why]], withdrawn: Mapping[str, date],
    ) -> Telling:  # fmt: skip
        """What is told to this person. The copy is listed in custody and ledger before it is made.

        `noes` gives what they themselves did not agree to when the product was decided; `withdrawn` which of their
        agreements they took back, and on which day.
        """
        from mash_trawl.product.sharing import sheet
        from mash_trawl.store import custody

        opened, product = self._product()
        record, version = opened.manifest["record"], opened.manifest["version"]
        copies = self._hub.custody.note_export(record, version, self._who, "family-sheet", self._hub.actor.id)
        with self._hub.store.read() as connection:
            opened_by = {row.reader_id for row in custody.releases(connection, record)}
        counts = {"readers": len(self._hub.custody.readers(record)), "opened_by": len(opened_by), "copies": copies}
        sealed_at = datetime.fromisoformat(opened.manifest["sealed_at"])
        said_no = noes(datetime.fromisoformat(product.at))
        return sheet(product, profile, person, children, own, said_no, sealed_at=sealed_at, counts=counts,
                     history=replace(self._asked(), withdrawn=withdrawn))  # fmt: skip

    def _asked(self) -> History:
        """What was ever asked in this case, in any version: the ledger is read once."""
        from mash_trawl.product.asked import KINDS, asked_ever

        if self._history is None:
            rows = (row for kind in KINDS for row in self._hub.ledger.rows(kind))
            self._history = asked_ever(rows, self.case.id, self.case.opened_at)
        return self._history

    @property
    def _who(self) -> str:
        return self._reader or self._hub.actor.id

    def _product(self) -> tuple[Opened, Product]:
        from mash_trawl.cli.open_command import unseal
        from mash_trawl.config.read import read_value
        from mash_trawl.model.product import Product

        if self._opened is None:
            opened = unseal(self._hub, self._text, self._reader, self._key, "disclosure sheet for the family")
            self._opened = opened, read_value(Product, opened.body, "product")
        return self._opened


def last_sealed(hub: Hub, case: str) -> date | None:
    """The local day on which the newest product of a case was sealed; None where there is none."""
    from mash_trawl.model.moments import local
    from mash_trawl.store import custody

    with hub.store.read() as connection:
        sealed = custody.records_of_case(connection, case)
    return local(datetime.fromisoformat(sealed[-1].sealed_at)).date() if sealed else None
