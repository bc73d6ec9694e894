"""Checkpoints: origin, size and root as three signed lines, and nothing else."""

from __future__ import annotations

import pytest

from mash_trawl.audit.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from mash_trawl.audit.note import sign_note
from mash_trawl.audit.signing import Signer
from mash_trawl.audit.tree import EMPTY
from mash_trawl.errors import Refused

ROOT = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


def test_a_checkpoint_is_three_lines_and_reads_back(signer: Signer) -> None:
    checkpoint = Checkpoint(origin="north/mash-trawl", size=0, root=EMPTY)
    assert checkpoint.text == f"north/mash-trawl\n0\n{ROOT}\n"
    assert open_checkpoint(sign_checkpoint(checkpoint, signer), [signer.verifier]) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        f"north\n{ROOT}\n",
        f"north\n0\n{ROOT}\nextension\n",
        f"north\n00\n{ROOT}\n",
        f"north\n+1\n{ROOT}\n",
        f"north\n-1\n{ROOT}\n",
        f"north\n1_0\n{ROOT}\n",
        f"north\n١\n{ROOT}\n",
        f"north\n 1\n{ROOT}\n",
        f"\n0\n{ROOT}\n",
        f"north\n0\n{ROOT[:-1]}\n",
        f"north\n0\n{ROOT[:-2]}V=\n",
        "north\n0\nAAAA\n",
        "north\n0\n\n",
    ],
)
def test_a_signed_text_that_is_not_exactly_a_checkpoint_is_refused(signer: Signer, text: str) -> None:
    with pytest.raises(Refused):
        open_checkpoint(sign_note(text, signer), [signer.verifier])
