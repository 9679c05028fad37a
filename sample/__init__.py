"""A small country of made-up government sites with known truth: the demo, the tests, the benchmarks."""
