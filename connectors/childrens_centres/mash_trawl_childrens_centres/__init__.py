"""Children's centres and family hubs, from files: the YAML beside this file says it all."""

from mash_trawl.api import mapping_connector

ChildrensCentres = mapping_connector("childrens_centres.yaml")
