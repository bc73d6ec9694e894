"""One trace of a match, closed under a key of its own and bound to trawl and source."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from typing import Any

from mash_trawl.audit.canonical import canonical, parse_canonical
from mash_trawl.errors import Refused
from mash_trawl.vault.wrapping import unwrap, wrap

_TRACE = "mash-trawl/match-trace/v1"
_MOST = 50_000_000
"""Bytes of a trace when unpacked; more is not one of ours."""


def close_trace(key: bytes, plain: Mapping[str, Any], trawl: str, source: str) -> str:
    """The trace as text that says nothing."""
    packed = zlib.compress(canonical(dict(plain)), 6)
    return base64.b64encode(wrap(key, packed, _TRACE, {"trawl": trawl, "source": source})).decode("ascii")


def open_trace(key: bytes, closed: str, trawl: str, source: str) -> Mapping[str, Any]:
    """The trace again. Refused("custody_altered") or Refused("damaged") when it is not what was closed."""
    try:
        wrapped = base64.b64decode(closed, validate=True)
    except ValueError:
        raise Refused("damaged") from None
    engine = zlib.decompressobj()
    data = engine.decompress(unwrap(key, wrapped, _TRACE, {"trawl": trawl, "source": source}), _MOST)
    if not engine.eof:
        raise Refused("damaged")
    plain: Mapping[str, Any] = parse_canonical(data)
    return plain
