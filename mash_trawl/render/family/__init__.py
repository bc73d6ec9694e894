"""Letters to families: templates that a place can translate, filled and written as a page and as plain text."""
