"""Making a hub: its folder, its keys beside it and never inside it, and a commented hub.yaml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.system import folder_faults, private_folder

TO_DO = "Choose a folder on a disk of this machine that belongs to this account alone (chmod 700)."
TEMPLATE = """\
# One installation of mash_trawl. Relative paths start at this file.
version: 1
name: {name}
profiles: [{profiles}]            # a case naming another is refused
database: sqlite:///hub.db        # or postgresql+psycopg://USER@HOST/DATABASE
# The root key opens everything and dies with each destruction: keep the two copies on different disks or media, never
# inside this folder, never in a backup. `disk_images_kept` is how long backups of those disks are kept.
root_keys: {{paths: [{keys}/root.a, {keys}/root.b], kind: disk}}
reader_keys: {keys}/readers
signing_key: {keys}/hub.sign
# from_file: consents count as the case file states them, and the product says "not signed".
# signed: only what enrolled people signed counts, and only files that were approved (docs/statements.md).
statements: from_file
# Who may act, and as what (docs/people-and-roles.md). `mash-trawl keys enrol` adds a line here.
people:
  - {{id: {person}, account: {account}, roles: [analyst, mash_manager, decider]}}
# What the profiles call those who decide: give these names under `people:`, so that each power finds its own decider.
roles:
  names:
    team_manager: [decider]
    adult_safeguarding_manager: [decider]
    caldicott_guardian: [decider]
    named_doctor: [decider]
    legal_adviser: [decider]
# Who writes to families, and to whom they can complain (docs/for-families.md):
{family}
# Information-sharing agreements (docs/agreements.md). An agency that is no party of one in force, or did not sign it,
# is not asked. With none here nothing is asked at all.
agreements: [{agreements}]
# Plugins that may be imported, by the distribution that brings them:
approve: [{approve}]
tls: {{ca: system}}
# The agency systems. `connect` values may be references: env:NAME, file:PATH; they are read only after a permit.
sources:{sources}
"""
AGREEMENT = "agreements/partnership.yaml"
"""Where the agreement of a new hub lies, as hub.yaml names it."""
EXAMPLE = "agreements/EXAMPLE.yaml"
EXAMPLE_TEXT = """\
# An example: it counts for nothing, because hub.yaml does not name it, and because nobody signed it.
# Copy it, write what your partnership agreed, name the copy under `agreements:` in hub.yaml, then run `check`.
version: 1
id: our-agreement
edition: "1"
title: Information-sharing agreement of our partnership
parties: [childrens_social_care, police, health, housing]     # agencies as the profile names them
purposes: [early_help, children_in_need, front_door]          # profiles
categories:                                                   # what each party shares: all, or a list
  childrens_social_care: all
  police: [safeguarding, domestic_abuse, missing]
  health: [gp_summary, health_visiting]
  housing: [tenancy, asb]
from: 2026-04-01
to: 2028-04-01                                                # the first day on which it no longer holds
review_on: 2027-04-01
signatories: []      # - {party: police, role: Chief constable's delegate, on: 2026-03-20, name: Their name}
contacts: {}         # police: Disclosure desk, 01632 960002
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHub:
    """What a new hub is made of. `approve` and `sources` are YAML text for the file.

    `agreement` is the text of an information-sharing agreement; without one the hub names none, and asks nothing.
    """

    folder: Path
    keys: Path
    profiles: Sequence[str]
    person: str
    account: str
    passphrase: bytes | None
    approve: str = ""
    sources: str = " []"
    family: str = '# family: {team: the family desk, telephone: "01632 960000", complaints: the complaints officer}'
    agreement: str = ""


def create_hub(new: NewHub) -> None:
    """Make folder, keys, enrolment, hub.yaml and database.

    Misconfigured, with nothing made, when a part is there already, or the folder for hub or keys is synchronised, on a
    network share, readable by others or another account's.
    """
    from mash_trawl.audit.signing import Signer
    from mash_trawl.config.profiles import load_profile
    from mash_trawl.vault.readers import enrol_reader
    from mash_trawl.vault.root import create_root

    _refuse_what_exists(new)
    for profile in new.profiles:
        load_profile(profile)
    inside = [new.folder / name for name in ("cases", "records", "agreements")]
    for folder in (new.folder, *inside, new.keys, new.keys / "readers"):
        private_folder(folder)
    name = re.sub(r"[^a-z0-9]+", "-", new.folder.name.lower()).strip("-") or "hub"
    Signer.create(new.keys / "hub.sign", f"{name}/mash-trawl")
    create_root([new.keys / "root.a", new.keys / "root.b"])
    enrol_reader(new.keys / "readers", new.person, new.passphrase)
    text = TEMPLATE.format(
        name=name, profiles=", ".join(new.profiles), keys=_relative(new.keys, new.folder), person=new.person,
        account=new.account, approve=new.approve, sources=new.sources, family=new.family,
        agreements=_write_agreement(new),
    )  # fmt: skip
    (new.folder / "hub.yaml").write_text(text, "utf-8")


def _write_agreement(new: NewHub) -> str:
    """Put the agreement, or else an example of one that counts for nothing, into the hub; returns what hub.yaml names.

    Raises Misconfigured when the agreement cannot be read: a hub that cannot be opened is not left behind.
    """
    from mash_trawl.config.agreements import read_agreement

    file = new.folder / (AGREEMENT if new.agreement else EXAMPLE)
    file.write_text(new.agreement or EXAMPLE_TEXT, "utf-8")
    read_agreement(file)
    return AGREEMENT if new.agreement else ""


def person_id(account: str) -> str:
    """An id for the person of an account: without its Windows domain, and only with what an id may hold."""
    plain = re.sub(r"[^A-Za-z0-9._@-]+", ".", account.rpartition("\\")[2]).strip("._@-")
    return plain[:64] or "person"


def _relative(keys: Path, folder: Path) -> str:
    """The keys' folder as hub.yaml writes it: relative where both share a parent, else absolute."""
    keys, folder = keys.resolve(), folder.resolve()
    return f"../{keys.name}" if keys.parent == folder.parent else keys.as_posix()


def _refuse_what_exists(new: NewHub) -> None:
    problems = []
    if (new.folder / "hub.yaml").exists():
        problems.append(
            Problem(where=str(new.folder), what="there is a hub here already.", do="Choose another folder.")
        )
    if new.keys.exists() and any(new.keys.iterdir()):
        problems.append(Problem(where=str(new.keys), what="the folder for keys is not empty.", do="Say `--keys DIR`."))
    if new.keys.resolve().is_relative_to(new.folder.resolve()):
        problems.append(
            Problem(where=str(new.keys), what="keys may not lie inside the hub's folder.", do="Say `--keys DIR`.")
        )
    for folder in (new.folder, new.keys):
        problems += [Problem(where=str(folder), what=what, do=TO_DO) for what in folder_faults(folder)]
    if problems:
        raise Misconfigured(*problems)
