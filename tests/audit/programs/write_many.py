"""A process that writes to the ledger from two threads, gives up one transaction in a hundred, and says what it got.

python write_many.py URL SIGNING_KEY ENTRIES
"""

from __future__ import annotations

import random
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from mash_trawl.audit.entry import Entry
from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.signing import Signer
from mash_trawl.store.engine import Store

url, key, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
store = Store.open(url, Path())
ledger = Ledger.build(store, Signer.load(key), "test-borough/mash-trawl", lambda: datetime.now(UTC))
got: list[int] = []


def work() -> None:
    for turn in range(count // 2):
        entry = Entry("source.asked", "a", {"turn": turn}, {"case": "synthetic"})
        if random.random() < 0.01:
            try:
                with store.begin() as connection:
                    ledger.write_in(connection, entry, entry)
                    raise KeyError
            except KeyError:
                pass
        got.extend(ledger.write(entry))


threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
store.close()
print(*got)
