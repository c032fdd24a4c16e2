"""Explaining, measured: median times of what a learner waits for.

    python benchmarks/explain.py [PART …] [--rounds 15]

A part is a function that gives names and functions to time; put more of them into `PARTS`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import pellucid
from timing import one_core, seconds_a_call
from workloads import SEED

Measured = Mapping[str, Callable[[], Any]]


def main() -> None:
    """Measure the parts that are named, or all, and print milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    began = time.perf_counter()
    with one_core():
        for part in options.parts or PARTS:
            for name, seconds in seconds_a_call(PARTS[part](), options.rounds).items():
                print(f"{part:10} {name:45} {seconds * 1e3:9.3f} ms")
    print(f"\n{time.perf_counter() - began:.0f} s in all, medians of {options.rounds} rounds")


def ledgers() -> Measured:
    """The ledger of a row of a 12-64-64-1 network: goal 5 ms for the record."""
    X = np.random.default_rng(SEED).standard_normal((500, 12))
    y = (X[:, 0] * X[:, 1] > 0).astype(int)
    model = pellucid.MLPClassifier((64, 64), epochs=3, random_state=0).fit(X, y)
    whole = pellucid.ledger(model, X[3], target=1)
    return {
        "record": lambda: pellucid.ledger(model, X[3]),
        "record, forwards and backwards": lambda: pellucid.ledger(model, X[3], target=1),
        "text of both": whole.text,
        "HTML of both": whole.html,
        "JSON of both": lambda: json.dumps(whole.to_dict()),
    }


PARTS: dict[str, Callable[[], Measured]] = {"ledger": ledgers}

if __name__ == "__main__":
    main()
