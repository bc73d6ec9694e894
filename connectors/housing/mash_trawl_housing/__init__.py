"""Tenancies, anti-social behaviour and homelessness from a housing system: the YAML beside this file says it all."""

from mash_trawl.api import mapping_connector

Housing = mapping_connector("housing.yaml")
