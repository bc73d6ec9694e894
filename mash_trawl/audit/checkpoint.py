"""What the hub says of its whole ledger at one moment (c2sp.org/tlog-checkpoint): origin, size and root, signed."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from mash_trawl.audit.note import open_note, sign_note
from mash_trawl.audit.signing import Signer, Verifier, strict_base64
from mash_trawl.audit.tree import HASH
from mash_trawl.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The ledger called `origin` had `size` entries, and this root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """The checkpoint as a signed note."""
    return sign_note(checkpoint.text, signer)


def open_checkpoint(note: str, verifiers: Sequence[Verifier]) -> Checkpoint:
    """The checkpoint in a note signed by one of `verifiers`. Raises Refused; extension lines too: we write none."""
    text = open_note(note, verifiers)
    try:
        origin, size, root, end = text.split("\n")
        checkpoint = Checkpoint(origin=origin, size=int(size), root=strict_base64(root))
    except ValueError:
        raise Refused("checkpoint_malformed", "This note is not a checkpoint.") from None
    if end or not origin or len(checkpoint.root) != HASH or checkpoint.size < 0 or checkpoint.text != text:
        raise Refused("checkpoint_malformed", "This note is not a checkpoint.")
    return checkpoint
