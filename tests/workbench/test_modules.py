"""The page's modules: their own tests in Node, their types, and the kernel for pages, which is that of its sources."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sim.kernel.build import EXPORTS, digest
from sim.scenario import read
from sim.workbench import page, wasm
from sim.workbench.content import gather
from tests.workbench.test_exact import NODE

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MODULES = Path(os.environ.get("NODE_PATH") or ROOT / "node_modules")
needs_node = pytest.mark.skipif(NODE is None, reason="there is no Node here: apt-get install nodejs")


def test_the_kernel_for_pages_is_that_of_its_sources():
    names = [path.name for path in wasm.FOLDER.glob("*.wasm")]
    assert names == [f"kernel-{digest()}.wasm"], f"run `{wasm.COMMAND}` and commit what it makes"
    text = (wasm.FOLDER / names[0]).read_bytes()
    assert text[:4] == b"\0asm" and all(name.encode() in text for name in EXPORTS)


def test_a_kernel_of_other_sources_is_not_taken(monkeypatch):
    monkeypatch.setattr(wasm, "digest", lambda: "0" * 16)
    with pytest.raises(wasm.NotFresh, match=re.escape(wasm.COMMAND)):
        wasm.find()


@needs_node
def test_the_modules_own_tests_pass():
    done = subprocess.run([NODE, "--test", HERE / "modules.test.mjs"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]


@needs_node
@pytest.mark.parametrize("names", [page.MAIN, page.WORKER], ids=["page", "worker"])
def test_the_joined_script_is_one_and_has_every_module_after_those_that_it_needs(names, tmp_path):
    file = tmp_path / "joined.mjs"  # its body as a module, which is read to its end: two of one name are an error
    body = page.joined(names).removeprefix("(function () {\n").removesuffix("})();\n")
    file.write_text(body, encoding="utf-8")
    done = subprocess.run([NODE, "--check", file], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for place, name in enumerate(names):
        text = (page.PAGE / f"{name}.js").read_text(encoding="utf-8")
        assert set(re.findall(r'^import .*?from "\./(\w+)\.js";', text, re.M | re.S)) <= set(names[:place]), name


def test_types_hold():
    compiler = MODULES / ".bin" / "tsc"
    if not compiler.is_file() or shutil.which("node") is None:
        pytest.skip("TypeScript is not there: npm install typescript, and NODE_PATH for where")
    done = subprocess.run([compiler, "-p", HERE], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_same_scenario_gives_the_same_page():
    one, other = (page.render(gather(read("baseline"), None, 1, 50)) for _ in range(2))
    assert one == other


def test_the_policy_lets_nothing_else_in():
    text = page.render(gather(read("baseline"), None, 1, 50))
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    rules = dict(rule.split(" ", 1) for rule in policy.replace("&#39;", "'").split("; "))
    assert rules["default-src"] == "'none'" and rules["worker-src"] == "blob:"
    assert re.fullmatch(r"('sha256-[\w+/=]+' ?)+'wasm-unsafe-eval'", rules["script-src"])
    assert "http" not in json.dumps(rules)
