"""Benchmarks of Entente, run by ``python -m benchmarks``; how each number is taken is said in docs/performance.md."""
