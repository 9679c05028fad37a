"""Characters, words, labels and units, before anything is known of a form."""
