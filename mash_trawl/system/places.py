"""Where a folder lies: copied to other computers, on another machine, below a folder that everybody may change."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePath

SYNCHRONISED = ("onedrive", "dropbox", "google drive", "icloud", "nextcloud", "owncloud", "sharepoint", "syncthing")
MARKERS = (".dropbox", ".dropbox.cache", ".stfolder", ".nextcloudsync.log", ".owncloudsync.log")
"""What synchronising programs leave at the top of a folder that they copy elsewhere."""
ROOTS = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
"""Environment variables in which OneDrive names its folders; read only to refuse a folder, never to choose one."""
NETWORK = frozenset(
    {
        "9p", "acfs", "afpfs", "afs", "beegfs", "ceph", "cifs",
        "coda", "davfs", "fuse.davfs", "fuse.glusterfs", "fuse.gvfsd-fuse", "fuse.rclone", "fuse.s3fs",
        "fuse.sshfs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4",
        "smb2", "smb3", "smbfs", "webdav",
    }
)  # fmt: skip
"""File systems of other machines, as Linux names them in mountinfo."""
_OCTAL = re.compile(r"\\([0-7]{3})")


def synchronised(folder: Path) -> bool:
    """Whether a synchronising program copies this folder elsewhere, as far as names and its traces tell."""
    if any(word in part.casefold() for part in folder.parts for word in SYNCHRONISED):
        return True
    roots = [Path(named) for name in ROOTS if (named := os.environ.get(name))]
    if any(folder.is_relative_to(root) for root in roots):
        return True
    return any(os.path.lexists(above / mark) for above in (folder, *folder.parents) for mark in MARKERS)


def network_system(folder: Path) -> str:
    """The network file system that a folder lies on; empty when it is a local one, or the system does not tell."""
    try:
        told = Path("/proc/self/mountinfo").read_text("utf-8", errors="surrogateescape")
    except OSError:
        return ""
    system = system_of(told, folder)
    return system if system in NETWORK else ""


def system_of(mountinfo: str, folder: PurePath) -> str:
    """The file system that holds `folder`, by the text of Linux's mountinfo (proc(5)); empty when none is told.

    The deepest mount point counts, and of several on one point the last, which covers the others.
    """
    deepest, system = -1, ""
    for line in mountinfo.splitlines():
        left, dash, right = line.partition(" - ")
        fields, facts = left.split(" "), right.split(" ")
        if not dash or len(fields) < 5 or not facts[0]:
            continue
        point = PurePath(_OCTAL.sub(lambda code: chr(int(code[1], 8)), fields[4]))
        if folder.is_relative_to(point) and len(point.parts) >= deepest:
            deepest, system = len(point.parts), facts[0]
    return system


def open_above(folder: Path) -> bool:
    """Whether every account may rename what lies in a folder above: then it could exchange this one for its own."""
    return any(mode & 0o002 and not mode & 0o1000 for mode in map(_mode, folder.parents))


def _mode(place: Path) -> int:
    """The mode of a folder; 0 when it is not there, or below one that this account cannot enter."""
    try:
        return place.stat().st_mode
    except OSError:
        return 0


def drive_fault(path: str, kind: int) -> str:
    """Windows: why a path is on another machine, by its text and GetDriveTypeW's answer; empty when it is not."""
    if path.startswith("\\\\") and not path.startswith(("\\\\?\\", "\\\\.\\")):
        return "a UNC path"
    if path.upper().startswith("\\\\?\\UNC\\"):
        return "a UNC path"
    return "a network drive" if kind == REMOTE else ""


REMOTE = 4
"""GetDriveTypeW: DRIVE_REMOTE."""
