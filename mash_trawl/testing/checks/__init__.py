"""The 24 checks, by what they are about."""
