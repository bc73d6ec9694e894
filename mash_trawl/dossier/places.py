"""Where every copy lives and how it ends: of a hub as it is set up and filled now."""

from __future__ import annotations

from mash_trawl.model.dossier import CopyFacts
from mash_trawl.model.hub import HubFile
from mash_trawl.store.copies import Copies

_WITH_ROOT = "opens nothing once the case is destroyed: each destruction changes the root key"


def places(settings: HubFile, counted: Copies, drafts: int) -> tuple[CopyFacts, ...]:
    """Every kind of copy, in the order in which a case makes them."""
    kept = settings.root_keys.disk_images_kept
    images = f"kept {kept.to_text()} (hub.yaml: disk_images_kept)" if kept else "nobody has said how long they are kept"
    database = settings.database.partition(":")[0].partition("+")[0]
    return (
        CopyFacts(what="Drafts of cases", where="cases/ in the hub's folder", number=drafts,
                  holds="names, birth dates, addresses, the story: plain files",
                  ends="`destroy --draft delete`, or by hand; backups of the folder keep them"),
        CopyFacts(what="Sealed products", where="records/ in the hub's folder, or where a run put them",
                  number=counted.sealed, holds="the product, encrypted to its readers",
                  ends="`destroy`: every copy at once, wherever it lies, by destroying its key"),
        CopyFacts(what="Working copies", where="inside the sealed products",
                  holds="what the next trawl needs, encrypted; no reader can open it alone",
                  ends="with its product; only the newest of a case can be opened"),
        CopyFacts(what="Exports", where="wherever the reader put them", number=counted.plain,
                  holds="the product, plain", ends="by hand: custody lists each, and the certificate of "
                  "destruction names whom to ask"),
        CopyFacts(what="Printed sheets", where="wherever whoever printed them put them", number=counted.printed,
                  holds="decisions with names, plain: `plan --html`, `explain --html`",
                  ends="by hand, with the case file"),
        CopyFacts(what="Letters and sheets for families", where="wherever whoever made them put them",
                  holds="who is asked about whom, or what kinds came: plain, to be handed over",
                  ends="by hand; the hub's note that they were made goes when the case is destroyed"),
        CopyFacts(what="Letters about emergencies", where="outbox/ in the hub's folder, and outbox/sent/",
                  holds="a case id, who declared it, who must look; nothing of the family",
                  ends="when the case is destroyed; what was delivered by hand"),
        CopyFacts(what="Database", where=f"{database}: custody, statements, family letters, journal of batches",
                  holds="wrapped keys, ids, what was signed, that a family was told; no answer of any agency",
                  ends="a case's keys, grants, lease, statements and notes of letters go when it is destroyed; its id "
                  "stays in a tombstone and in the journal of batches"),
        CopyFacts(what="Ledger", where=f"{database}: in the same database",
                  holds="who did what, when, on which rule: opaque ids; case ids in parts that can be erased",
                  ends="never: it is the proof; retention is the profile's `decision_log`"),
        CopyFacts(what="Backups of the database", where="wherever they are made",
                  holds="the same", ends=_WITH_ROOT),
        CopyFacts(what="Root keys", where=f"{len(settings.root_keys.paths)} copies outside the hub's folder "
                  f"({settings.root_keys.kind})", holds="the key to every product that is not destroyed",
                  ends="changed at every destruction; images of their disks: " + images),
        CopyFacts(what="Keys of readers and of the hub", where="the folders that hub.yaml names, or people's accounts",
                  holds="private keys of people; the key that signs ledger and products", ends="by hand"),
    )  # fmt: skip
