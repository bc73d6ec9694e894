"""The database of a hub: engine, tables, one file of functions per owner."""
