"""Tables 2 to 4, whose figures stand under heads: what the heads say of the columns."""
