"""Seal, open, custody, destroy: the life of a product."""
