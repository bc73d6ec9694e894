"""Drop folders over SFTP, against a real server that is chrooted to a temporary folder and tells nobody's secrets."""

from __future__ import annotations

import asyncio
import hashlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.errors import Malformed, Misconfigured, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.mapping import Condition, Step
from mash_trawl.model.query import PersonQuery
from mash_trawl.sources.mapping import mapping_class
from mash_trawl.transports import files
from mash_trawl.transports.reach import reach
from mash_trawl.transports.sftp import open_session
from mash_trawl.transports.sftp_settings import read_settings

asyncssh = pytest.importorskip("asyncssh") if os.environ.get("CI") != "true" else __import__("asyncssh")
HOST_KEY, OTHER_KEY, USER_KEY = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(3))
OLDER_KEY = asyncssh.generate_private_key("ecdsa-sha2-nistp256")
PASSWORD = "a synthetic password"
ROWS = "ref,surname,dob\nT1,Testfall,17/05/2014\nT2,O'Brien,02/11/1988\n"


def line_of(key: Any) -> str:
    return key.export_public_key().decode().strip()


class Guard(asyncssh.SSHServer):
    """Lets one user in, by password or key."""

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("mash", PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: Any) -> bool:
        return username == "mash" and key.public_data == USER_KEY.public_data


@dataclass
class Server:
    """A running server; `opened` are the files that were asked for, `touched` the changes that somebody wanted."""

    root: Path
    port: int = 0
    opened: list[str] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    on_read: Callable[[], None] | None = None


