"""The floor: the same calls to the same systems by threads, requests and sqlite3, and nothing else.

No consent, gate, ledger, matching, product or sealing. `python -m benchmarks.floor PLAN` is the whole cold process.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import requests

Call = Mapping[str, Any]
WIDTH = 2
"""How many calls a source bears at once, as a hub sets it by default."""


def gather(plan: Mapping[str, Any]) -> int:
    """Make every call of the plan; how many rows and items came back."""
    counts: list[int] = []
    threads = [
        threading.Thread(target=_source, args=(Path(plan["county"]), name, iter(calls), counts))
        for name, calls in plan["calls"].items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)


def _source(county: Path, name: str, calls: Iterator[Call], counts: list[int]) -> None:
    lock = threading.Lock()
    work = _sql if name == "housing" else _http
    lanes = [threading.Thread(target=work, args=(county, name, calls, lock, counts)) for _ in range(WIDTH)]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()


def _next(calls: Iterator[Call], lock: threading.Lock) -> Call | None:
    with lock:
        return next(calls, None)


def _sql(county: Path, _name: str, calls: Iterator[Call], lock: threading.Lock, counts: list[int]) -> None:
    connection = sqlite3.connect(f"{(county / 'housing.db').as_uri()}?mode=ro", uri=True)
    while call := _next(calls, lock):
        counts.append(len(connection.execute(call["statement"], call["values"]).fetchall()))
    connection.close()


def _http(county: Path, name: str, calls: Iterator[Call], lock: threading.Lock, counts: list[int]) -> None:
    read = {part: (county / f"{name}.{part}").read_text("utf-8").strip() for part in ("url", "token-url", "secret")}
    host = read["token-url"].removesuffix("/oauth2/token")
    with requests.Session() as session:
        session.trust_env = False
        form = {"grant_type": "client_credentials", "client_id": "mash-hub", "client_secret": read["secret"]}
        token = session.post(read["token-url"], data=form, timeout=10).json()["access_token"]
        session.headers["Authorization"] = f"Bearer {token}"
        while call := _next(calls, lock):
            headers = {"Content-Type": call["kind"]}
            answer = session.post(host + call["path"], data=call["body"].encode(), headers=headers, timeout=10)
            answer.raise_for_status()
            found: Sequence[Any] = answer.json().get("items") or answer.json().get("entry") or ()
            counts.append(len(found))


if __name__ == "__main__":
    print(gather(json.loads(Path(sys.argv[1]).read_text("utf-8"))))
