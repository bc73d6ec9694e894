"""A connector of a distribution that says too little of itself."""

from __future__ import annotations

from twins.housing import Housing


class Undescribed(Housing):
    __doc__ = Housing.__doc__
