"""Files that survive a crash whole or not at all: the one place where the vault writes, renames and deletes.

Every file is made for its owner alone (0600; on Windows it takes its folder's rights).
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from mash_trawl.system import sync_folder

__all__ = ["blot", "create", "move", "put", "remove", "sync_folder"]

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_OVERWRITE = os.O_WRONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


def create(path: Path, data: bytes) -> None:
    """A new file, on disk when this returns. FileExistsError if there is one; nothing is left when writing fails."""
    descriptor = os.open(path, _CREATE, 0o600)
    try:
        _write_out(descriptor, data)
    except OSError:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def put(path: Path, data: bytes, part: Path | None = None) -> None:
    """Replace a file's whole content at once: readers see the old bytes or the new, never a mixture."""
    part = part or path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    create(part, data)
    move(part, path)


def move(source: Path, target: Path) -> None:
    """Rename over `target`, durably."""
    os.replace(source, target)  # noqa: PTH105 - the kill tests count this call
    sync_folder(target.parent)


def remove(path: Path) -> None:
    """Delete, durably; a file already gone is fine."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
        sync_folder(path.parent)


def blot(path: Path) -> None:
    """Overwrite a key file with zeros before it is replaced. Best effort: an SSD or a journal may keep old blocks."""
    with contextlib.suppress(FileNotFoundError):
        descriptor = os.open(path, _OVERWRITE)
        _write_out(descriptor, b"\0" * path.stat().st_size)


def _write_out(descriptor: int, data: bytes) -> None:
    """Write all, sync, close: short writes are continued, errors close the file first."""
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
