"""Is anybody at the address of a SQL Server? Microsoft's driver goes on trying for its whole time where nobody listens.

A refused connection is then told at once, and as what it is, not as a deadline. Other drivers tell it themselves, and
their servers may count a caller who says nothing as a fault (MariaDB: `max_connect_errors`): nobody knocks there.
"""

from __future__ import annotations

import re
import socket

from mash_trawl.errors import Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.transports.odbc_string import kind_of, read

_PLACE = re.compile(r"(?:tcp:)?\[?([^\[\],\\]+)\]?,(\d{1,5})", re.IGNORECASE)


def knock(string: str, seconds: float) -> None:
    """Raise Unavailable if the machine and port of this connection string do not answer; without a port, do nothing."""
    said = {name.lower(): value for name, value in read(string)}
    found = _PLACE.fullmatch(said.get("server", "").strip())
    if found is None or not kind_of(said.get("driver", "")).startswith("microsoft"):
        return
    why = Why.CONNECTION_LOST
    try:
        socket.create_connection((found[1], int(found[2])), timeout=seconds).close()
        return
    except socket.gaierror:
        why = Why.NAME_NOT_RESOLVED
    except TimeoutError:
        why = Why.DEADLINE
    except ConnectionRefusedError:
        why = Why.CONNECTION_REFUSED
    except (OSError, OverflowError):
        why = Why.CONNECTION_LOST
    raise Unavailable(why)
