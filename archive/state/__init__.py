"""What is still to be asked, what earlier nights saw, and what people judged."""
