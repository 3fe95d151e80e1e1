"""Write the golden means again, on purpose: ``python -m tests.golden.rewrite``.

Prints what moved. Explain it in CHANGELOG under *Results changed*.
"""

from __future__ import annotations

from tests.golden.measures import FILE, differences, means, scenarios, stored, write


def main() -> None:
    """Simulate every scenario, say what moved, and store it."""
    old = stored() if FILE.is_file() else {}
    new = {name: means(name) for name in scenarios()}
    moved = {name: differences(old.get(name, {}), each) for name, each in new.items()}
    for name in sorted({*moved, *old}):
        lines = moved.get(name, ["scenario gone"])
        print(f"{name}: {len(lines)} of {len(new.get(name, lines))} means changed")
        for line in lines[:8]:
            print(f"  {line}")
    write(new)
    print(f"wrote {FILE.name}; explain the change in CHANGELOG.md under 'Results changed'")


if __name__ == "__main__":
    main()
