"""JSON with places: checked by the standard reader first, then read once more for lines, columns and doubles."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import Any, NoReturn

from mash_trawl.config.tree import Builder, Tree

_TOKEN = re.compile(r'[ \t\r\n]*(?:("(?:[^"\\]|\\.)*")|([{}\[\]])|[,:]|([^\s"{}\[\],:]+))')
_WORDS = {"true": True, "false": False, "null": None}


def parse_json(text: str, name: str) -> Tree:
    """Read one JSON text. Raises Misconfigured with file:line:column; fractions and constants are refused."""
    builder = Builder(name)
    if broken := _fault(text):
        builder.stop(*broken)
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    end = len(text.rstrip(" \t\r\n"))
    at = 0
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            raise AssertionError("the standard reader accepted what the second look cannot split")
        at = found.end()
        begin = next((found.start(group) for group in (1, 2, 3) if found[group] is not None), at)
        line = bisect_right(starts, begin)
        _take(builder, found, line, begin - starts[line - 1] + 1)
    return builder.tree()


def _fault(text: str) -> tuple[int, int, str, str] | None:
    """Line, column and sentences of a syntax error; the reader's own error holds the text."""
    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        return error.lineno, error.colno, "this is not JSON that can be read", "Look at this place and before it."
    except RecursionError:
        return 1, 1, "the file is nested too deeply", ""
    except ValueError:
        return 1, 1, "NaN and Infinity are not JSON", ""
    return None


def _take(builder: Builder, found: re.Match[str], line: int, column: int) -> None:
    text, bracket, word = found.groups()
    if text is not None:
        builder.scalar(json.loads(text), line, column)
    elif bracket in ("{", "["):
        builder.open({} if bracket == "{" else [], line, column)
    elif bracket:
        builder.close()
    elif word in _WORDS:
        builder.scalar(_WORDS[word], line, column)
    elif word is not None:
        builder.scalar(_number(builder, word, line, column), line, column)


def _number(builder: Builder, word: str, line: int, column: int) -> Any:
    if re.fullmatch(r"-?\d{1,15}", word):
        return int(word)
    builder.complain(line, column, "this number is too long, or not whole", "Put it in quotes if it is text.")
    return 0


def _refuse(word: str) -> NoReturn:
    raise ValueError
