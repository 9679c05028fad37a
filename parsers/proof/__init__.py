"""The smallest explanation of sums that fail."""
