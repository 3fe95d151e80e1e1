"""The kernel: the same model in C, for everything that a scenario can say.

The mechanisms in numpy are the definition. The kernel carries out the same months from one flat *plan* into one flat block
of *results* (:mod:`sim.kernel.layout`, docs/kernel.md); equations that hold element by element are translated from the
mechanisms (:mod:`sim.kernel.translate`), loops, sums and turns are C, one file a mechanism. It is strict IEEE arithmetic
without a mathematics library, so that compilers and machines give the same bits.
"""
