"""Kill a seal or a destruction before each of its steps, recover in a fresh process, and see what is left.

Run as a program by test_kills.py: `python kill_server.py FOLDER seal|destroy|naive`. It forks one child for each step,
which kills itself (SIGKILL) just before it; another child recovers and checks. Prints one JSON object. `naive` is the
control: a seal that names its file too early, in which the check must find fault.

A step is any call that changes what other processes can see on disk (create, write, rename, unlink) or the database
(each statement that writes, each commit); a kill before a read or a sync leaves the same files as the kill before it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.signing import Signer
from mash_trawl.audit.verify import verify
from mash_trawl.errors import Refused
from mash_trawl.store.engine import Store
from mash_trawl.vault import sealing
from mash_trawl.vault.custody import Custody
from mash_trawl.vault.readers import enrol_reader
from mash_trawl.vault.root import create_root, next_path, read_root_file

MOST = 500


def main() -> None:
    base, workload = Path(sys.argv[1]), sys.argv[2]
    work, check = {
        "seal": (seal_again, check_seal),
        "destroy": (destroy, check_destroy),
        "naive": (seal_naively, check_seal),
    }[workload]
    folder, told = base / "house", base / "told"
    furnish(folder)
    shutil.copytree(folder, base / "furnished")
    warm_up(folder)
    points, problems = 0, []
    for point in range(1, MOST):
        shutil.rmtree(folder)
        shutil.copytree(base / "furnished", folder)
        killed = in_child(partial(work, folder, point)) == -signal.SIGKILL
        ended = in_child(lambda: told.write_text(check(folder)))
        if ended or told.read_text():
            problems.append(f"point {point}: {told.read_text() if not ended else f'check ended {ended}'}")
        if not killed or (problems and workload == "naive"):
            break
        points += 1
    print(json.dumps({"points": points, "problems": problems}))


def warm_up(folder: Path) -> None:
    """Do everything once, so that the children inherit compiled statements (and no open connection)."""
    check_destroy(folder)
    STORES[folder].close()


def in_child(work: Callable[[], object]) -> int:
    """Run `work` in a fork; its exit status, negative for a signal."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except BaseException as problem:
            print(type(problem).__name__, problem, file=sys.stderr)
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def furnish(folder: Path) -> None:
    """A hub with case 1 and case 2 sealed once."""
    folder.mkdir()
    create_root([folder / "root.a", folder / "root.b"])
    enrol_reader(folder / "readers", "ann", None)
    Signer.create(folder / "hub.sign", "kill/mash-trawl")
    custody, store = open_house(folder)
    for case in ("MASH-1", "MASH-2"):
        seal(custody, folder, case)
    custody.recover()
    store.close()


STORES: dict[Path, Store] = {}


def open_house(folder: Path) -> tuple[Custody, Store]:
    """As another process would find it: nothing is remembered but the statements' compiled form."""
    store = STORES.get(folder) or STORES.setdefault(folder, Store.open("sqlite:///hub.db", folder))
    signer = Signer.load(folder / "hub.sign")
    clock = lambda: datetime.now(UTC)  # noqa: E731
    ledger = Ledger.build(store, signer, "kill/mash-trawl", clock)
    roots = [folder / "root.a", folder / "root.b"]
    return Custody.build(store, ledger, signer, roots, folder / "readers", "kill", clock, records=folder / "out"), store


def seal(custody: Custody, folder: Path, case: str) -> None:
    custody.seal(case, {"case": case}, readers=["ann"], facts={}, folder=folder / "out", actor="ann")


def seal_again(folder: Path, point: int) -> None:
    custody, _ = open_house(folder)
    arm(point)
    seal(custody, folder, "MASH-1")


def seal_naively(folder: Path, point: int) -> None:
    """The control: the file gets its name before custody has committed to it."""
    sealing._write_part = lambda draft: draft.target.write_bytes(draft.data)
    sealing.give_name = lambda part, target: None
    seal_again(folder, point)


def destroy(folder: Path, point: int) -> None:
    custody, _ = open_house(folder)
    arm(point)
    custody.destroy("MASH-1", "ann", "over")


def arm(point: int) -> None:
    """From now on count steps, and die before number `point`."""
    left = [point]

    def step() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("write", "replace", "unlink"):
        setattr(os, name, counted(getattr(os, name), step))
    os.open = counted(os.open, step, when=lambda given: given[1] & os.O_CREAT)
    event.listen(Engine, "commit", lambda _: step())

    @event.listens_for(Engine, "before_cursor_execute")
    def _(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.lstrip().startswith("SELECT"):
            step()


def counted(
    call: Callable[..., Any], step: Callable[[], None], when: Callable[[Any], Any] = bool
) -> Callable[..., Any]:
    def counting(*given: Any, **named: Any) -> Any:
        if when(given):
            step()
        return call(*given, **named)

    return counting


def opens(custody: Custody, path: Path, **how: bool) -> bool:
    try:
        custody.open(path, "ann", lambda: None, "check", "ann", **how)
    except Refused:
        return False
    return True


def check_both(custody: Custody, store: Store, folder: Path) -> list[str]:
    """What must hold after any recovery."""
    wrong = []
    if list(folder.rglob(".*part")) or list(folder.rglob("*.next")):
        wrong.append("leftovers")
    roots = {root.id if (root := read_root_file(folder / name)) else None for name in ("root.a", "root.b")}
    with store.read() as connection:
        named = connection.exec_driver_sql("SELECT root_id FROM custody_meta").scalar_one()
    if roots != {named} or any(next_path(folder / name).exists() for name in ("root.a", "root.b")):
        wrong.append("roots differ")
    if custody.divergence():
        wrong.append("custody and ledger differ")
    if verify(store, Signer.load(folder / "hub.sign").verifier).problems:
        wrong.append("the ledger does not verify")
    other = custody.newest("MASH-2").path
    if other is None or not opens(custody, other):
        wrong.append("another case is lost")
    return wrong


def check_seal(folder: Path) -> str:
    custody, store = open_house(folder)
    custody.recover()
    wrong = check_both(custody, store, folder)
    newest = custody.newest("MASH-1")
    files = {path.name for path in (folder / "out").glob(f"{newest.record}*")}
    if files != {f"{newest.record}-v{version}.mtr" for version in range(1, newest.version + 1)}:
        wrong.append("files and versions differ")
    if not all(opens(custody, folder / "out" / name, superseded=True) for name in files):
        wrong.append("a version does not open")
    seal(custody, folder, "MASH-1")
    return "; ".join(wrong)


def check_destroy(folder: Path) -> str:
    custody, store = open_house(folder)
    (record,) = (path for path in (folder / "out").glob("*.mtr") if path != custody.newest("MASH-2").path)
    wrong = []
    if list((folder / "out").glob("*.note")) and opens(custody, record):
        wrong.append("certified, but it opens")
    custody.recover()
    wrong += check_both(custody, store, folder)
    gone = custody.newest("MASH-1").state == "destroyed"
    if gone == opens(custody, record):
        wrong.append("half destroyed")
    if gone != bool(list((folder / "out").glob("*.note"))):
        wrong.append("destroyed without a certificate, or certified alive")
    if not gone:
        custody.destroy("MASH-1", "ann", "over")
        wrong += check_both(custody, store, folder)
        if opens(custody, record):
            wrong.append("it opens after destruction")
    return "; ".join(wrong)


if __name__ == "__main__":
    main()
