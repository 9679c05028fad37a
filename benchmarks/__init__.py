"""Measurements: how right reading is over the sample corpus, and how fast beside the tools of others."""
