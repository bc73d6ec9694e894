"""Tenancies and anti-social behaviour from a housing system."""
