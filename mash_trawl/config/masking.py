"""hub.yaml without what could be secret in it: the text that is kept of an approval, to show later what changed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import yaml

from mash_trawl.config.secrets import is_reference
from mash_trawl.config.yamltext import StrictLoader
from mash_trawl.errors import Misconfigured, Problem

HOLDERS = frozenset({"connect", "database", "proxy"})
"""Keys of hub.yaml under which a login may stand, at whatever depth."""
HIDDEN = "***"
_SCHEME = r"(?:https?|socks[45]?h?|sftp|file|sqlite|postgresql|mysql|mariadb|mssql|oracle)(?:\+[a-z0-9_]{1,20})?://"
_ADDRESS = re.compile(rf"({_SCHEME})([^\s:/@?#;]*)(:[^\s/@]*)?(@)?([^\s@?#;]*)([?#;]\S*)?")
_IN_WORDS = re.compile(r"(://[^\s:/@]*:)[^\s@/]+@")


def masked(text: str) -> str:
    """The text with `***` for every value that could be secret. Raises Misconfigured for what is no YAML.

    Under `connect`, `database` and `proxy` only references (`env:`, `file:`, `keyring:`) and addresses without their
    login and question stay. Which server is asked is what somebody approves; with which password is not.
    """
    try:
        root = yaml.compose(text, Loader=StrictLoader)
        spots = sorted(_spots(root, False)) if root else []
    except (yaml.YAMLError, RecursionError):
        problem = Problem(where="hub.yaml", what="this is not YAML that can be read.", do="Run `check`.")
        raise Misconfigured(problem) from None
    out, at = [], 0
    for start, end, value in spots:
        line_end = "\n" if text[start:end].endswith("\n") else ""
        out += [text[at:start], json.dumps(_open_part(value), ensure_ascii=False), line_end]
        at = end
    return _IN_WORDS.sub(rf"\1{HIDDEN}@", "".join((*out, text[at:])))


def _spots(node: yaml.Node, inside: bool) -> Iterator[tuple[int, int, str]]:
    """Where values that could be secret begin and end, and what they are."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _spots(value, inside or key.value in HOLDERS)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _spots(item, inside)
    elif inside and node.value and _open_part(node.value) != node.value:
        yield node.start_mark.index, node.end_mark.index, node.value


def _open_part(value: str) -> str:
    """What of a value may be kept."""
    if is_reference(value):
        return value
    found = _ADDRESS.fullmatch(value)
    if not found:
        return HIDDEN
    scheme, first, second, login, rest, question = (part or "" for part in found.groups())
    if not login:
        return scheme + first + second + rest + (question[:1] + HIDDEN if question else "")
    return f"{scheme}{first}{':' + HIDDEN if second else ''}@{rest}" + (question[:1] + HIDDEN if question else "")
