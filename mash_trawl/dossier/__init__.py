"""The dossier: what a hub may do, read from its live configuration, for two people to sign."""

from .build import Live, dossier, plain
from .live import look

__all__ = ["Live", "dossier", "look", "plain"]
