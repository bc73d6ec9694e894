"""Which hub a command works on: `--hub`, `$MASH_TRAWL_HUB`, or the current folder if this account made or trusts it."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.system import shell_word

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.render.steps import Steps

APP = "mash-trawl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """A hub that this account made or said it trusts: its folder, and the fingerprint of its signing key then."""

    folder: str
    name: str = ""
    key: str = ""


def own_folder() -> Path:
    """This account's own folder for this program: the list of trusted hubs, and keys that never go to a hub."""
    return Path(click.get_app_dir(APP))


def _trusted_file() -> Path:
    return own_folder() / "hubs.json"


def trusted_hubs() -> tuple[Trusted, ...]:
    """The hubs that this account made or trusts. A list that cannot be read is an empty one."""
    try:
        listed = json.loads(_trusted_file().read_text("utf-8"))
    except (OSError, ValueError):
        return ()
    found = []
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, str):
            found.append(Trusted(folder=item))
        elif isinstance(item, dict) and isinstance(item.get("folder"), str):
            found.append(Trusted(folder=item["folder"], name=str(item.get("name", "")), key=str(item.get("key", ""))))
    return tuple(found)


def remember_hub(folder: Path) -> None:
    """Note that this account made or trusts the hub in this folder, as it is now."""
    name, key = identity(folder)
    new = Trusted(folder=str(folder.resolve()), name=name, key=key)
    _write([*(hub for hub in trusted_hubs() if hub.folder != new.folder), new])


def forget_hub(folder: Path) -> bool:
    """Trust it no longer; False when it was not trusted."""
    kept = [hub for hub in trusted_hubs() if hub.folder not in {str(folder), str(folder.resolve())}]
    known = len(kept) < len(trusted_hubs())
    if known:
        _write(kept)
    return known


def identity(folder: Path) -> tuple[str, str]:
    """A hub's name and the fingerprint of the key that it signs with. Misconfigured when either cannot be read."""
    from mash_trawl.audit.signing import Signer
    from mash_trawl.config.hubfile import load_hub_file

    settings = load_hub_file(folder / "hub.yaml")
    public = Signer.load(folder / settings.signing_key).verifier.line
    return settings.name, hashlib.sha256(public.encode()).hexdigest()[:32]


def _write(hubs: list[Trusted]) -> None:
    from mash_trawl.system import private_folder

    file = _trusted_file()
    private_folder(file.parent)
    rows = [asdict(hub) for hub in sorted(hubs, key=lambda hub: hub.folder)]
    draft = file.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(json.dumps(rows, indent=1), "utf-8")
    draft.replace(file)


def hub_folder(given: Path | None) -> Path:
    """The folder of the hub to work on; Misconfigured with what to do when there is none."""
    if given is None and os.environ.get("MASH_TRAWL_HUB"):
        given = Path(os.environ["MASH_TRAWL_HUB"])
    folder = given if given is not None else _current()
    try:
        there = (folder / "hub.yaml").is_file()
    except OSError:
        what = "this account cannot look into this folder."
        do = "Work as the account that the hub belongs to."
        raise Misconfigured(Problem(where=f"hub {folder}", what=what, do=do)) from None
    if not there:
        what = "there is no hub.yaml in this folder."
        raise Misconfigured(Problem(where=f"hub {folder}", what=what, do="Make a hub: `mash-trawl init`."))
    return folder


def _current() -> Path:
    """The current folder, if this account made or trusts the hub in it, and it is still that hub."""
    here = Path.cwd()
    known = next((hub for hub in trusted_hubs() if hub.folder == str(here.resolve())), None)
    if known is None:
        what = "no hub was named, and this account neither made nor trusts one in the current folder."
        do = "Say `--hub DIR`, set MASH_TRAWL_HUB, or look at it once with `mash-trawl hub trust .`."
        raise Misconfigured(Problem(where="hub", what=what, do=do))
    if known.key and (here / "hub.yaml").is_file() and identity(here)[1] != known.key:
        what = "the hub in the current folder signs with another key than the one that this account made or trusted."
        do = "Ask its owner why; then `mash-trawl hub trust .` if it is right."
        raise Misconfigured(Problem(where="hub", what=what, do=do))
    return here


def steps_for(hub: click.Context | Path, case: str | Path, reader: str = "") -> Steps:
    """The next steps about this case, as it was named, with the commands about a case that there are."""
    from mash_trawl.cli.case_command import PARTS
    from mash_trawl.cli.main import COMMANDS as THERE
    from mash_trawl.model.unlocks import COMMANDS
    from mash_trawl.render.steps import Steps

    known = frozenset(
        name for name in COMMANDS
        if (name.split()[1] in PARTS if name.startswith("case ") else name.split()[0] in THERE)
    )  # fmt: skip
    word, who = shell_word(str(case)), shell_word(reader or "READER")
    return Steps(prefix=command_for(hub), case=word, reader=who, known=known)


def open_hub(ctx: click.Context) -> Hub:
    """The hub that this command works on, for whoever typed it, closed when the command ends."""
    from mash_trawl.cli.behind_sudo import who_types
    from mash_trawl.hub import Hub

    folder = hub_folder(ctx.obj)
    hub = Hub.at(folder, actor=who_types(folder))
    ctx.call_on_close(hub.close)
    return hub


def command_for(hub: click.Context | Path | None) -> str:
    """How the next command begins: it names the hub where this one had to, so that it works as it is printed.

    A context names what `--hub` said; nothing there means that the environment or the current folder did, and does.
    """
    given = hub.obj if isinstance(hub, click.Context) else hub
    if given is None:
        return APP
    folder = shell_word(str(given))
    return f"{APP} --hub {folder}"


def key_of(hub: Hub, reader: str) -> Path | None:
    """Where a reader's own key is when it does not lie in the hub's folder for them: in this account's own."""
    from mash_trawl.vault.readers import key_path

    own = key_path(own_folder() / "keys", reader)
    return own if own.is_file() and not key_path(hub.reader_folder, reader).exists() else None
