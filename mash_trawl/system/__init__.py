"""What differs between operating systems, and nothing else: accounts, rights, places, processes. The only such room.

Both branches are type-checked (`mypy --platform win32`); the Windows one was never run (docs/windows.md).
`windows` and `posix` ask the system; what Windows says is read by `rights` and `places`, which are tested everywhere.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from mash_trawl.system import places, rights

if sys.platform == "win32":
    from mash_trawl.system import windows as here
else:
    from mash_trawl.system import posix as here


CALLER = "SUDO_USER"
"""sudo sets it itself and takes no caller's value for it."""


def account_name() -> str:
    """The operating-system account of this process, asked of the system and never of an environment variable.

    On Windows `DOMAIN\\name`, or `MACHINE\\name` for a local account.
    """
    return here.account()


def caller_of_sudo(environ: Mapping[str, str]) -> str | None:
    """The account that called sudo, as sudo(8) says it; None without sudo, and on Windows, where nobody vouches."""
    return None if sys.platform == "win32" else environ.get(CALLER)


def is_account(written: str | None) -> bool:
    """Whether this process runs as the account that hub.yaml writes so."""
    if sys.platform == "win32":
        return written is not None and rights.same_account(written, account_name())
    return written == account_name()


def process_started(pid: int) -> str:
    """When the process with this number began, as text that only compares; empty when none runs or it is not told.

    Together with the number it names one process of this machine for good: numbers are used again, beginnings are not.
    """
    there, began = here.process(pid)
    return began if there else ""


def process_alive(pid: int, started: str) -> bool:
    """Whether the process that had this number and this beginning still runs here. `started` empty: any beginning.

    Where the system does not tell the beginning (macOS, hidden processes), a process of that number counts as the one.
    """
    there, began = here.process(pid)
    return there and (not started or not began or began == started)


def sync_folder(folder: Path) -> None:
    """Make a rename or a deletion in `folder` durable. Windows has no folder handle to sync: NTFS journals renames."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def no_core_dump() -> None:
    """Let no crash write this process's memory, with its keys, to disk. For a program's own start, not the library."""
    here.no_core_dump()


def private_folder(folder: Path) -> None:
    """Make the folder, and those above it where missing, for this account alone. One that is there is tightened."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if sys.platform == "win32":
        here.protect(folder, "OICI")
    else:
        folder.chmod(0o700)


def private_file(file: Path) -> None:
    """Take everybody else's rights from a file of this account; a file of another account is left as it is."""
    if not is_own(file) or not others_may_read(file):
        return
    if sys.platform == "win32":
        here.protect(file, "")
    else:
        file.chmod(0o600)


def others_may_read(path: Path) -> bool:
    """Whether rights of other accounts reach this file or folder (administrators aside). OSError if it is away."""
    if sys.platform == "win32":
        return bool(rights.others(*here.descriptor(path)))
    return bool(path.stat().st_mode & 0o077)


def others_may_change(folder: Path) -> bool:
    """Whether other accounts could exchange files in this folder (administrators aside). OSError if it is away."""
    if sys.platform == "win32":
        return "change" in rights.others(*here.descriptor(folder))
    return bool(folder.stat().st_mode & 0o022)


def owner_of(path: Path) -> str:
    """The account that owns a file or folder, for people to read. OSError if it is away."""
    return here.owner(path)


def is_own(path: Path) -> bool:
    """Whether this account owns a file or folder. OSError if it is away."""
    if sys.platform == "win32":
        descriptor, me = here.descriptor(path)
        return rights.owner(descriptor) in {me, *rights.ADMINISTRATORS}
    return path.stat().st_uid == os.geteuid()


def is_anothers(path: Path) -> bool:
    """Whether an account other than this one and the administrators (root) owns it. OSError if it is away."""
    if sys.platform == "win32":
        return not is_own(path)
    return path.stat().st_uid not in {os.geteuid(), 0}


def others_may_exchange(folder: Path) -> bool:
    """Whether every account may rename what lies in a folder above, so could put another in this one's place.

    Never said of Windows, where nobody may rename by default what lies in a folder that others hold.
    """
    return sys.platform != "win32" and places.open_above(folder.resolve())


def folder_faults(folder: Path) -> Iterator[str]:
    """What makes a folder unfit for a hub or its keys, whether it is there already or still to be made."""
    yield from place_faults(folder)
    try:
        folder.stat()
    except FileNotFoundError:
        return
    except OSError:
        yield "the folder is out of this account's reach."
        return
    if not is_own(folder):
        yield f"the folder belongs to another account ({owner_of(folder)})."
    if others_may_read(folder):
        yield "the folder can be read by others."


def place_faults(folder: Path) -> Iterator[str]:
    """Why keys would not stay where they are put: synchronised, on another machine, or below a folder open to all."""
    folder = folder.resolve()
    if places.synchronised(folder):
        yield "the folder seems to be synchronised to other computers."
    share = here.share(folder)
    if share:
        yield f"the folder lies on a network share ({share})."
    if others_may_exchange(folder):
        yield "a folder above it can be changed by every account."


def certificates() -> Iterator[bytes] | None:
    """Windows: the certificates (DER) that its stores trust for servers. None elsewhere, where they are files."""
    return here.certificates()


def shell_word(text: str) -> str:
    """`text` as one word of a command line that somebody copies into this system's shell."""
    if sys.platform == "win32":
        import subprocess

        return subprocess.list2cmdline([text])
    return shlex.quote(text)
