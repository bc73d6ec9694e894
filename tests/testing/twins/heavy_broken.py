"""A module that reads its setting from the environment when it is imported, which nobody else has."""

from __future__ import annotations

import os
import sys

from twins.housing import Housing

URL = os.environ["HOUSING_URL"] if "pytest" not in sys.modules else ""


class Broken(Housing):
    __doc__ = Housing.__doc__
