"""Made-up sites and documents that only tests and benchmarks need."""
