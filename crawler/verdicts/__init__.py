"""What an answer was: an outcome, for each way in which sites fail."""
