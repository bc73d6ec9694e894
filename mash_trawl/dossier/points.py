"""What is still open before anybody should sign: each a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mash_trawl.model.dossier import Dossier
from mash_trawl.model.hub import HubFile
from mash_trawl.model.roles import holders


def with_points(made: Dossier, settings: HubFile, remarks: Sequence[str], faults: Sequence[str]) -> Dossier:
    """The same dossier with its open points: those of the hub, what `profile lint` remarks, what does not count."""
    found = (*_of_hub(made, settings), *remarks, *faults)
    return replace(made, open_points=tuple(dict.fromkeys(found)))


def _of_hub(made: Dossier, settings: HubFile) -> Iterator[str]:
    if settings.statements == "from_file":
        yield "Consents and decisions count as case files state them; nobody signs them (`statements: from_file`)."
    for file in made.files:
        if file.state == "never_approved":
            yield f"{file.file} was never approved."
        elif file.state == "changed":
            yield f"{file.file} has changed since {file.approved_by} approved it."
    if settings.root_keys.disk_images_kept is None:
        yield "Nobody has said how long images of the root keys' disks are kept (`disk_images_kept`)."
    if settings.root_keys.kind == "disk":
        yield "The root keys lie on a disk, not on a device that keeps them."
    for act, what in (("approve", "approve what the hub runs with"), ("decide", "decide"), ("destroy", "destroy")):
        if not list(holders(act, settings)):
            yield f"Nobody enrolled may {what}."
    for source in made.sources:
        if source.certificate.startswith("NOT CHECKED"):
            yield f"The certificate of {source.name} is {source.certificate}."
