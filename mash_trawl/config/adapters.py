"""How a class is read: pydantic's schema for it, made strict in the ways that pydantic leaves open.

Every dataclass forbids unknown keys and writes `from_` as `from`; a missing value and an empty one are the same; a
union of classes is told apart by its `type`; text becomes a number, a yes/no or an instant only in one exact writing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import SchemaValidator

from mash_trawl.config import scalars
from mash_trawl.model.base import file_name

Schema = dict[str, Any]
_WRAPPERS = {"default", "nullable", "function-before", "function-after", "function-wrap", "definitions"}
_EMPTY: dict[str, Any] = {"tuple": tuple, "dict": dict, "list": list, "frozenset": frozenset}
_SCALARS = {
    "int": scalars.whole_number,
    "bool": scalars.yes_no,
    "datetime": scalars.instant,
    "date": scalars.day,
    "float": scalars.no_fraction,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shape:
    """The strict schema of a class, its validator, and every field name that it knows."""

    schema: Schema
    validator: SchemaValidator
    names: frozenset[str]
    definitions: Mapping[str, Schema]

    def bare(self, schema: Schema) -> Schema:
        """The schema without defaults, nulls, functions and references around it."""
        while True:
            if schema["type"] == "definition-ref":
                schema = self.definitions[schema["schema_ref"]]
            elif schema["type"] in _WRAPPERS:
                schema = schema["schema"]
            else:
                return schema


def shape(cls: Any, *, empties: bool = False) -> Shape:
    """The shape of a class; made once, because making it takes tens of milliseconds.

    `empties`: a list or group that is needed but not there is an empty one, as `to_plain` leaves empty ones out.
    """
    return _shape(cls, empties)


@lru_cache(maxsize=64)
def _shape(cls: Any, empties: bool) -> Shape:
    plain: Any = TypeAdapter(cls).core_schema
    definitions = {item["ref"]: item for item in plain.get("definitions", ())}
    names: set[str] = set()
    schema = _Strict(definitions, names, empties).strict(plain)
    found = {item["ref"]: item for item in schema.get("definitions", ())}
    validator = SchemaValidator(schema)
    return Shape(schema=schema, validator=validator, names=frozenset(names), definitions=found)


class _Strict:
    """Copies a core schema part by part."""

    def __init__(self, definitions: Mapping[str, Schema], names: set[str], empties: bool) -> None:
        self.definitions = definitions
        self.names = names
        self.empties = empties

    def strict(self, schema: Schema) -> Schema:
        """The strict copy of one schema, with everything in it."""
        kind = schema["type"]
        copy = {key: self._inner(key, value) for key, value in schema.items()}
        if kind == "dataclass":
            return self._before(scalars.without_nulls, copy)
        if kind == "dataclass-args":
            copy["extra_behavior"] = "forbid"
        elif kind == "dict" and self._bare(schema["values_schema"])["type"] != "any":
            return self._before(scalars.without_nulls, copy)
        elif kind == "union":
            return self._union(schema, copy)
        elif kind == "literal":
            return self._literal(copy)
        elif kind in _SCALARS:
            return self._before(_SCALARS[kind], copy)
        return copy

    def _inner(self, key: str, value: Any) -> Any:
        if key in ("schema", "values_schema", "keys_schema", "items_schema") and isinstance(value, dict):
            return self.strict(value)
        if key in ("definitions", "items_schema", "steps") and isinstance(value, list):
            return [self.strict(item) for item in value]
        if key == "fields" and value and isinstance(value[0], dict):
            return [self._field(item) for item in value]
        return value

    def _field(self, field: Schema) -> Schema:
        name = file_name(field["name"])
        self.names.add(name)
        schema = self.strict(field["schema"])
        bare = self._bare(field["schema"])["type"]
        if self.empties and bare in _EMPTY and field["schema"]["type"] == bare:
            schema = {"type": "default", "schema": schema, "default": _EMPTY[bare]()}
        return {**field, "schema": schema, "validation_alias": name, "serialization_alias": name}

    def _union(self, schema: Schema, copy: Schema) -> Schema:
        choices = [choice[0] if isinstance(choice, tuple) else choice for choice in schema["choices"]]
        tags = [self._tag(choice) for choice in choices]
        if all(tags) and len(set(tags)) == len(tags):
            tagged = {tag: self.strict(choice) for tag, choice in zip(tags, choices, strict=True)}
            return {"type": "tagged-union", "discriminator": "type", "choices": tagged}
        copy["choices"] = [(self.strict(choice), str(index)) for index, choice in enumerate(choices)]
        return copy

    def _tag(self, schema: Schema) -> str | None:
        """The one value of the field `type` of a class, if it has such a field."""
        bare = self._bare(schema)
        if bare["type"] != "dataclass":
            return None
        for field in self._bare(bare["schema"])["fields"]:
            literal = self._bare(field["schema"])
            if field["name"] == "type" and literal["type"] == "literal" and len(literal["expected"]) == 1:
                return str(literal["expected"][0])
        return None

    def _bare(self, schema: Schema) -> Schema:
        while schema["type"] in _WRAPPERS or schema["type"] == "definition-ref":
            ref = schema.get("schema_ref")
            schema = self.definitions[ref] if ref else schema["schema"]
        return schema

    def _literal(self, copy: Schema) -> Schema:
        expected = copy["expected"]
        if any(isinstance(item, int) for item in expected):
            return self._before(scalars.digits, copy)
        if "yes" in expected and "no" in expected:
            return self._before(scalars.yes_no_word, copy)
        return copy

    @staticmethod
    def _before(function: Any, copy: Schema) -> Schema:
        wrapped = {"type": "function-before", "function": {"type": "no-info", "function": function}, "schema": copy}
        if ref := copy.pop("ref", None):
            wrapped["ref"] = ref
        return wrapped
