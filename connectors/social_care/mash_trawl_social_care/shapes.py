"""Children's social care in two more shapes, each a mapping: the Standard Safeguarding Dataset, and Mosaic.

The dataset holds early help too, which is another agency's record: that is a mapping of its own.
"""

from mash_trawl.api import mapping_connector

Ssd = mapping_connector("ssd.yaml")
SsdEarlyHelp = mapping_connector("ssd_early_help.yaml")
Mosaic = mapping_connector("mosaic.yaml")
