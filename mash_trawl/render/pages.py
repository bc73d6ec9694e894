"""What every HTML page is made with: templates that escape all text, and one style that the page names by its hash."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from mash_trawl.render.safe import visible


def environment(package: str = "mash_trawl.render") -> Environment:
    """The templates of a package. Text is escaped, and what could hide or turn it around is made visible."""
    return Environment(
        loader=PackageLoader(package), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=_finalize,
    )  # fmt: skip


def style_of(templates: Environment, *names: str) -> dict[str, Any]:
    """`style` and `style_hash` for a page's policy, which forbids every other style, script and address."""
    style = "".join(templates.get_template(name).render() for name in names)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return {"style": Markup(style), "style_hash": f"sha256-{digest}"}  # noqa: S704 - our own file, no text of a case


def _finalize(value: Any) -> Any:
    return value if isinstance(value, Markup) else visible(str(value), keep="\n\t")
