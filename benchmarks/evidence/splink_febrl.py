"""Run in the evidence's own environment: link FEBRL4 with Splink, trained as its documentation says; print the pairs.

python splink_febrl.py FILE_A FILE_B, then on standard output one JSON list [key, key, match weight in bits] a line.
u is estimated by random sampling, m by expectation maximisation in two blocks; no identifier is used.
"""

from __future__ import annotations

import json
import sys

import pandas
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

tables = []
for name in sys.argv[1:3]:
    table = pandas.read_csv(name, skipinitialspace=True, dtype=str).rename(columns=str.strip)
    table = table.apply(lambda column: column.str.strip().replace("", None)).drop(columns="soc_sec_id")
    tables.append(table)
rules = [("date_of_birth",), ("postcode",), ("given_name", "surname"), ("surname", "street_number"),
         ("given_name", "street_number"), ("address_1", "suburb"), ("suburb", "surname")]  # fmt: skip
settings = SettingsCreator(
    link_type="link_only", unique_id_column_name="rec_id",
    blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
    comparisons=[
        cl.ForenameSurnameComparison("given_name", "surname"),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d",
                                 datetime_thresholds=[1], datetime_metrics=["month"]),
        cl.LevenshteinAtThresholds("postcode", [1, 2]),
        cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]),
        cl.JaroWinklerAtThresholds("suburb", [0.9, 0.7]),
        cl.LevenshteinAtThresholds("street_number", [1]),
    ],
)  # fmt: skip
backend = DuckDBAPI()
linker = Linker([backend.register(table) for table in tables], settings)
linker.training.estimate_probability_two_random_records_match([block_on("date_of_birth", "surname")], recall=0.6)
linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
for rule in (block_on("date_of_birth"), block_on("postcode")):
    linker.training.estimate_parameters_using_expectation_maximisation(rule)
found = linker.inference.predict(threshold_match_weight=-30).as_pandas_dataframe()
for row in found[["rec_id_l", "rec_id_r", "match_weight"]].itertuples(index=False):
    print(json.dumps([str(row[0]), str(row[1]), float(row[2])]))
