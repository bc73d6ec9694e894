"""The published JSON Schemas: what an editor or another program needs to check a document before we do.

python -m mash_trawl.config.schema profiles/schema
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from mash_trawl.config.adapters import shape
from mash_trawl.config.problems import nearest
from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.base import to_plain

_CLASSES = {
    "profile": ("mash_trawl.model.profile", "Profile"),
    "hub": ("mash_trawl.model.hub", "HubFile"),
    "source": ("mash_trawl.model.mapping", "MappingFile"),
    "case": ("mash_trawl.model.case", "Case"),
    "product": ("mash_trawl.model.product", "Product"),
    "agreement": ("mash_trawl.model.agreement", "Agreement"),
    "threshold": ("mash_trawl.model.threshold", "ThresholdDocument"),
    "dossier": ("mash_trawl.model.dossier", "Dossier"),
}
NAMES = tuple(_CLASSES)
_NOT_IN_FILES = {"profile": "document"}
"""A field that the loader fills and no file may hold."""
_EMPTIES = ("product", "dossier")
"""What this program writes, where an empty list is left out."""
_BASE = "https://mash-trawl.example/schema"


class _Generate(GenerateJsonSchema):
    """Defaults in the form in which files write them (`20s`), and no titles that only repeat the key."""

    def encode_default(self, dft: Any) -> Any:
        return to_plain(dft)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a document: `profile`, `hub`, `source`, `case`, `product`, `agreement` and others.

    Raises Misconfigured for any other name. Cross-checks (ids, check digits) are beyond a schema's words.
    """
    if name not in _CLASSES:
        raise Misconfigured(Problem(where="schema", what="there is no such schema.", do=nearest(name, NAMES)))
    module, cls = _CLASSES[name]
    form = shape(getattr(import_module(module), cls), empties=name in _EMPTIES)
    made: Any = _Generate(by_alias=True).generate(form.schema, mode="validation")
    if name in _NOT_IN_FILES:
        made["properties"].pop(_NOT_IN_FILES[name])
    body = _sorted(made)
    return {"$schema": GenerateJsonSchema.schema_dialect, "$id": f"{_BASE}/{name}.v1.json", **body}


def text(name: str) -> str:
    """The schema as it stands in its file: sorted, indented, with a line end."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


def write_all(folder: Path) -> None:
    """Write every schema into the folder, as `<name>.v1.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        (folder / f"{name}.v1.json").write_text(text(name), encoding="utf-8", newline="\n")


def _sorted(value: Any) -> Any:
    """Keys in one order, so that the files do not change with a library's version; lists keep theirs."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


if __name__ == "__main__":
    write_all(Path(sys.argv[1] if len(sys.argv) > 1 else "profiles/schema"))
