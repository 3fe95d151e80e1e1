"""The parts of a report: coded series, safe JSON, colours, links, commands."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.report import colours, compact
from sim.report.citations import linked
from sim.report.reproduction import recipe


def decoded(row, count, digits):
    """As page/read.js does it."""
    if not isinstance(row, list):
        return np.full(count, np.nan if row is None else row / 10**digits)
    total, found = 0, []
    for step in row:
        total += step or 0
        found.append(np.nan if step is None else total / 10**digits)
    return np.array(found)


@given(arrays(float, st.integers(1, 30), elements=st.floats(-1e4, 1e4) | st.just(float("nan"))), st.integers(0, 5))
def test_steps_lead_back_to_the_values(values, digits):
    row = json.loads(compact.dumps(compact.steps(values, digits)))
    assert np.allclose(decoded(row, len(values), digits), values, atol=0.501 * 10**-digits, equal_nan=True)


WORDS = st.text(st.sampled_from("<>&/!-\u2028\u2029ascript\"'"), max_size=12)


@settings(max_examples=60)
@given(st.recursive(WORDS | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner), max_leaves=6))
def test_json_survives_and_cannot_end_its_element(value):
    text = compact.dumps(value)
    assert json.loads(text) == value
    assert not set("<>&\u2028\u2029") & set(text)


@pytest.mark.parametrize(("name", "stops"), [("cividis", colours.LEVEL), ("BrBG", colours.CHANGE)])
def test_colours_are_those_of_the_pictures(name, stops):
    import matplotlib
    from matplotlib.colors import to_rgb

    for value in np.linspace(-1, 1, 65):
        wanted = matplotlib.colormaps[name]((value + 1) / 2)[:3]
        assert np.allclose(to_rgb(colours.colour(float(value), 1.0, stops)), wanted, atol=0.06)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "see https://a.org/b?c=1&d.",
            'see <a href="https://a.org/b?c=1&amp;d" rel="noopener noreferrer">https://a.org/b?c=1&amp;d</a>.',
        ),
        ("javascript:alert(1) <b>", "javascript:alert(1) &lt;b&gt;"),
        ('(http://a.org/"onclick=x)', '(<a href="http://a.org/" rel="noopener noreferrer">http://a.org/</a>&#34;onclick=x)'),
    ],
)
def test_only_web_addresses_become_links(text, html):
    assert linked(text) == html


def test_the_command_leaves_out_what_changes_no_number():
    manifest = {
        "scenario": "no_expansion",
        "seed": 3,
        "replicates": 50,
        "digest": "d",
        "finished": "f",
        "overrides": ["scenario=no_expansion", "results=/tmp/x", "plots=false", "seed=3", "~scenario.events.uri"],
    }

    wanted = "python -m sim run scenario=no_expansion seed=3 '~scenario.events.uri' replicates=50"
    assert recipe(SimpleNamespace(manifest=manifest))["command"] == wanted
