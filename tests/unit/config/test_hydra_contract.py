"""Hydra's own suites for launchers, with our sweeper in place of its basic one."""

from __future__ import annotations

import pytest
from hydra import version
from hydra.core.plugins import Plugins
from hydra.extra.pytest_plugin import hydra_restore_singletons, hydra_sweep_runner  # noqa: F401
from hydra.test_utils.launcher_common_tests import BatchedSweeperTestSuite, LauncherTestSuite
from hydra.test_utils.test_utils import chdir_hydra_root  # noqa: F401
from omegaconf import OmegaConf

from sim.cli.hydra import sweeper

OURS = "hydra/sweeper=entente"


@pytest.fixture(autouse=True)
def ours(hydra_restore_singletons, monkeypatch, tmp_path):  # noqa: F811
    """Registered, and gone afterwards."""
    version.setbase("1.1")  # the suites expect jobs in folders of their own
    Plugins.instance()
    sweeper.register()
    OmegaConf.clear_resolver("my_custom_resolver")
    monkeypatch.chdir(tmp_path)
    yield
    OmegaConf.clear_resolver("my_custom_resolver")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("launcher_name", "overrides"), [("basic", [OURS])])
class TestWithTheBasicLauncher(LauncherTestSuite):
    """Every sweep of the suite, planned by our sweeper."""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("launcher_name", "overrides"), [("basic", [OURS, "hydra.sweeper.max_batch_size=2"])])
class TestInBatches(BatchedSweeperTestSuite):
    """The same in batches."""
