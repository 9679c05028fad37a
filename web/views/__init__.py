"""The pages, one module a kind, each with its JSON."""
