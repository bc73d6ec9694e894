"""A module that loads its driver when it is imported."""

from __future__ import annotations

import sqlalchemy

from twins.housing import Housing

NOW = sqlalchemy.func.now


class Driver(Housing):
    __doc__ = Housing.__doc__