def handler(server: Server) -> Callable[[Any], Any]:
    class Files(asyncssh.SFTPServer):
        def __init__(self, channel: Any) -> None:
            super().__init__(channel, chroot=os.fsencode(server.root))

        def open(self, path: bytes, pflags: int, attrs: Any) -> Any:
            server.opened.append(os.fsdecode(path))
            if pflags & ~asyncssh.FXF_READ:
                server.touched.append("open")
            return super().open(path, pflags, attrs)

        def read(self, file_obj: Any, offset: int, size: int) -> bytes:
            if server.on_read:
                server.on_read()
            return super().read(file_obj, offset, size)

        def remove(self, path: bytes) -> None:
            server.touched.append("remove")

        def rename(self, oldpath: bytes, newpath: bytes) -> None:
            server.touched.append("rename")

        def setstat(self, path: bytes, attrs: Any) -> None:
            server.touched.append("setstat")

    return Files


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    held: list[Any] = []

    async def begin() -> None:
        held.append(
            await asyncssh.listen("127.0.0.1", 0, server_factory=Guard, server_host_keys=[HOST_KEY, OLDER_KEY],
                                  sftp_factory=handler(server), allow_scp=False)
        )  # fmt: skip
        server.port = held[0].get_port()
        ready.set()

    def run() -> None:
        loop.run_until_complete(begin())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    yield server
    loop.call_soon_threadsafe(held[0].close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("sftp")
    (root / "secret.csv").write_text("ref\noutside\n")
    (root / "in").mkdir()
    with serving(Server(root)) as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    """The server with an empty folder `in`."""
    for item in (running.root / "in").iterdir():
        item.unlink()
    running.on_read = None
    running.opened.clear()
    running.touched.clear()
    return running


@pytest.fixture
def at(open_door: Callable[..., Any], server: Server) -> Callable[..., Any]:
    def made(*, seconds: float = 5.0, rows: int = 500, **changes: str) -> Any:
        told = {
            "host": "127.0.0.1", "port": str(server.port), "user": "mash", "password": PASSWORD, "folder": "/in",
            "host_key": line_of(HOST_KEY),
        }  # fmt: skip
        told |= changes
        return open_door(seconds=seconds, rows=rows, **{name: value for name, value in told.items() if value})

    return made


def read(door: Any, name: str = "people-*.csv") -> list[dict[str, str]]:
    with open_session(door) as session:
        return list(session.read(name))


def why_not(door: Any, name: str = "people-*.csv") -> str:
    with pytest.raises((Unavailable, Malformed)) as caught:
        read(door, name)
    assert caught.value.__cause__ is None and caught.value.__context__ is None
    return caught.value.why


def put(server: Server, name: str, text: str = ROWS, when: int = 1_700_000_000) -> Path:
    path = server.root / "in" / name
    path.write_text(text, "utf-8")
    os.utime(path, (when, when))
    return path


def test_the_newest_whole_file_is_read_as_rows_of_text_and_its_time_is_told(server: Server, at: Any) -> None:
    put(server, "people-1.csv", "ref\nold\n", 1_600_000_000)
    put(server, "people-2.csv")
    door = at()
    assert [row["ref"] for row in read(door)] == ["T1", "T2"]
    assert (door.tally.as_of, door.tally.complete) == ("2023-11-14T22:13:20+00:00", True)
    assert server.touched == []


def test_a_key_lets_in_as_well_as_a_password(server: Server, at: Any) -> None:
    put(server, "people.csv")
    assert len(read(at(password="", key=USER_KEY.export_private_key().decode()), "people.csv")) == 2
    locked = USER_KEY.export_private_key(passphrase="open sesame").decode()
    assert len(read(at(password="", key=locked, passphrase="open sesame"), "people.csv")) == 2
    assert why_not(at(password="", key=locked, passphrase="wrong"), "people.csv") == Why.SECRET_MISSING
    assert why_not(at(password="", key=OTHER_KEY.export_private_key().decode()), "people.csv") == Why.LOGIN_FAILED


def test_a_wrong_password_and_a_wrong_host_key_are_told_apart(server: Server, at: Any) -> None:
    put(server, "people.csv")
    assert why_not(at(password="wrong"), "people.csv") == Why.LOGIN_FAILED
    assert why_not(at(host_key=line_of(OTHER_KEY)), "people.csv") == Why.TLS_FAILED
    assert read(at(host_key=f"{line_of(OTHER_KEY)}, {line_of(HOST_KEY)}"), "people.csv"), "while keys are changed"


def test_of_several_keys_of_a_server_the_one_that_is_written_down_is_asked_for(server: Server, at: Any) -> None:
    put(server, "people.csv")
    assert len(read(at(host_key=line_of(OLDER_KEY)), "people.csv")) == 2


MAPPING = """version: 1
name: tenants
agency: housing
kind: sftp
as_of: {file: modified}
find:
  - by: [family, born]
    table: people-*.csv
    where: {surname: family, dob: born}
    person: {ref: ref, family: surname, born: {from: dob, format: "%d/%m/%Y"}}
fetch:
  - category: housing.tenancy
    table: people-*.csv
    where: {ref: ref}
    fact: {ref: ref, name: tenancy, value: surname}
"""


def test_a_mapping_reads_a_folder_on_a_server(server: Server, at: Any, tmp_path: Path) -> None:
    put(server, "people-1.csv")
    (tmp_path / "tenants.yaml").write_text(MAPPING, "utf-8")
    tenants = mapping_class(tmp_path / "tenants.yaml")(lambda _: at())
    query = PersonQuery(id="q", person="p1", by=("family", "born"), family="Testfall", born=date(2014, 5, 17))
    assert [one.ref for one in tenants.find(query, None)] == ["T1"]
    assert tenants.kind == "sftp"


def test_check_calls_the_server_and_sends_nothing(server: Server, at: Any, tmp_path: Path) -> None:
    reach(at().connect, tmp_path)
    with pytest.raises(Unavailable):
        reach(at(port="1").connect, tmp_path)
    assert server.opened == []


def test_nothing_of_this_account_is_used(
    server: Server, at: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A home whose configuration, known hosts, keys and agent would each change what happens."""
    put(server, "people.csv")
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    (home / ".ssh" / "config").write_text("Host *\n  Port 1\n  User somebody\n  ProxyCommand false\n")
    (home / ".ssh" / "known_hosts").write_text(f"[127.0.0.1]:{server.port} {line_of(HOST_KEY)}\n")
    USER_KEY.write_private_key(str(home / ".ssh" / "id_ed25519"))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("SSH_AUTH_SOCK", str(home / "agent"))
    assert len(read(at(), "people.csv")) == 2
    assert why_not(at(host_key=line_of(OTHER_KEY)), "people.csv") == Why.TLS_FAILED
    assert why_not(at(password="wrong"), "people.csv") == Why.LOGIN_FAILED


@pytest.mark.parametrize(
    "name", [".people-9.csv", "people-9.csv.part", "people-9.csv.tmp", "people-9.filepart", "~$people-9.csv"]
)
def test_a_file_under_a_name_for_the_time_of_writing_is_not_read(server: Server, at: Any, name: str) -> None:
    put(server, "people-1.csv")
    put(server, name, "ref\nhalf", 1_800_000_000)
    assert len(read(at(), "*people-*")) == 2


def test_a_file_that_grows_while_it_is_read_is_not_taken(server: Server, at: Any) -> None:
    path = put(server, "people-1.csv")

    def grow() -> None:
        with path.open("a") as file:
            file.write("T3,Late,\n")
        os.utime(path, (1_700_000_100, 1_700_000_100))

    server.on_read = grow
    assert why_not(at()) == "still_being_written"


def test_with_a_companion_only_what_has_one_counts(server: Server, at: Any) -> None:
    put(server, "people-1.csv")
    put(server, "people-2.csv", "ref\nhalf", 1_800_000_000)
    assert why_not(at(companion="done"), "people-*") == Why.SERVER_ERROR
    put(server, "people-1.csv.done", "")
    assert len(read(at(companion="done"), "people-*")) == 2


def test_a_digest_beside_the_file_must_be_its_own(server: Server, at: Any) -> None:
    put(server, "people-1.csv")
    digest = hashlib.sha256(ROWS.encode()).hexdigest()
    put(server, "people-1.csv.sha256", f"{digest}  people-1.csv\n")
    assert len(read(at(companion="sha256"))) == 2
    put(server, "people-1.csv.sha256", f"{digest[::-1]}  people-1.csv\n")
    assert why_not(at(companion="sha256")) == "not_the_digest"


def test_no_link_and_no_name_leads_out_of_the_folder(server: Server, at: Any) -> None:
    (server.root / "in" / "people-9.csv").symlink_to(server.root / "secret.csv")
    assert why_not(at()) == Why.SERVER_ERROR
    for name in ("../secret.csv", "/secret.csv", "..\\secret.csv", ""):
        assert why_not(at(), name) == "a_file_outside_the_folder"
    assert server.opened == []


def test_hostile_names_are_passed_over(server: Server, at: Any) -> None:
    for name in ("people-\n1.csv", "people-\x1b[31m.csv", "people-\u202e.csv", "people-a\\b.csv"):
        put(server, name, "ref\nhostile\n", 1_800_000_000)
    (server.root / "in" / os.fsdecode(b"people-\xff.csv")).write_text("ref\nhostile\n")
    put(server, "people-1.csv")
    assert [row["ref"] for row in read(at())] == ["T1", "T2"]


def test_a_file_and_a_folder_too_large_are_refused(server: Server, at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with (server.root / "in" / "people-1.csv").open("wb") as file:
        file.truncate(files.MOST_BYTES + 1)
    assert why_not(at()) == "file_too_large"
    assert server.opened == []
    monkeypatch.setattr("mash_trawl.transports.sftp.MOST_FILES", 3)
    for number in range(5):
        put(server, f"x-{number}.csv")
    assert why_not(at()) == "too_many_files"


def test_missing_folders_and_files_are_never_an_empty_answer(server: Server, at: Any) -> None:
    assert why_not(at()) == Why.SERVER_ERROR
    assert why_not(at(folder="/gone")) == Why.CONNECTION_REFUSED


def test_a_row_budget_is_told_as_cut(server: Server, at: Any) -> None:
    put(server, "people-1.csv")
    door = at(rows=1)
    assert len(read(door)) == 1 and door.tally.truncated


def test_a_step_of_a_mapping_asks_the_server_once(server: Server, at: Any) -> None:
    put(server, "people-1.csv")
    step = Step(table="people-*.csv", columns=("ref",), where=(Condition(column="surname", key="family"),))
    door = at()
    with open_session(door) as session:
        found = [[row.ref for row in session.select(step, {"family": name})] for name in ("Testfall", "O'Brien", "x")]
    assert found == [["T1"], ["T2"], []]
    assert len(server.opened) == 1


def test_json_and_workbooks_are_read_as_from_a_folder(server: Server, at: Any) -> None:
    from openpyxl import Workbook

    put(server, "people.json", '{"count": 1, "rows": [{"ref": "T1"}]}')
    book = Workbook()
    book.active.append(["ref"])
    book.active.append(["T9"])
    book.save(server.root / "in" / "people.xlsx")
    assert read(at(), "people.json") == [{"ref": "T1"}]
    assert read(at(), "people.xlsx") == [{"ref": "T9"}]


@contextmanager
def between(server: Server, most: int, after: str) -> Iterator[int]:
    """A port that passes on `most` bytes of the server's and then does `after`: `silence` or `end`."""
    listener = socket.create_server(("127.0.0.1", 0))
    lines: list[socket.socket] = []

    def pump(one: socket.socket, other: socket.socket, left: float) -> None:
        with suppress(OSError):
            while left > 0 and (data := one.recv(min(65536, int(min(left, 65536))))):
                other.sendall(data)
                left -= len(data)
            if after == "end":
                other.shutdown(socket.SHUT_RDWR)

    def accept() -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", server.port))
                lines.extend((near, far))
                threading.Thread(target=pump, args=(near, far, float("inf")), daemon=True).start()
                threading.Thread(target=pump, args=(far, near, most), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for line in lines:
        line.close()


@pytest.mark.parametrize("most", [0, 10, 600, 1500, 2600])
def test_a_line_that_is_cut_anywhere_is_no_answer(server: Server, at: Any, most: int) -> None:
    put(server, "people-1.csv", ROWS * 100)
    with between(server, most, "end") as port:
        assert why_not(at(port=str(port))) in (Why.CONNECTION_LOST, "not_sftp", Why.TLS_FAILED)


@pytest.mark.parametrize("most", [0, 700, 2600])
def test_a_server_that_falls_silent_ends_at_the_deadline(server: Server, at: Any, most: int) -> None:
    put(server, "people-1.csv", ROWS * 100)
    threads = threading.active_count()
    with between(server, most, "silence") as port:
        began = time.monotonic()
        assert why_not(at(port=str(port), seconds=0.4)) == Why.DEADLINE
        assert time.monotonic() - began < 3
    assert threading.active_count() <= threads + 4


def test_what_is_no_sftp_server_is_told_as_that(at: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def talk() -> None:
            line, _ = listener.accept()
            with line:
                line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 50)
                line.recv(1000)

        thread = threading.Thread(target=talk)
        thread.start()
        assert why_not(at(port=str(listener.getsockname()[1]), seconds=1.0)) in ("not_sftp", Why.CONNECTION_LOST)
        thread.join(5)
    assert why_not(at(port="1")) == Why.CONNECTION_REFUSED


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"host_key": ""}, "host_key"),
        ({"host_key": "ssh-ed25519 AAAA"}, "host_key"),
        ({"host_key": "trust on first use"}, "host_key"),
        ({"password": ""}, "key"),
        ({"key": "both"}, "key"),
        ({"folder": "/in/../.."}, "folder"),
        ({"port": "0"}, "port"),
        ({"host": "a b"}, "host"),
        ({"user": ""}, "user"),
        ({"companion": "md5"}, "companion"),
        ({"hostkey": "x"}, "connect"),
    ],
)
def test_settings_that_cannot_work_are_refused_before_anybody_is_called(at: Any, changes: dict[str, str], where: str):
    with pytest.raises(Misconfigured) as caught:
        read_settings("housing", at(**changes).connect)
    assert any(problem.where.endswith(where) for problem in caught.value.problems)
    assert PASSWORD not in str(caught.value)
