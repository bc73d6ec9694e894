"""Whether a value is exactly of the type that its field promises, so that the engine need not turn it into it."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


def misfits(value: Any) -> Iterator[str]:
    """Names of the fields of a dataclass, however deep, that hold another type; never what stands in them."""
    kind: Any = type(value)
    hints = _promised(kind)
    for item in fields(value):
        held = getattr(value, item.name, None)
        if not fits(held, hints[item.name]):
            yield item.name
        else:
            for inner in held if isinstance(held, tuple) else (held,):
                if is_dataclass(inner):
                    yield from (f"{item.name}.{name}" for name in misfits(inner))


@cache
def _promised(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)


def fits(value: Any, hint: Any) -> bool:
    """One value against one annotation."""
    kind = get_origin(hint)
    if kind in (Union, types.UnionType):
        return any(fits(value, one) for one in get_args(hint))
    if kind is Literal:
        return value in get_args(hint) and type(value) in {type(one) for one in get_args(hint)}
    if kind is tuple:
        inner = get_args(hint)[0]
        return type(value) is tuple and all(fits(one, inner) for one in value)
    if kind is not None:
        return isinstance(value, Mapping) if issubclass(kind, Mapping) else isinstance(value, kind)
    if hint is None or hint is type(None):
        return value is None
    return type(value) is hint if isinstance(hint, type) else True
