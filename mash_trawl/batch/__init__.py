"""Many cases: what is due, one after the other and several at once, with a journal that survives a kill."""
