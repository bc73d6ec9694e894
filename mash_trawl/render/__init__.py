"""Show an opened product: HTML, SVG, JSON, terminal."""
