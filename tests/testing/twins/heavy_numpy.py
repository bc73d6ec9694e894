"""A module that loads a data frame library for the sake of one date."""

from __future__ import annotations

import numpy

from twins.housing import Housing

TYPE = numpy.dtype("U10")


class Heavy(Housing):
    __doc__ = Housing.__doc__
