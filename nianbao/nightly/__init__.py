"""The night: its stages, its budgets, what it tells in the morning."""
