"""One value, one sequence of bytes: a profile of RFC 8785 (JSON Canonicalization Scheme).

Allowed: text, booleans, null, integers within 2^53-1, lists, and objects with ASCII keys. Floats are refused, so that
the standard library's encoder gives exactly the bytes of RFC 8785. Text keeps its code points; nothing is normalised.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mash_trawl.errors import Refused

LARGEST = 2**53 - 1
DEEPEST = 64
_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def canonical(value: Any) -> bytes:
    """The bytes of a value, UTF-8. Raises Refused `not_canonical` for anything that the profile does not allow."""
    plain = _plain(value, 0)
    try:
        return _JSON.encode(plain).encode()
    except UnicodeEncodeError:
        raise _refused("text holds half of a surrogate pair") from None


def parse_canonical(data: bytes) -> Any:
    """The value of canonical bytes; refuses anything that `canonical` would have written otherwise."""
    try:
        value = json.loads(data.decode())
    except (ValueError, RecursionError):
        raise _refused("these bytes are not JSON") from None
    if canonical(value) != data:
        raise _refused("these bytes are JSON, but not written canonically")
    return value


def _plain(value: Any, depth: int) -> Any:
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        if not -LARGEST <= value <= LARGEST:
            raise _refused("an integer is beyond 2^53-1")
        return int(value)
    if depth == DEEPEST:
        raise _refused("it is nested too deeply")
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value]
    if kind is dict or isinstance(value, Mapping):
        return {_key(key): _plain(item, depth + 1) for key, item in value.items()}
    raise _refused(f"{type(value).__name__} is not allowed")


def _key(key: object) -> str:
    if type(key) is str and key.isascii():
        return key
    if not isinstance(key, str) or not key.isascii():
        raise _refused("a key is not ASCII text")
    return str(key)


def _refused(what: str) -> Refused:
    return Refused("not_canonical", f"Not a canonical document: {what}.")
