"""The conformance kit: 24 checks that show what a connector does wrong before an agency's system does.

    from mash_trawl.testing import ConnectorContract, seeded_sql

    class TestHousing(ConnectorContract):
        connector = Housing
        source = seeded_sql("seed.sql")

Importing this page loads nothing: pytest reads it in every test run of whoever has the package installed.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mash_trawl.testing.beside import neighbour
    from mash_trawl.testing.cast import Cast, Facts
    from mash_trawl.testing.contract import ConnectorContract, mapping
    from mash_trawl.testing.seeds_fhir import served_fhir
    from mash_trawl.testing.seeds_files import seeded_files
    from mash_trawl.testing.seeds_http import Reply, Request, served
    from mash_trawl.testing.seeds_sql import seeded_odbc, seeded_sql

__all__ = [
    "Cast", "ConnectorContract", "Facts", "Reply", "Request", "mapping", "neighbour", "seeded_files", "seeded_odbc",
    "seeded_sql", "served", "served_fhir",
]  # fmt: skip

_HOMES = {
    "Cast": "cast", "Facts": "cast", "ConnectorContract": "contract", "mapping": "contract",
    "seeded_sql": "seeds_sql", "seeded_odbc": "seeds_sql", "seeded_files": "seeds_files", "served": "seeds_http",
    "Reply": "seeds_http", "Request": "seeds_http", "served_fhir": "seeds_fhir", "neighbour": "beside",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'mash_trawl.testing' has no attribute {name!r}")
    return getattr(import_module(f"mash_trawl.testing.{_HOMES[name]}"), name)
