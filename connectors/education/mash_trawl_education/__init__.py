"""Enrolment, attendance, exclusions, special needs and the school's safeguarding record, over REST."""

from mash_trawl_education.connector import Education

__all__ = ["Education"]
