"""Signed notes as C2SP defines them (c2sp.org/signed-note): a text, an empty line, one line for each signature."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from mash_trawl.audit.signing import Signer, Verifier, strict_base64
from mash_trawl.errors import Refused

_DASH = "— "
_MOST_SIGNATURES = 100


def sign_note(text: str, signer: Signer) -> str:
    """The note over `text`, which must end in a newline and hold no other control character."""
    if not _is_text(text):
        raise Refused("note_malformed", "Only plain lines of text can be signed.")
    signature = signer.verifier.key_id + signer.sign(text.encode())
    return f"{text}\n{_DASH}{signer.verifier.name} {base64.b64encode(signature).decode()}\n"


def open_note(note: str, verifiers: Sequence[Verifier]) -> str:
    """The text of a note that at least one of `verifiers` signed and none signed wrongly.

    Signatures by unknown keys are passed over, as the format wants. Raises Refused: `note_malformed`,
    `signature_bad` (a known key's signature fails), `signature_missing` (no known key signed).
    """
    cut = note.rfind("\n\n")
    text, block = note[: cut + 1], note[cut + 2 :]
    if cut < 0 or not _is_text(text) or not block.endswith("\n"):
        raise _malformed()
    lines = block[:-1].split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise _malformed()
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    good = False
    for name, key_id, signature in map(_signature, lines):
        verifier = known.get((name, key_id))
        if verifier is None:
            continue
        if not verifier.verify(text.encode(), signature):
            raise Refused("signature_bad", "A signature does not belong to this text.")
        good = True
    if not good:
        raise Refused("signature_missing", "Nobody known here has signed this text.")
    return text


def _signature(line: str) -> tuple[str, bytes, bytes]:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    try:
        data = strict_base64(encoded)
    except ValueError:
        raise _malformed() from None
    if not line.startswith(_DASH) or not name or "+" in name or not space or len(data) < 5:
        raise _malformed()
    return name, data[:4], data[4:]


def _is_text(text: str) -> bool:
    if not text.endswith("\n") or any(letter < " " and letter != "\n" for letter in text):
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _malformed() -> Refused:
    return Refused("note_malformed", "This is not a signed note.")
