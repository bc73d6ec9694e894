"""From a file to a tree: size, encoding and kind are checked before anything is parsed."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from errno import EINVAL
from pathlib import Path as FilePath
from stat import S_ISREG

from mash_trawl.config.jsontext import parse_json
from mash_trawl.config.tree import Tree
from mash_trawl.config.yamltext import parse_yaml
from mash_trawl.errors import Misconfigured, Problem

MAX_BYTES = 1024 * 1024
MAX_JSON_BYTES = 4 * 1024 * 1024
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def read_tree(path: str | FilePath) -> Tree:
    """The tree of a YAML or (by its ending `.json`) JSON file. Raises Misconfigured with every problem."""
    path = FilePath(path)
    name = str(path)
    in_json = path.suffix.lower() == ".json"
    data = read_whole(path, MAX_JSON_BYTES if in_json else MAX_BYTES, name)
    text = _decode(data, name)
    tree = parse_json(text, name) if in_json else parse_yaml(text, name)
    return replace(tree, sha256=hashlib.sha256(data).hexdigest())


def read_text(path: FilePath) -> tuple[str, str]:
    """The text of a YAML file and the digest of its bytes, held to the same limits. Raises Misconfigured."""
    data = read_whole(path, MAX_BYTES, str(path))
    return _decode(data, str(path)), hashlib.sha256(data).hexdigest()


def read_start(path: FilePath, most: int) -> bytes:
    """The first `most` bytes of a file; OSError, and no waiting, for a pipe, a device or a folder."""
    if not S_ISREG(path.stat().st_mode):
        raise OSError(EINVAL, "it is not a regular file")
    with path.open("rb") as file:
        return file.read(most)


def read_whole(path: FilePath, most: int, name: str) -> bytes:
    """Every byte of a file that problems call `name`. Misconfigured if it is not there, unreadable or too large."""
    what, do = "", ""
    data = b""
    try:
        data = read_start(path, most + 1)
    except FileNotFoundError:
        what = "there is no such file."
    except (OSError, ValueError):
        what, do = "the file cannot be read.", "Check that it is a file and that this account may read it."
    if len(data) > most:
        what, do = f"the file is larger than {most // 1024 // 1024} MB.", "Check that it is the right file."
    if what:
        raise Misconfigured(Problem(where=name, what=what, do=do))
    return data


def _decode(data: bytes, name: str) -> str:
    """UTF-8, with or without the mark that Windows Notepad puts in front."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Misconfigured(Problem(where=name, what="the file is UTF-16.", do="Save it as UTF-8."))
    text, fault = _utf8(data)
    if fault is not None:
        where = _place(name, text, fault)
        raise Misconfigured(Problem(where=where, what="the file is not UTF-8 here.", do="Save it as UTF-8."))
    if found := _CONTROL.search(text):
        where = _place(name, text, found.start())
        raise Misconfigured(Problem(where=where, what="a control character stands here.", do="Remove it."))
    return text


def _utf8(data: bytes) -> tuple[str, int | None]:
    """The text, and where it broke off (the decoder's own error would hold the bytes)."""
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8-sig", "replace")
        return good, len(good)


def _place(name: str, text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    return f"{name}:{line}:{at - text.rfind(chr(10), 0, at)}"
