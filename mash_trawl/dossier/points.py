"""What is still open before anybody should sign: each a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from mash_trawl.model.dossier import Dossier
from mash_trawl.model.hub import HubFile
from mash_trawl.model.roles import holders

SOON = timedelta(days=90)
REVIEW = timedelta(days=365)


def with_points(made: Dossier, settings: HubFile, faults: Sequence[str], today: date) -> Dossier:
    """The same dossier with its open points."""
    found = (*_of_hub(made, settings), *_of_agreements(made, today), *_of_profiles(made, today), *faults)
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


def _of_agreements(made: Dossier, today: date) -> Iterator[str]:
    if not made.agreements:
        yield "The hub names no information-sharing agreement, so nothing is asked."
    for one in made.agreements:
        if one.state != "in_force":
            yield f"The agreement {one.id} is not in force ({one.state.replace('_', ' ')})."
        elif one.to <= today + SOON:
            yield f"The agreement {one.id} ends on {one.to.isoformat()}."
        if one.unsigned:
            yield f"The agreement {one.id} is not signed by: {', '.join(one.unsigned)}."
        if one.review_on and one.review_on <= today:
            yield f"The agreement {one.id} was to be reviewed on {one.review_on.isoformat()}."
    for profile in made.profiles:
        bare = dict.fromkeys(f"{one.agency}" for one in profile.categories if one.sources and not one.agreements)
        if bare:
            yield f"Under {profile.id} no agreement in force covers all that is offered by: {', '.join(bare)}."


def _of_profiles(made: Dossier, today: date) -> Iterable[str]:
    for profile in made.profiles:
        for power in profile.powers:
            if power.shut:
                yield f"{profile.id}: the power {power.id} is shut: {power.shut}."
            if power.reviewed_on + REVIEW <= today:
                yield f"{profile.id}: the law behind {power.id} was last looked at on {power.reviewed_on.isoformat()}."
