from __future__ import annotations

import pytest

from sim import results
from tests import synthetic


@pytest.fixture(scope="session")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="session")
def run(root):
    return results.open_run(results.write(synthetic.trajectory(12, end="2016-12"), {}, root))
