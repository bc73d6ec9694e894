"""A case written as a file that reads back as the same case: whole or not at all, and never over somebody's edit."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path as FilePath
from typing import Any

import yaml

from mash_trawl.config.case import load_case
from mash_trawl.config.files import MAX_BYTES
from mash_trawl.config.read import validate
from mash_trawl.config.yamltext import parse_yaml
from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.model.base import file_name, to_plain
from mash_trawl.model.case import Case
from mash_trawl.system import sync_folder
from mash_trawl.system.room import DO, WHAT, fault_of

ENDINGS = (".yaml", ".yml", ".json")
"""What the file of a draft may end with."""

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_ABANDONED = 60.0
"""Seconds after which a half-written part belongs to a process that was killed: writing takes milliseconds."""


class _Plainly(yaml.SafeDumper):
    """No anchors (the strict reader refuses them), lists indented under their key, yes and no as words."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


_Plainly.add_representer(
    bool, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:bool", "yes" if value else "no")
)


def case_text(case: Case | Mapping[str, Any]) -> str:
    """The case as YAML; `load_case` of it is equal. What reading fills in by itself is left out.

    Raises Misconfigured with every problem when it is no good case, or says more than a file may hold.
    """
    case = load_case(plain_case(case) if isinstance(case, Case) else case)
    text = yaml.dump(
        plain_case(case), Dumper=_Plainly, sort_keys=False, allow_unicode=True, width=110, default_flow_style=False
    )
    if len(text.encode()) > MAX_BYTES:
        raise Misconfigured(Problem(where="case", what=f"it is larger than {MAX_BYTES // 1024 // 1024} MB."))
    if validate(Case, parse_yaml(text, "case")) != case:
        raise Misconfigured(Problem(where="case", what="it would not read back as it is.", do="Please report this."))
    return text


def _json_text(case: Case) -> str:
    """The same for a draft that is kept as JSON."""
    return json.dumps(plain_case(load_case(plain_case(case))), indent=2, ensure_ascii=False) + "\n"


def write_case(folder: FilePath, data: Case | Mapping[str, Any], *, over: str | None = None) -> FilePath:
    """Write the case as `<its id>.yaml` in the folder (made if need be), for this account alone; returns the path.

    The case is checked first; a wrong one raises Misconfigured and writes nothing. A file that is there is never
    replaced, unless `over` is the `fingerprint` of what the caller read: somebody else's edit since then is refused.
    """
    case = data if isinstance(data, Case) else load_case(data)
    path = folder / f"{case.id}.yaml"
    if over is None and (taken := written_alike(folder, case.id)):
        raise Misconfigured(_taken(taken))
    replace_case(path, case, over=over)
    return path


def written_alike(folder: FilePath, ident: str) -> FilePath | None:
    """A draft whose name is this id, or differs from it only in small and capital letters: some disks and most people
    do not tell them apart."""
    near = ident.casefold()
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return next((file for file in files if file.suffix in ENDINGS and file.stem.casefold() == near), None)


def replace_case(path: FilePath, case: Case, *, over: str | None) -> None:
    """Write the case to this very file; `over` as for `write_case` (None: the file must be new)."""
    content = (_json_text(case) if path.suffix.lower() == ".json" else case_text(case)).encode()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.part")
    _claim(part, content)
    try:
        now = fingerprint(path)
        if now != over:
            raise Misconfigured(_taken(path) if over is None else _changed(path))
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def fingerprint(path: FilePath) -> str | None:
    """What the file holds now, as a digest; None when there is no such file."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None


def plain_case(value: Any) -> Any:
    """A case, or part of one, as plain data without what a reader fills in by itself.

    Unlike `model.base.to_plain` it keeps an empty list that says something, so that it reads back equal.
    """
    if is_dataclass(value) and not hasattr(value, "to_text"):
        kept = ((field, getattr(value, field.name)) for field in fields(value))
        return {file_name(field.name): plain_case(item) for field, item in kept if item != _assumed(field)}
    if isinstance(value, Mapping):
        return {key: plain_case(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain_case(item) for item in value]
    return to_plain(value)


def _assumed(field: Any) -> Any:
    """What a missing key means; MISSING for a key that is needed."""
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _claim(part: FilePath, content: bytes) -> None:
    """Write the new content beside the file. The part has one name only, so that one writer at a time gets through."""
    for _ in range(40):
        try:
            return _create(part, content)
        except FileExistsError:
            with contextlib.suppress(FileNotFoundError):
                if time.time() - part.stat().st_mtime > _ABANDONED:
                    part.unlink()
            time.sleep(0.05)
        except OSError as problem:
            if fault := fault_of(problem):
                said = f"{part.parent} cannot be written: {WHAT[fault]}"
                raise Refused("case_not_writable", said, DO[fault]) from None
            what = f"it cannot be written ({problem.strerror})."
            raise Misconfigured(Problem(where=str(part.parent), what=what)) from None
    raise Misconfigured(
        Problem(where=str(part), what="another command is writing this case.", do="Try again in a minute.")
    )


def _create(path: FilePath, content: bytes) -> None:
    """A new file for this account alone, on disk when this returns; nothing is left when it cannot be written."""
    handle = os.open(path, _CREATE, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _taken(path: FilePath) -> Problem:
    return Problem(where=str(path), what="the file exists.", do="Choose another case id, or change that case.")


def _changed(path: FilePath) -> Problem:
    what = "somebody changed this file after it was read here; nothing was written."
    return Problem(where=str(path), what=what, do="Look at the file, then do it again.")
