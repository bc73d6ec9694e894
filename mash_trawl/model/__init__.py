"""The frozen values that every room speaks in; no input, no output, no third-party library."""

from mash_trawl.model.dates import PartialDate

__all__ = ["PartialDate"]
