"""Read an answer's body and make sure that it is whole: framed, unpacked to its end, and complete, strict JSON."""

from __future__ import annotations

import json
import math
import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from urllib3 import BaseHTTPResponse

from mash_trawl.errors import Malformed

MAX_BODY = 8_000_000
"""Bytes after unpacking. A page of 500 records is below 2 MB; a bomb stops here."""
MAX_DEPTH = 60
MAX_NODES = 200_000
MAX_VALUES = 400_000
"""Commas, which is as many values at most: in memory a value takes up to fifty times its bytes."""
_CHUNK = 65536
_BROKEN_TEXT = re.compile(rb"\\u[dD][89a-fA-F]")


def framed(headers: Mapping[str, str]) -> bool:
    """True if the answer says where it ends; without that, a cut line looks like an end."""
    chunked = headers.get("Transfer-Encoding", "").lower().rpartition(",")[2].strip() == "chunked"
    return chunked or "Content-Length" in headers


def read_body(raw: BaseHTTPResponse, cap: int = MAX_BODY) -> bytes:
    """The body, unpacked as it is read and never beyond `cap` bytes. Malformed if it is too long or cut short."""
    packing = raw.headers.get("Content-Encoding", "").strip().lower()
    if packing not in ("", "identity", "gzip", "x-gzip"):
        raise Malformed("unknown_encoding")
    chunks = raw.stream(_CHUNK, decode_content=False)
    parts: list[bytes] = []
    size = 0
    for part in _unpacked(chunks, cap) if "gzip" in packing else chunks:
        size += len(part)
        if size > cap:
            raise Malformed("too_long")
        parts.append(part)
    return b"".join(parts)


def _unpacked(chunks: Iterator[bytes], cap: int) -> Iterator[bytes]:
    unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    broken = False
    for data in chunks:
        while data and not broken:
            try:
                part = unpack.decompress(data, min(_CHUNK, cap + 1))
            except zlib.error:
                broken = True
            else:
                data = unpack.unconsumed_tail
                yield part
    if broken or not unpack.eof or unpack.unused_data:
        raise Malformed("cut_short")


def check_kind(headers: Mapping[str, str]) -> None:
    """Malformed unless the answer calls itself JSON: a login page or a proxy's notice does not."""
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise Malformed("not_json")


def parse(body: bytes) -> Any:
    """Strict JSON (RFC 8259): UTF-8, no key twice, no NaN, no lone surrogate, neither too deep nor too many parts."""
    if not body.strip():
        raise Malformed("empty_body")
    if body.count(b"{") + body.count(b"[") > MAX_NODES or body.count(b",") > MAX_VALUES:
        raise Malformed("too_many_parts")
    why = "not_json"
    value: Any = None
    try:
        value = json.loads(
            body.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_never, parse_float=_float
        )
        why = ""
        if _BROKEN_TEXT.search(body):
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        why = "too_deep"
    except _Broken as error:
        why = str(error)
    except ValueError:
        why = why or "broken_text"
    if not why and not _shallow(value):
        why = "too_deep"
    if why:
        raise Malformed(why)
    return value


class _Broken(ValueError):
    """A rule of ours is broken; the text is its code."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _Broken("duplicate_key")
    return value


def _never(_: str) -> NoReturn:
    raise _Broken("not_a_number")


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _Broken("not_a_number")
    return value


def _shallow(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not level:
            return True
    return False
