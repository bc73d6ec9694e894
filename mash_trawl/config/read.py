"""Reading documents: a file or plain data becomes a frozen value, or one error that lists every problem."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path as FilePath
from typing import Any, TypeVar

from pydantic_core import ValidationError

from mash_trawl.config.adapters import shape
from mash_trawl.config.files import read_tree
from mash_trawl.config.problems import Found, from_validation, report
from mash_trawl.config.tree import Tree, from_plain

__all__ = ["read_document", "read_tree", "read_value", "validate"]

T = TypeVar("T")


def read_document(cls: type[T], path: str | FilePath) -> T:
    """Read a YAML or JSON file as a `cls`. Raises Misconfigured: file:line:column, what, what to do; never a value."""
    return validate(cls, read_tree(path))


def read_value(cls: type[T], data: Any, where: str = "value") -> T:
    """Plain data (dicts, lists, text, integers, booleans) as a `cls`: the inverse of `model.base.to_plain`.

    Raises Misconfigured with paths such as `value: people[1].born`; keys that are no field names are not repeated.
    """
    return validate(cls, from_plain(data, where), empties=True)


def validate(cls: type[T], tree: Tree, further: Iterable[Found] = (), *, empties: bool = False) -> T:
    """A tree as a `cls`; `further` are problems found by looking at the tree in other ways, reported together.

    `empties` lets a needed list or group be left out when it is empty, as `to_plain` does.
    """
    form = shape(cls, empties=empties)
    tree = tree.naming(form.names)
    found = list(further)
    values: list[T] = []
    try:
        values.append(form.validator.validate_python(tree.data))
    except ValidationError as error:
        found += from_validation(error, form, tree)
    report(found, tree)  # outside the handler: no cause that holds the values hangs on what is raised
    return values[0]
