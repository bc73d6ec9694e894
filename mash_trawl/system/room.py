"""Whether a folder takes what is to be written: tried, because free space alone knows no quota and no mount."""

from __future__ import annotations

import errno
import shutil
import tempfile
from pathlib import Path
from typing import Literal

ROOM = 1024 * 1024
"""Bytes without which no work is begun: a product, the ledger's rows about it, and the database's own side files."""

Fault = Literal["full", "read_only", "no_rights", ""]
"""Why a folder takes nothing; empty when the system does not say one of these."""

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_NO_RIGHTS = {errno.EACCES, errno.EPERM}

WHAT = {
    "full": "the disk is full, or this account's share of it",
    "read_only": "the disk is mounted read-only",
    "no_rights": "this account may not write there",
}
"""Each fault in words, to stand behind a colon."""
DO = {
    "full": "Make room, then do it again.",
    "read_only": "Have it mounted for writing, or work where it is.",
    "no_rights": "Work as the account that the folder belongs to.",
}
"""What to do about each."""


def fault_of(problem: OSError) -> Fault:
    """What an error of the system means; empty when it is none of these."""
    if problem.errno in _FULL:
        return "full"
    if problem.errno == errno.EROFS:
        return "read_only"
    return "no_rights" if problem.errno in _NO_RIGHTS else ""


def write_fault(folder: Path, size: int = ROOM) -> Fault:
    """Try to write so many bytes in the folder, or the nearest above it that is there; nothing is left of them.

    The file has no name, or loses it when it is closed; it holds only zeros.
    """
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
            left = size
            while left > 0:
                left -= file.write(b"\0" * min(left, 65536)) or 0
    except OSError as problem:
        return fault_of(problem)
    return ""


def free_space(folder: Path) -> int:
    """Bytes free for this account on the disk of the folder, or of the nearest above it that is there."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free
