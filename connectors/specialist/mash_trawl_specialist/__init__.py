"""Lists of specialist teams, kept in spreadsheets: four mappings, and a class for the list whose rows hold families."""

from mash_trawl.api import mapping_connector
from mash_trawl_specialist.domestic_abuse import DomesticAbuse

Cse = mapping_connector("cse.yaml")
MissingPeople = mapping_connector("missing_people.yaml")
HateCrime = mapping_connector("hate_crime.yaml")
AdultSafeguarding = mapping_connector("adult_safeguarding.yaml")

__all__ = ["AdultSafeguarding", "Cse", "DomesticAbuse", "HateCrime", "MissingPeople"]
