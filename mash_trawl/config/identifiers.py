"""Check digits and shapes of the identifiers that a case file holds. Each returns what is wrong, or nothing.

Sources of the rules: NHS Data Dictionary, "NHS Number" (modulus 11); Department for Education, "Unique pupil
numbers: a guide for schools and local authorities" (check letter, temporary numbers); Ordnance Survey, UPRN
(whole number of up to 12 digits); Royal Mail, postcode formats; NHS Organisation Data Service, pseudo postcodes ZZ99.
"""

from __future__ import annotations

import re

from nhs_number.validate import is_valid

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")
_UPRN = re.compile(r"[0-9]{1,12}")
_POSTCODE = re.compile(r"(?:[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]{1,2}|[0-9][A-HJKPSTUW]|[A-HK-Y][0-9][A-Z])"
                       r" ?[0-9][ABD-HJLNP-UW-Z]{2}|GIR ?0AA|ZZ99 ?[0-9][A-Z]{2})")  # fmt: skip


def nhs_number_fault(text: str) -> str:
    """Ten digits, spaces allowed, of which the last is the modulus-11 check of the others."""
    digits = text.replace(" ", "")
    if not re.fullmatch(r"[0-9]{10}", digits):
        return "an NHS number has ten digits"
    return "" if is_valid(digits) else "this NHS number fails its check digit"


def upn_fault(text: str) -> str:
    """A check letter and 12 digits; the last may be a letter in a temporary number.

    The letters are A to Z without I, O and S; the check letter's place is the sum of the digits, weighted 2 to 13,
    modulo 23.
    """
    upn = text.strip().upper()
    if not _UPN.fullmatch(upn) or (upn[-1].isalpha() and upn[-1] not in _UPN_LETTERS):
        return "a UPN is a letter and twelve digits"
    values = [_UPN_LETTERS.index(sign) if sign.isalpha() else int(sign) for sign in upn[1:]]
    total = sum(weight * value for weight, value in enumerate(values, start=2))
    return "" if _UPN_LETTERS[total % 23] == upn[0] else "this UPN fails its check letter"


def uprn_fault(text: str) -> str:
    """1 to 12 digits, not all nought."""
    return "" if _UPRN.fullmatch(text) and text.strip("0") else "a UPRN is a number of up to twelve digits"


def postcode_fault(text: str) -> str:
    """The shape of a UK postcode, in either case, with or without its space; ZZ99 (no fixed address) counts."""
    return "" if _POSTCODE.fullmatch(text.strip().upper()) else "this is not the shape of a UK postcode"
