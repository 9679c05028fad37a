"""The measured error rate of what is published, by two persons who look at the sources."""
