"""The rules, one file per family. Each is a small pure function of a question."""
