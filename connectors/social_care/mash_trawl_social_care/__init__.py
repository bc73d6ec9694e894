"""Children's social care over SQL: contacts to care episodes, relationships, addresses and workers."""

from mash_trawl_social_care.connector import SocialCare

__all__ = ["SocialCare"]
