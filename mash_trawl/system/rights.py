"""What Windows says of accounts and rights, read without Windows: account names, security descriptors.

A descriptor comes as SDDL text (Microsoft, "Security Descriptor String Format"), which no display language changes:
`O:S-1-5-21-1-2-3-1001G:...D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;S-1-5-21-1-2-3-1001)`.
"""

from __future__ import annotations

import re

ADMINISTRATORS = frozenset({"BA", "LA", "SY", "S-1-5-32-544", "S-1-5-18"})
"""Whom no access list keeps out: the administrators' group, the built-in administrator and the system itself."""
SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
"""The use of a certificate that counts here (RFC 5280, id-kp-serverAuth)."""
_NOBODY_ELSE = ADMINISTRATORS | {"CO", "OW", "S-1-3-0", "S-1-3-4"}
_ENTRY = re.compile(r"\(([A-Z]*);[A-Z]*;([^;()]*);[^;()]*;[^;()]*;([^;()]*)(?:;\([^()]*\))?\)")
"""(kind;flags;rights;object;inherited object;whom[;(condition)])"""
_CHANGE = ("FA", "GA", "GW", "FW", "WD", "WO", "SD", "DC", "LC", "RP", "DT", "CR")
_CHANGE_BITS = 0x10000000 | 0x40000000 | 0x000D0000 | 0x00000156
"""GENERIC_ALL, GENERIC_WRITE; DELETE, WRITE_DAC, WRITE_OWNER; write data, append, EA, attributes, delete child."""


def same_account(written: str, qualified: str) -> bool:
    """Whether `written` means the Windows account `DOMAIN\\name`: in any case, and the domain may be left out."""
    written, qualified = written.casefold(), qualified.casefold()
    return written == qualified or ("\\" not in written and written == qualified.rpartition("\\")[2])


def owner(descriptor: str) -> str:
    """The owner's SID or SDDL alias; empty when the descriptor does not say."""
    found = re.match(r"O:(S-[0-9-]+|[A-Z]{2})", descriptor)
    return found[1] if found else ""


def others(descriptor: str, me: str) -> str:
    """What accounts other than `me` and administrators may do: `change`, `read` or nothing (empty text).

    A descriptor without an access list gives everybody everything, and so does one that cannot be read.
    """
    nobody = _NOBODY_ELSE | {me}
    access = re.search(r"D:([A-Z_]*)((?:\(.*\))?)$", descriptor, re.DOTALL)
    if access is None or "NO_ACCESS_CONTROL" in access[1]:
        return "change"
    entries = list(_ENTRY.finditer(access[2]))
    if sum(len(entry[0]) for entry in entries) != len(access[2]):
        return "change"
    allowed = [rights for kind, rights, who in map(re.Match.groups, entries) if "A" in kind and who not in nobody]
    if any(_changes(given) for given in allowed):
        return "change"
    return "read" if allowed else ""


def _changes(given: str) -> bool:
    """Whether rights, as hexadecimal or as pairs of letters, go beyond reading."""
    if given.startswith("0x"):
        return bool(int(given, 16) & _CHANGE_BITS)
    return any(given[at : at + 2] in _CHANGE for at in range(0, len(given), 2))
