"""Who typed a command that `sudo` runs as the hub's account: several people at one hub, each under their own name.

A hub belongs to one account, and nobody else can read its folder. Where `hub.yaml` lists the host `sudo` under
`vouches:`, a person runs the program as that account (`sudo -u mash mash-trawl ...`), and what sudo says of who called
it is believed: `SUDO_USER`, and no other variable and no option. To this program it is a variable like others; that it
is true rests on the account, which people reach only by the one command of the sudoers file
(docs/decisions/0191-sudo-says-who-types.md).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from mash_trawl.config.hubfile import load_hub_file
from mash_trawl.config.place import check_place
from mash_trawl.errors import Refused
from mash_trawl.model.actor import Actor
from mash_trawl.model.hub import HubFile
from mash_trawl.system import caller_of_sudo, is_own

SUDO = "sudo"
"""The name of the host under `vouches:`, and what stands as `vouched_by` in the ledger."""


def who_types(folder: Path, environ: Mapping[str, str] = os.environ) -> Actor | None:
    """The person whose account called sudo; None where the account of this process itself acts, as without sudo.

    Raises Refused("not_enrolled"), and Misconfigured for a folder that others may change or a wrong hub file.
    """
    caller = caller_of_sudo(environ)
    if caller is None:
        return None
    check_place(folder.resolve())
    settings = load_hub_file(folder / "hub.yaml")
    return claimed_by_sudo(settings, caller, lambda: is_own(folder.resolve()))


def claimed_by_sudo(settings: HubFile, caller: str, hubs_account: Callable[[], bool]) -> Actor | None:
    """The actor that sudo vouches for, in their own roles; the hub keeps those that it lets sudo pass on.

    None where the hub does not list sudo, or this process does not run as the account that the hub belongs to.
    """
    if all(host.host != SUDO for host in settings.vouches or ()) or not hubs_account():
        return None
    here = (person for person in settings.people if person.left is None and person.account)
    person = next((person for person in here if person.account == caller), None)
    if person is None:
        what = "the account that called sudo is not enrolled in this hub"
        do = "Whoever may enrol says: `mash-trawl keys enrol ID --account ACCOUNT --role ROLE`."
        raise Refused("not_enrolled", what, do)
    return Actor(id=person.id, roles=person.roles, vouched_by=SUDO)
