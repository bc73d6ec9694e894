"""What went wrong over SFTP, as one of the stable codes; messages of the library are thrown away: they hold paths."""

from __future__ import annotations

import asyncssh

from mash_trawl.errors import Malformed, TrawlError, Unavailable
from mash_trawl.model.answer import Why

_KINDS: tuple[tuple[Why, tuple[type[BaseException], ...]], ...] = (
    (Why.DEADLINE, (TimeoutError,)),
    (Why.TLS_FAILED, (asyncssh.HostKeyNotVerifiable, asyncssh.KeyExchangeFailed, asyncssh.MACError)),
    (Why.LOGIN_FAILED, (asyncssh.PermissionDenied, asyncssh.IllegalUserName)),
    (Why.CUSTODIAN_SAID_NO, (asyncssh.SFTPPermissionDenied,)),
    (Why.CONNECTION_REFUSED, (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath)),
    (Why.CONNECTION_LOST, (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection, asyncssh.ConnectionLost)),
    (Why.UNREADABLE_ANSWER, (asyncssh.ProtocolError, asyncssh.SFTPBadMessage)),
    (Why.SERVER_ERROR, (asyncssh.SFTPError, asyncssh.ChannelOpenError)),
    (Why.CONNECTION_LOST, (asyncssh.DisconnectError, OSError)),
    (Why.UNREADABLE_ANSWER, (ValueError,)),
)


def fault(error: BaseException) -> TrawlError:
    """Our error for asyncssh's or the socket's; raise it outside the `except` block."""
    for why, kinds in _KINDS:
        if isinstance(error, kinds):
            return Malformed("not_sftp") if why is Why.UNREADABLE_ANSWER else Unavailable(why)
    return Unavailable(Why.CONNECTION_LOST)
