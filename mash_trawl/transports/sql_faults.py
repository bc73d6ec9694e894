"""What went wrong in a database, as one of the stable codes; nothing of the statement, its values or the address."""

from __future__ import annotations

from sqlalchemy import exc

from mash_trawl.errors import Malformed, TrawlError, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.transports.sql_missing import missing

_BY_STATE = (
    ("28", Why.LOGIN_FAILED),
    ("3D", Why.LOGIN_FAILED),
    ("42501", Why.CUSTODIAN_SAID_NO),
    ("57014", Why.DEADLINE),
    ("25006", Why.CUSTODIAN_SAID_NO),
    ("HYT", Why.DEADLINE),
    ("70100", Why.DEADLINE),
    ("08001", Why.CONNECTION_REFUSED),
    ("08", Why.CONNECTION_LOST),
    ("57P", Why.CONNECTION_LOST),
    ("53", Why.TOO_MANY_REQUESTS),
    ("IM00", Why.DRIVER_MISSING),
)
"""SQLSTATE beginnings, in the order in which they are tried (SQL standard, PostgreSQL appendix A, ODBC)."""

_VAGUE = ("HY000", "S1000", "00000", "01000")
"""States that say nothing; the words of the message are tried then."""

_BY_WORDS = (
    ("can't open lib", Why.DRIVER_MISSING),
    ("unexpected eof", Why.CONNECTION_LOST),
    ("adaptive server is unavailable", Why.CONNECTION_REFUSED),
    ("error code 0x2746", Why.CONNECTION_LOST),
    ("error code 0x68 ", Why.CONNECTION_LOST),
    ("interrupted", Why.DEADLINE),
    ("timeout expired", Why.DEADLINE),
    ("statement timeout", Why.DEADLINE),
    ("execution time exceeded", Why.DEADLINE),
    ("login timeout", Why.CONNECTION_REFUSED),
    ("the database system is", Why.CONNECTION_LOST),
    ("pg_hba.conf", Why.LOGIN_FAILED),
    ("password", Why.LOGIN_FAILED),
    ("authentication", Why.LOGIN_FAILED),
    ("access denied", Why.LOGIN_FAILED),
    ("login failed", Why.LOGIN_FAILED),
    ("does not exist", Why.LOGIN_FAILED),
    ("translate host name", Why.NAME_NOT_RESOLVED),
    ("resolve host", Why.NAME_NOT_RESOLVED),
    ("name or service not known", Why.NAME_NOT_RESOLVED),
    ("ssl", Why.TLS_FAILED),
    ("certificate", Why.TLS_FAILED),
    ("refused", Why.CONNECTION_REFUSED),
    ("unable to open database file", Why.CONNECTION_REFUSED),
    ("no such file", Why.CONNECTION_REFUSED),
    ("closed the connection", Why.CONNECTION_LOST),
    ("connection reset", Why.CONNECTION_LOST),
    ("lost synchronization", Why.CONNECTION_LOST),
    ("not a database", Why.UNREADABLE_ANSWER),
    ("malformed", Why.UNREADABLE_ANSWER),
    ("permission denied", Why.CUSTODIAN_SAID_NO),
    ("not authorized", Why.CUSTODIAN_SAID_NO),
    ("prohibited", Why.CUSTODIAN_SAID_NO),
)
"""Words of messages without a state (psycopg while connecting, SQLite), in lower case, in order."""


_DENIED = (
    ("login failed", Why.LOGIN_FAILED),
    ("permission was denied", Why.CUSTODIAN_SAID_NO),
    ("command denied", Why.CUSTODIAN_SAID_NO),
    ("access denied", Why.LOGIN_FAILED),
    ("read only transaction", Why.CUSTODIAN_SAID_NO),
)
"""Words beside 42000, the state in which SQL Server and MariaDB say no as well as that a statement is wrong."""

_ORACLE = {
    "ORA-01017": Why.LOGIN_FAILED, "ORA-28000": Why.LOGIN_FAILED, "ORA-28001": Why.LOGIN_FAILED,
    "ORA-01045": Why.LOGIN_FAILED, "ORA-12514": Why.CONNECTION_REFUSED, "ORA-12541": Why.CONNECTION_REFUSED,
    "ORA-01031": Why.CUSTODIAN_SAID_NO, "ORA-01456": Why.CUSTODIAN_SAID_NO, "ORA-03113": Why.CONNECTION_LOST,
    "ORA-03114": Why.CONNECTION_LOST, "ORA-03136": Why.DEADLINE, "ORA-01013": Why.DEADLINE,
    "DPY-4024": Why.DEADLINE, "DPY-4011": Why.CONNECTION_LOST, "DPY-6001": Why.CONNECTION_REFUSED,
    "DPY-6003": Why.CONNECTION_REFUSED, "DPY-3010": Why.DRIVER_MISSING, "DPI-1047": Why.DRIVER_MISSING,
}  # fmt: skip
"""Oracle's own numbers, and those of python-oracledb (DPY) and of its thick mode (DPI)."""


def fault(error: Exception) -> TrawlError:
    """The typed error for a driver's or SQLAlchemy's. Raise it `from None`: the cause may hold values."""
    if isinstance(error, TrawlError):
        return error
    if isinstance(error, exc.NoSuchModuleError | ImportError):
        return Unavailable(Why.DRIVER_MISSING)
    if isinstance(error, exc.ArgumentError):
        return Unavailable(Why.SECRET_MISSING)
    if isinstance(error, exc.NoSuchTableError):
        return Unavailable(Why.SERVER_ERROR)
    original = error.orig if isinstance(error, exc.DBAPIError) and error.orig is not None else error
    why = why_of(original)
    if why is Why.UNREADABLE_ANSWER or isinstance(original, UnicodeDecodeError):
        return Malformed(Why.UNREADABLE_ANSWER)
    if why is Why.SERVER_ERROR and isinstance(error, exc.DBAPIError) and error.connection_invalidated:
        why = Why.CONNECTION_LOST
    named = missing(original) if why is Why.SERVER_ERROR else None
    return named or Unavailable(why)


def why_of(error: BaseException) -> Why:
    """The code for a driver's exception, by its SQLSTATE where it has one, else by words of its message."""
    told = getattr(error.args[0], "full_code", None) if error.args else None
    if told in _ORACLE:
        return _ORACLE[told]
    state = getattr(error, "sqlstate", None) or (error.args[0] if len(error.args) > 1 else None)
    message = str(error).lower()
    if isinstance(state, str):
        for beginning, why in _BY_STATE:
            if state.startswith(beginning):
                return _nearer(why, message)
        if state == "42000":
            return next((why for words, why in _DENIED if words in message), Why.SERVER_ERROR)
        if state not in _VAGUE:
            return Why.SERVER_ERROR
    for words, why in _BY_WORDS:
        if words in message:
            return why
    return Why.SERVER_ERROR


def _nearer(why: Why, message: str) -> Why:
    """Connection states say little; the words beside them may say more."""
    if why in (Why.CONNECTION_REFUSED, Why.CONNECTION_LOST):
        return next((nearer for words, nearer in _BY_WORDS if words in message), why)
    return why
