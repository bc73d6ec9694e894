"""The one form in which engine and worker speak: a length of four bytes, then a JSON object of at most that many bytes.

JSON on purpose: reading it can make nothing but text, numbers, lists and dicts, whoever wrote it.
"""

from __future__ import annotations

import json
from typing import Any

MOST = 4 * 1024 * 1024
"""Bytes in one frame; who announces more is not listened to any further."""
HEAD = 4
"""Bytes that hold the length, the highest first."""

Message = dict[str, Any]


class BadFrame(Exception):
    """What came is no frame, or not one that belongs here. Says nothing of its content."""


def pack(message: Message) -> bytes:
    """A message as it travels. Raises BadFrame when it is longer than a frame may be."""
    body = json.dumps(message, separators=(",", ":")).encode("ascii")
    if len(body) > MOST:
        raise BadFrame("too long")
    return len(body).to_bytes(HEAD, "big") + body


def length(head: bytes) -> int:
    """The bytes that follow a head. Raises BadFrame for more than a frame may hold."""
    said = int.from_bytes(head, "big")
    if said > MOST:
        raise BadFrame("too long")
    return said


def unpack(body: bytes) -> Message:
    """The message in a frame's body. Raises BadFrame for anything but one JSON object."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise BadFrame("not JSON") from None
    if type(message) is not dict:
        raise BadFrame("not an object")
    return message
