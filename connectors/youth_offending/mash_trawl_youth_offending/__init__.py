"""Youth justice over ODBC: orders and prevention work, offences, assessed risk."""

from mash_trawl_youth_offending.connector import YouthOffending

__all__ = ["YouthOffending"]
