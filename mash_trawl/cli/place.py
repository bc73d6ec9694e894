"""Which hub a command works on: `--hub`, `$MASH_TRAWL_HUB`, or the current folder if this account made it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mash_trawl.errors import Misconfigured, Problem

if TYPE_CHECKING:
    from mash_trawl.hub import Hub

APP = "mash-trawl"


def _trusted_file() -> Path:
    return Path(click.get_app_dir(APP)) / "hubs.json"


def trusted_hubs() -> tuple[str, ...]:
    """The folders of the hubs that this account made."""
    try:
        listed = json.loads(_trusted_file().read_text("utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(item for item in listed if isinstance(item, str)) if isinstance(listed, list) else ()


def remember_hub(folder: Path) -> None:
    """Note that this account made the hub in this folder."""
    file = _trusted_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = sorted({*trusted_hubs(), str(folder.resolve())})
    draft = file.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(json.dumps(kept, indent=1), "utf-8")
    draft.replace(file)


def hub_folder(given: Path | None) -> Path:
    """The folder of the hub to work on; Misconfigured with what to do when there is none."""
    if given is None and os.environ.get("MASH_TRAWL_HUB"):
        given = Path(os.environ["MASH_TRAWL_HUB"])
    if given is None:
        here = Path.cwd()
        if str(here.resolve()) not in trusted_hubs():
            raise Misconfigured(
                Problem(
                    where="hub",
                    what="no hub was named, and this account did not make one in the current folder.",
                    do="Say `--hub DIR`, or set MASH_TRAWL_HUB.",
                )
            )
        given = here
    if not (given / "hub.yaml").is_file():
        raise Misconfigured(
            Problem(
                where=f"hub {given}", what="there is no hub.yaml in this folder.", do="Make a hub: `mash-trawl init`."
            )
        )
    return given


def open_hub(ctx: click.Context) -> Hub:
    """The hub that this command works on, closed when the command ends."""
    from mash_trawl.hub import Hub

    hub = Hub.at(hub_folder(ctx.obj))
    ctx.call_on_close(hub.close)
    return hub
