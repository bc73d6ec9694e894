"""The root key: 32 random bytes in two files outside the hub, its database and every backup.

Every case key is wrapped under the root, so a database alone, live or restored, opens nothing. A destruction writes
a new root beside each replica (`.next`), commits the database, and then swaps: whichever of the two a crash leaves,
the database says by its `root_id` which one counts.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.system import others_may_read
from mash_trawl.vault import durable
from mash_trawl.vault.wrapping import new_key

MARK = "mash-trawl/root-key/v1 - never back up this file: a backup of it undoes every destruction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A root key; `id` is its fingerprint, which may be shown and stored."""

    id: str
    key: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Root:
        """A root of 32 bytes from the system's generator."""
        return cls.of(new_key())

    @classmethod
    def of(cls, key: bytes) -> Root:
        """The root with this key."""
        return cls(id=hashlib.sha256(b"mash-trawl/root/v1\n" + key).hexdigest()[:32], key=key)

    def to_bytes(self) -> bytes:
        """The file: a marker line that says what not to do, the fingerprint, the key."""
        return f"{MARK}\n{self.id}\n{base64.b64encode(self.key).decode('ascii')}\n".encode("ascii")


def create_root(paths: Sequence[Path]) -> Root:
    """Make a hub's first root in every replica. Misconfigured when there are not two places, or one is taken."""
    if len({path.resolve() for path in paths}) < 2:
        raise Misconfigured(Problem(where="root_keys", what="fewer than two replicas.", do="Name two different files."))
    taken = [path for path in paths if path.exists() or next_path(path).exists()]
    if taken:
        raise Misconfigured(*(Problem(where=str(path), what="there is a root key already.") for path in taken))
    root = Root.new()
    made: list[Path] = []
    try:
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            durable.create(path, root.to_bytes())
            made.append(path)
            durable.sync_folder(path.parent)
    except OSError as problem:
        for path in made:
            durable.remove(path)
        raise Misconfigured(Problem(where=str(path), what=f"cannot be written ({problem.strerror}).")) from None
    return root


def next_path(path: Path) -> Path:
    """Where a replica's coming root waits until the database has committed to it."""
    return path.with_name(path.name + ".next")


def read_root_file(path: Path) -> Root | None:
    """The root in one file; None when there is none, or its bytes are not whole."""
    try:
        data = path.read_bytes()
        root = Root.of(base64.b64decode(data.split(b"\n")[2], validate=True))
    except (OSError, ValueError, IndexError):
        return None
    return root if len(root.key) == 32 and hmac.compare_digest(root.to_bytes(), data) else None


def replicas(paths: Sequence[Path]) -> Iterator[tuple[Path, Root | None]]:
    """Each replica's files and what is in them: the current one, and the coming one where there is one."""
    for path in paths:
        yield path, read_root_file(path)
        if next_path(path).exists():
            yield next_path(path), read_root_file(next_path(path))


def load_root(paths: Sequence[Path], wanted: str | None = None) -> Root:
    """The root that the database names (`wanted`), or a new hub's only one.

    Refused: `root_missing` when no replica can be read, `root_differs` when they hold another root than the
    database, as after a destruction or when an old database was put back.
    """
    roots = {root.id: root for _, root in replicas(paths) if root}
    if not roots:
        raise Refused("root_missing", "no replica of the root key can be read", "Check root_keys in hub.yaml.")
    if wanted is None and len(roots) == 1:
        return next(iter(roots.values()))
    if wanted not in roots:
        raise Refused(
            "root_differs",
            "the root keys do not belong to this database",
            "A database put back from before a destruction stays closed, by design.",
        )
    return roots[wanted]


def stage(paths: Sequence[Path], root: Root) -> None:
    """Write the coming root beside every replica. Refused("root_replica_missing") unless every replica is there.

    A replica that is away would keep the old root alive, and with it what is to be destroyed.
    """
    try:
        for path in paths:
            if read_root_file(path) is None:
                raise Refused(
                    "root_replica_missing", "a replica of the root key is away", "Connect it, then destroy again."
                )
            durable.create(next_path(path), root.to_bytes())
            durable.sync_folder(path.parent)
    except OSError:
        raise Refused("root_not_writable", "a replica of the root key cannot be written") from None


def settle(paths: Sequence[Path], wanted: str) -> int:
    """Bring every replica to the root that the database names; how many hold it. Call under the store's write lock.

    Finishes a swap that a crash cut short, or throws away a coming root that the database never committed to.
    """
    try:
        return sum(_settle_one(path, wanted, paths) for path in paths)
    except OSError:
        raise Refused("root_not_writable", "a replica of the root key cannot be written") from None


def _settle_one(path: Path, wanted: str, paths: Sequence[Path]) -> bool:
    current, coming = read_root_file(path), read_root_file(next_path(path))
    if current and current.id == wanted:
        if next_path(path).exists():
            durable.blot(next_path(path))
            durable.remove(next_path(path))
        return True
    if coming is None or coming.id != wanted:
        if current is None and not path.exists():
            return False
        coming = load_root(paths, wanted)
        if next_path(path).exists():
            durable.remove(next_path(path))
        durable.create(next_path(path), coming.to_bytes())
    durable.blot(path)
    durable.move(next_path(path), path)
    return True


def check_root(paths: Sequence[Path], hub_dir: Path) -> tuple[Problem, ...]:
    """What is wrong with where and how the root is kept, for `check`: one problem for each thing to mend."""
    problems = [problem for path in paths for problem in _check_replica(path, hub_dir)]
    there = [path for path in paths if path.exists()]
    if len({root.id for path in there if (root := read_root_file(path))}) > 1:
        problems.append(
            Problem(
                where="root_keys",
                what="the replicas hold different roots.",
                do="Open the hub again: it settles them, or says why not.",
            )
        )
    if len(there) < 2:
        problems.append(Problem(where="root_keys", what="only one replica.", do="Losing it loses every live record."))
    return tuple(problems)


def on_one_disk(paths: Sequence[Path]) -> bool:
    """True when two replicas share a disk: losing it would lose every live record."""
    there = [path for path in paths if path.exists()]
    return len({path.stat().st_dev for path in there}) < len(there)


def _check_replica(path: Path, hub_dir: Path) -> Iterator[Problem]:
    where = str(path)
    if path.resolve().is_relative_to(hub_dir.resolve()):
        yield Problem(
            where=where, what="a root key lies inside the hub's folder.", do="A backup of the hub would hold it."
        )
    if not path.exists():
        yield Problem(where=where, what="this replica of the root key is missing.", do="Connect or restore its medium.")
        return
    if path.is_symlink():
        yield Problem(where=where, what="a root key is a link.", do="Name the file itself.")
    if others_may_read(path):
        yield Problem(
            where=where, what="others may read this root key.", do="Make it readable by its owner alone (chmod 600)."
        )
    if read_root_file(path) is None:
        yield Problem(where=where, what="this replica of the root key is damaged.", do="The other replica still works.")
    if any(word in part.lower() for part in path.parts for word in ("backup", "snapshot", "onedrive", "dropbox")):
        yield Problem(
            where=where, what="a root key lies on a path that looks backed up or synchronised.", do="Move it."
        )
