"""The tamper-evident ledger: entries, checkpoints, verification."""
