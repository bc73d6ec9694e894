"""When and how to ask an agency system: registry, kinds, lanes, gate, breaker, mapping."""
