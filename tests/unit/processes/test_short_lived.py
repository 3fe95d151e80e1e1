"""A folder of short life goes with its work; what a killed process left goes when the next one is made."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sim.processes.short_lived import short_lived_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="locks of Unix")
CODE = """
import os, signal
from sim.processes.short_lived import short_lived_folder
with short_lived_folder("work") as place:
    (place / "file").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def around(tmp_path, monkeypatch):
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_it_goes_with_its_work(around):
    with pytest.raises(ZeroDivisionError), short_lived_folder("work") as place:
        (place / "file").write_text("half")
        raise ZeroDivisionError
    assert list(around.iterdir()) == []


def test_what_a_killed_process_left_goes_and_all_else_stays(around):
    subprocess.run([sys.executable, "-c", CODE], env={"TMPDIR": str(around), "PYTHONPATH": ":".join(sys.path)})
    left = list(around.iterdir())
    assert len(left) == 1 and (left[0] / "work" / "file").exists()
    (around / "entente-of-somebody-else").mkdir()
    with short_lived_folder("one") as one, short_lived_folder("two") as two:
        assert one.exists() and two.exists()  # the first has a living owner
        assert not left[0].exists()
    assert [path.name for path in around.iterdir()] == ["entente-of-somebody-else"]
