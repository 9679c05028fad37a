"""What a person does with a source: check it, save its pages as a fixture, bring in other archives."""
