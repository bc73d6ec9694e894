"""A source that is a person: the sheet that goes out, the return that comes in, and what is owed between them."""
