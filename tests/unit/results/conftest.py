from __future__ import annotations

import pytest

from sim import results
from tests import synthetic


@pytest.fixture(scope="session")
def trajectory():
    return synthetic.trajectory(12, end="2016-12")


@pytest.fixture(scope="session")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="session")
def folder(trajectory, root):
    return results.write(trajectory, {}, root)


@pytest.fixture(scope="session")
def run(folder):
    return results.open_run(folder)
