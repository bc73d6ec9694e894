"""Early help in the shape of EHM: the YAML beside this file says it all."""

from mash_trawl.api import mapping_connector

EarlyHelp = mapping_connector("early_help.yaml")
