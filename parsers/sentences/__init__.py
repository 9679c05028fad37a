"""What sentences of a report claim: rules, their numbers, and zeros said in words."""
