"""Adult social care over SQL: the YAML beside this file says it all."""

from mash_trawl.api import mapping_connector

AdultSocialCare = mapping_connector("adult_social_care.yaml")
