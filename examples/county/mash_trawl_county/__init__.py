"""A synthetic county: nobody in it exists."""
