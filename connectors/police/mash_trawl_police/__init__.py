"""Safeguarding occurrences from a police records system over OAuth2 REST."""
