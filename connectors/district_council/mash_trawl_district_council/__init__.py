"""Council tax, housing benefit and antisocial behaviour from a district council: the YAML beside this says it all."""

from mash_trawl.api import mapping_connector

DistrictCouncil = mapping_connector("district_council.yaml")
