"""The inner archive: a ustar with one possible byte form, so that what is read is what was packed and nothing else.

Reading walks the blocks without trusting them, then packs the members again and compares: any trick of the tar
format (links, sparse files, long names, other owners, padding that is not zero, a second member of one name) makes
the bytes differ and is refused.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Mapping

from mash_trawl.errors import Refused

BLOCK = 512
_END = b"\0" * (2 * BLOCK)
_NAME = re.compile(r"record\.json|MANIFEST\.note|attachments/[a-z0-9][a-z0-9._-]{0,63}")


def good_name(name: str) -> bool:
    """Whether a member may have this name: the two fixed ones, or `attachments/` and a plain lower-case name."""
    return _NAME.fullmatch(name) is not None


def pack(members: Mapping[str, bytes]) -> bytes:
    """The members in the order given, as ustar with fixed time, owner and mode. ValueError for a name not allowed."""
    parts: list[bytes] = []
    for name, data in members.items():
        if not good_name(name):
            raise ValueError("not a member name")
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = len(data), 0o600, 0
        parts += (info.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict"), data, b"\0" * (-len(data) % BLOCK))
    return b"".join((*parts, _END))


def unpack(data: bytes) -> dict[str, bytes]:
    """The members, in order. Refused("damaged") unless packing them again gives the same bytes."""
    members: dict[str, bytes] = {}
    at = 0
    while at + BLOCK <= len(data) and any(data[at : at + BLOCK]):
        try:
            info = tarfile.TarInfo.frombuf(data[at : at + BLOCK], "ascii", "strict")
        except (tarfile.HeaderError, ValueError):
            raise Refused("damaged") from None
        start, at = at + BLOCK, at + BLOCK + info.size + (-info.size % BLOCK)
        if not 0 <= info.size <= len(data) - start or not good_name(info.name) or info.name in members:
            raise Refused("damaged")
        members[info.name] = data[start : start + info.size]
    if pack(members) != data:
        raise Refused("damaged")
    return members
