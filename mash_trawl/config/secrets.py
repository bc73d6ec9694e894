"""Secrets by reference: the hub file names where a password is, never the password."""

from __future__ import annotations

import os
import re
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from mash_trawl.errors import Unavailable
from mash_trawl.model.answer import Why

MAX_BYTES = 64 * 1024
_REFERENCE = re.compile(r"(env|file|keyring):(.+)", re.DOTALL)


class Secret:
    """A text that is shown only on purpose. It has no repr, cannot be pickled or copied, and equals only itself."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself: call this where it is used, and keep no other name for it."""
        return self._text

    def __repr__(self) -> str:
        return "<Secret>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret cannot be pickled or copied")


def is_reference(text: str) -> bool:
    """True for `env:NAME`, `file:PATH` and `keyring:SERVICE/NAME`."""
    return _REFERENCE.fullmatch(text) is not None


def resolve(text: str, base: Path) -> Secret:
    """The secret that a reference names; a plain text is itself.

    `file:` starts at `base`; one line end at its end is dropped. Raises Unavailable(`secret_missing`) when the
    variable, file or keyring entry is not there, is empty or cannot be read; the error says neither where nor what.
    """
    found = _REFERENCE.fullmatch(text)
    if not found:
        return Secret(text)
    kind, name = found[1], found[2]
    if kind == "env":
        value = os.environ.get(name) if "\0" not in name else None
    else:
        value = _from_file(base / name) if kind == "file" else _from_keyring(name)
    if not value:
        raise Unavailable(Why.SECRET_MISSING)
    return Secret(value)


def _from_file(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        text = data.decode("utf-8-sig")
    except (OSError, ValueError):
        return None
    return re.sub(r"\r?\n\Z", "", text) if len(data) <= MAX_BYTES else None


def _from_keyring(name: str) -> str | None:
    """From the operating system's store, through the optional package `keyring`; its back ends raise what they like."""
    service, slash, entry = name.partition("/")
    if not (service and slash and entry):
        return None
    try:
        value = import_module("keyring").get_password(service, entry)
    except Exception:
        return None
    return value if isinstance(value, str) else None
