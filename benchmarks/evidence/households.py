"""Run in the evidence's own environment: print one census of pseudopeople's sample population, one JSON object a line.

python households.py YEAR SEED
"""

from __future__ import annotations

import json
import sys

import pseudopeople

YEAR, SEED = map(int, sys.argv[1:3])
WANTED = ["simulant_id", "household_id", "first_name", "middle_initial", "last_name", "age", "date_of_birth",
          "street_number", "street_name", "unit_number", "city", "housing_type", "sex"]  # fmt: skip
table = pseudopeople.generate_decennial_census(seed=SEED, year=YEAR)[WANTED].astype(object)
for row in table.where(table.notna(), None).to_dict("records"):
    print(json.dumps({name: None if value is None else str(value) for name, value in row.items()}))
