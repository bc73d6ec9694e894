"""Forks writers one after the other and kills each at a random moment of its writing; says what was promised.

    python be_killed.py URL SIGNING_KEY KILLS

A writer tells each number through a pipe only after `write` has returned it. The last line is the highest number told.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from mash_trawl.audit.entry import Entry
from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.signing import Signer
from mash_trawl.store.engine import Store

url, key, kills = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
signer = Signer.load(key)


def write_for_ever(told: int) -> NoReturn:
    store = Store.open(url, Path())
    ledger = Ledger.build(store, signer, "test-borough/mash-trawl", lambda: datetime.now(UTC))
    while True:
        numbers = ledger.write(*[Entry("source.asked", "a", {}, {"case": "synthetic"})] * random.randint(1, 3))
        os.write(told, numbers[-1].to_bytes(8, "big"))


Store.open(url, Path()).close()  # everything is imported before the first fork
highest = -1
for _ in range(kills):
    hear, tell = os.pipe()
    writer = os.fork()
    if writer == 0:
        os.close(hear)
        write_for_ever(tell)
    os.close(tell)
    heard = os.read(hear, 8)
    time.sleep(random.uniform(0, 0.01))
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    while len(heard) >= 8:
        highest = max(highest, int.from_bytes(heard[:8], "big"))
        heard = heard[8:] or os.read(hear, 8)
    os.close(hear)
print(highest)
