"""Full-text search over documents that others hand in; it knows none of them. Only `pages` may import it."""
