"""What named people said of records: by which id a match is named, and when what was said still counts."""

from __future__ import annotations

import hashlib


def match_id(source: str, ref: str) -> str:
    """The id by which people name a record of a source: it tells nothing of the source's own key."""
    return f"{source}:{hashlib.sha256(f'{source}|{ref}'.encode()).hexdigest()[:8]}"
