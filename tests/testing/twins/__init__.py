"""Connectors with one fault each, written by somebody who did not write the kit that has to notice them."""

from __future__ import annotations

from importlib import import_module

from twins.planting import Family, Twin

_HOMES = ("sql_people", "sql_scope", "sql_shape", "sql_reading", "sql_safety", "sql_secrecy", "sql_time", "about",
          "mappings", "http", "fhir", "files", "over_odbc")  # fmt: skip


def families() -> tuple[Family, ...]:
    """All families, with all their twins."""
    for home in _HOMES:
        import_module(f"twins.{home}")
    from twins.fhir import FHIR
    from twins.files import FILES
    from twins.housing import ODBC, SQL
    from twins.http import HTTP
    from twins.mappings import YAML

    return (SQL, YAML, HTTP, FHIR, FILES, ODBC)


def all_twins() -> tuple[tuple[Family, Twin], ...]:
    """Every twin with its family."""
    return tuple((family, twin) for family in families() for twin in family.twins)
