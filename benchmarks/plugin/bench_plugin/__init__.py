"""Task types that only benchmarks and the chaos test have. On the path by PYTHONPATH."""
