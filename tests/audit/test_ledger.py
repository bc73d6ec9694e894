"""Writing to the ledger: numbers, time, signatures, what is refused."""

from __future__ import annotations

from mash_trawl.audit.entry import Entry
from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.signing import Signer
from mash_trawl.audit.verify import verify
from mash_trawl.store.engine import Store


def test_entries_get_the_next_numbers_and_verify(any_ledger: Ledger, any_store: Store, signer: Signer) -> None:
    assert any_ledger.write(Entry("trawl.requested", "a", {"people": 2}), Entry("trawl.started", "a", {})) == (0, 1)
    assert any_ledger.write(Entry("trawl.finished", "a", {}, {"case": "synthetic"})) == (2,)
    with any_store.begin() as connection:
        assert any_ledger.write_in(connection, Entry("trawl.started", "a", {})) == (3,)
        assert any_ledger.write_in(connection, Entry("trawl.stopped", "a", {})) == (4,)
    outcome = verify(any_store, signer.verifier, any_ledger.checkpoint())
    assert (outcome.size, outcome.problems, outcome.first_bad, outcome.erased) == (5, (), None, 0)
