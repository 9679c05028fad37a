"""Whose report it is and of which year: titles, names of bodies, kinds of documents."""
