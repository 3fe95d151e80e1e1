"""What an answer hangs on: the assumptions behind it, and the luck beside them.

An outcome of one scenario, or the difference between two, is taken as a function of the parameters. Every point of a design
has the same replicates with the same luck (draws are keyed by who, when and what for), so that the function is deterministic
and differences between points are what the parameters do. Everything happens in this process and its workers, without a
folder for each point.
"""

from sim.lazy import on_first_use

_HOME = {
    "CannotVary": "inputs",
    "Input": "inputs",
    "Question": "outcome",
    "Robustness": "robust",
    "Sensitivity": "ranking",
    "Tip": "tip",
    "inputs_of": "inputs",
    "rank": "ranking",
    "robustness": "robust",
    "tip": "tip",
}
__all__ = [*_HOME]
__getattr__ = on_first_use(__name__, _HOME)
