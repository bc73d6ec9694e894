"""A stand-in for SQL Server, in a process of its own: `python sql_server.py FOLDER` prints its port.

pysqlbridge speaks the real protocol (TDS, TLS, log-in) over the tables in FOLDER/tables.json. FOLDER/server.pem and
server.key are its certificate. It reads and nothing else; drivers that prepare a statement and run it in one call
(sp_prepexec) are answered as if they had asked to run it (sp_executesql), which is all that is read back here.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from pysqlbridge import catalog, logins, server
from pysqlbridge.certificate import load as load_certificate
from pysqlbridge.tds import connection, rpc
from pysqlbridge.tds.result import QueryResult

PREPARED = "sp_prep_exec"
FREED = ("sp_unprepare", "sp_reset_connection")


def understood(payload: bytes, *rest: Any) -> Any:
    """A call as pysqlbridge reads it, a prepared one turned: handle, types, statement, values by name or place."""
    call = rpc.parse_rpc(payload, *rest)
    if call.procedure != PREPARED:
        return call
    _, declared, statement, *values = call.parameters
    names = [word.split()[0] for word in _parted(str(declared.value or "")) if word.strip()]
    named = [replace(value, name=value.name or name) for value, name in zip(values, names, strict=False)]
    return replace(call, procedure="sp_executesql", parameters=[statement, declared, *named],
                   proc_id=rpc.ProcId.EXECUTE_SQL)  # fmt: skip


def _parted(declared: str) -> list[str]:
    """`@P1 nvarchar(4),@P2 decimal(5,2)` at the commas that are in no brackets."""
    parts, depth = [""], 0
    for sign in declared:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def main(folder: Path) -> None:
    """Serve until killed."""
    connection.parse_rpc = understood
    tables = catalog.load(folder / "tables.json")

    def answer(query: Any) -> QueryResult:
        if query.procedure in FREED:
            return QueryResult(columns=[], rows=[])
        return tables.answer(query)

    certificate = load_certificate(folder / "server.pem", folder / "server.key")
    known = logins.load(folder / "tables.json")
    made = server.BridgeServer("", 0, certificate, query_handler=answer, logins=known)
    print(made.address[1], flush=True)
    made.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
