"""Enrolment, attendance, exclusions and special needs: over REST, or from the authority's own database."""

from mash_trawl.api import mapping_connector
from mash_trawl_education.connector import Education

EducationOne = mapping_connector("education_one.yaml")

__all__ = ["Education", "EducationOne"]
