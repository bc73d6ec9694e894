"""Tenancies, anti-social behaviour and homelessness from a housing system: the YAML files beside this say it all."""

from mash_trawl.api import mapping_connector

Housing = mapping_connector("housing.yaml")
HousingCivica = mapping_connector("housing_civica.yaml")
