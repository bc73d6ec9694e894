"""A drop folder on another machine, over SFTP: the same files and rules as `files`, read only, and only when whole.

`connect` holds what `sftp_settings.py` lists. asyncssh is an optional package (the extra `sftp`) and is imported when
a session first asks something. It is run to its end on an event loop of the calling thread; nothing of it is global,
and nothing of this account (agent, known hosts, configuration, keys) is looked at.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from mash_trawl.errors import Malformed, TrawlError, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.transports import files
from mash_trawl.transports.door import Door
from mash_trawl.transports.files_choice import DIGEST, MOST_FILES, check_digest, check_pattern, digest_of, fits
from mash_trawl.transports.files_read import rows_of
from mash_trawl.transports.sftp_settings import SftpSettings, options, read_settings

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    from asyncssh import SFTPClient

_PART = 256 * 1024


class Seen(NamedTuple):
    """How a file looked: its name, its size in bytes, and when it was last written (Unix seconds)."""

    name: str
    size: int
    written: int


class Session(files.Session):
    """Reads of one ask over one folder of an SFTP server; of several reads of one file in a row, one is sent."""

    def __init__(self, door: Door, settings: SftpSettings) -> None:
        super().__init__(door)
        self._settings = settings
        self._last: tuple[str, Seen, bytes] | None = None
        self._end = 0.0

    def _file(self, pattern: str, columns: Sequence[str]) -> Iterator[dict[str, str]]:
        check_pattern(pattern)
        if self._last is None or self._last[0] != pattern:
            self._last = (pattern, *self._sent(pattern))
        _, seen, data = self._last
        stamp = datetime.fromtimestamp(seen.written, UTC).isoformat()
        known = self._door.tally.as_of
        self._door.tally.as_of = min(known, stamp) if known else stamp
        rows = rows_of(data, PurePosixPath(seen.name).suffix, self._door.connect, columns, self._door.tally)
        for number, row in enumerate(rows):
            if number % 1000 == 0 and time.monotonic() > self._end:
                raise Unavailable(Why.DEADLINE)
            yield row

    def _sent(self, pattern: str) -> tuple[Seen, bytes]:
        """Connect, look, read, look again, hang up; all within the seconds that the door gives. Raises Unavailable."""
        import asyncio

        told = options(self._settings)
        self._end = time.monotonic() + self._door.request()
        line = _dialled(self._settings, self._end)
        loop = asyncio.new_event_loop()
        failed: TrawlError | None = None
        found: tuple[Seen, bytes] | None = None
        try:
            left = max(0.001, self._end - time.monotonic())
            found = loop.run_until_complete(asyncio.wait_for(self._talk(line, told, pattern), left))
        except TrawlError as error:
            failed = error
        except Exception as error:
            from mash_trawl.transports.sftp_faults import fault

            failed = fault(error)
        finally:
            _hung_up(loop, line)
        if failed is not None or found is None:
            raise failed or Unavailable(Why.CONNECTION_LOST)
        return found

    async def _talk(self, line: socket.socket, told: Any, pattern: str) -> tuple[Seen, bytes]:
        import asyncssh

        async with (
            asyncssh.connect(sock=line, options=told) as connection,
            connection.start_sftp_client(path_errors="surrogateescape") as sftp,
        ):
            seen = await self._newest(sftp, pattern)
            self._door.request(page=2)
            return seen, await self._whole(sftp, seen)

    async def _newest(self, sftp: SFTPClient, pattern: str) -> Seen:
        """The newest regular file that fits and is finished. Unavailable(`server_error`) when there is none."""
        import asyncssh

        held: dict[str, Seen] = {}
        count = 0
        async for entry in sftp.scandir(self._settings.folder):
            count += 1
            if count > MOST_FILES:
                raise Malformed("too_many_files")
            name = entry.filename if isinstance(entry.filename, str) else ""
            if not {"/", "\\"} & set(name) and entry.attrs.type == asyncssh.FILEXFER_TYPE_REGULAR:
                held[name] = Seen(name, entry.attrs.size or 0, entry.attrs.mtime or 0)
            self._door.wait(0)
        ending = self._settings.companion
        fitting = [seen for name, seen in held.items() if fits(name, pattern, held, ending)]
        best = max(fitting, key=lambda seen: (seen.written, seen.name), default=None)
        if best is None:
            raise Unavailable(Why.SERVER_ERROR)
        if best.size > files.MOST_BYTES:
            raise Malformed("file_too_large")
        return best

    async def _whole(self, sftp: SFTPClient, seen: Seen) -> bytes:
        """The bytes of a file that looks the same before and after. Malformed when somebody still writes it."""
        data = await self._bytes(sftp, seen.name, seen.size)
        if await self._look(sftp, seen.name) != seen or len(data) != seen.size:
            raise Malformed("still_being_written")
        if self._settings.companion == ".sha256":
            check_digest(await self._bytes(sftp, f"{seen.name}.sha256", DIGEST), digest_of(data))
        return data

    async def _look(self, sftp: SFTPClient, name: str) -> Seen:
        attrs = await sftp.lstat(self._path(name))
        return Seen(name, attrs.size or 0, attrs.mtime or 0)

    async def _bytes(self, sftp: SFTPClient, name: str, most: int) -> bytes:
        """What the file holds, at most a byte more than `most`; between two parts the door is asked whether to stop."""
        parts: list[bytes] = []
        size = 0
        async with sftp.open(self._path(name), "rb", encoding=None) as file:
            while size <= most:
                part = await file.read(min(_PART, most + 1 - size), size)
                if not part or isinstance(part, str):
                    break
                parts.append(part)
                size += len(part)
                self._door.wait(0)
        return b"".join(parts)

    def _path(self, name: str) -> str:
        return f"{self._settings.folder}/{name}"


def _dialled(settings: SftpSettings, end: float) -> socket.socket:
    why = Why.CONNECTION_LOST
    try:
        return socket.create_connection((settings.host, settings.port), max(0.001, end - time.monotonic()))
    except socket.gaierror:
        why = Why.NAME_NOT_RESOLVED
    except TimeoutError:
        why = Why.DEADLINE
    except ConnectionRefusedError:
        why = Why.CONNECTION_REFUSED
    except OSError:
        why = Why.CONNECTION_LOST
    raise Unavailable(why)


def _hung_up(loop: AbstractEventLoop, line: socket.socket) -> None:
    """End whatever is left of the talk, at once and without a word to the other side."""
    import asyncio

    line.close()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


@contextmanager
def open_session(door: Door) -> Iterator[Session]:
    """A session over the door's folder on another machine; nothing is open when it ends.

    Raises Misconfigured for settings that cannot be used, and lets what the session raises pass.
    """
    yield Session(door, read_settings(door.source, door.connect))
