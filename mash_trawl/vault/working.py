"""The working copy: the answers of a trawl as they came, kept inside the sealed record for the next trawl of the case.

It holds what the product leaves out (an address that must stay hidden, for instance), so the record's secret alone
does not open it: its key is wrapped under the case key, in custody. To read it takes a reader's own key AND custody.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mash_trawl.errors import Refused
from mash_trawl.store import custody as rows
from mash_trawl.store import working as working_rows
from mash_trawl.vault.casekeys import open_case
from mash_trawl.vault.opening import Opened
from mash_trawl.vault.parts import Parts, settled_root
from mash_trawl.vault.wrapping import new_key, unwrap, wrap

if TYPE_CHECKING:
    from sqlalchemy import Connection

NAME = "working"
"""The attachment's name in the record."""
_COPY = "mash-trawl/working-copy/v1"
_KEY = "mash-trawl/working-key/v1"
_MOST = 200_000_000
"""Bytes of a working copy when unpacked; more is not one of ours."""


def close_copy(data: bytes, about: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """The working copy's new key, and the closed copy. `about` names case, record and version."""
    key = new_key()
    return key, wrap(key, zlib.compress(data, 6), _COPY, about)


def keep_key(connection: Connection, key: bytes, case_key: bytes, about: Mapping[str, Any]) -> None:
    """Put the key into custody, in the transaction that seals the version."""
    wrapped = wrap(case_key, key, _KEY, about)
    working_rows.put_working_key(connection, str(about["record"]), int(about["version"]), wrapped)


def open_copy(parts: Parts, opened: Opened) -> bytes | None:
    """The working copy of an opened record; None when it was sealed without one, or a newer version was sealed.

    Refused("custody_altered") when record and custody do not belong together.
    """
    closed = opened.attachments.get(NAME)
    about = about_copy(opened.manifest["case"], opened.manifest["record"], opened.manifest["version"])
    with parts.store.begin() as connection:
        wrapped = working_rows.working_key_of(connection, about["record"], about["version"])
        case = rows.case_key_of(connection, about["case"])
        if closed is None or wrapped is None or case is None:
            return None
        key = unwrap(open_case(connection, settled_root(parts, connection), case), wrapped, _KEY, about)
    return _unpack(unwrap(key, closed, _COPY, about))


def about_copy(case_id: str, record: str, version: int) -> dict[str, Any]:
    """What a working copy and its key are bound to."""
    return {"case": case_id, "record": record, "version": version}


def _unpack(packed: bytes) -> bytes:
    engine = zlib.decompressobj()
    data = engine.decompress(packed, _MOST)
    if not engine.eof:
        raise Refused("damaged")
    return data
