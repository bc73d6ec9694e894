"""Probation: orders, licence conditions and assessed risk, over REST with a certificate of ours, or from an extract."""

from mash_trawl.api import mapping_connector
from mash_trawl_probation.connector import Probation

ProbationFile = mapping_connector("probation_file.yaml")

__all__ = ["Probation", "ProbationFile"]
