"""A module that builds a large table of codes when it is imported; in the tests' own process it stays small."""

from __future__ import annotations

import hashlib
import sys

from twins.housing import Housing

CODES = 10 if "pytest" in sys.modules else 800_000
TABLE = {hashlib.sha256(str(number).encode()).hexdigest(): number for number in range(CODES)}


class Slow(Housing):
    __doc__ = Housing.__doc__
