"""Strict YAML with line numbers, validation and schemas, profiles, secrets by reference."""
