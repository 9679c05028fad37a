"""How one reading is kept: its record, what tells it apart, its figures as numbers."""
