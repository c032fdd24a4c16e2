"""Prediction, measured: one row and batches of a 20-64-64-1 network, time and memory, beside other libraries.

    python benchmarks/prediction.py [--rounds 7] [--largest 1000000] [--write]

All contenders hold the same weights and give the same probabilities, which is checked. One thread each.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import pages
import pellucid
from peers import torch_module
from timing import one_core, python_says, seconds_a_call
from workloads import SEED, Workload, classes

Predict = Callable[[np.ndarray], np.ndarray]
SIZES = (1, 100, 10_000, 1_000_000)
HIDDEN = (64, 64)
ROW_GOALS = {"predict_proba": 25e-6, "predictor": 10e-6, "predictor, dict": 20e-6}
MEMORY = """
import sys
sys.path.insert(0, {folder!r})
import numpy as np
from memory import forget_peak, peak_bytes
from prediction import contenders
predict = contenders([{name!r}])[{name!r}]
X = np.ones(({rows}, 20), dtype=np.float32)
predict(X[:100])
forget_peak()
before = peak_bytes()
predict(X)
print(peak_bytes() - before)
"""


def main() -> None:
    """Measure and print; also write the part of the page where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--largest", type=int, default=SIZES[-1])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    began = time.perf_counter()
    sizes = [size for size in SIZES if size <= options.largest]
    with one_core():
        names = [name for name in CONTENDERS if not absent(name)]
        predictors = contenders(names)
        difference = largest_difference(predictors)
        seconds = {size: measure(predictors, size, options.rounds) for size in sizes}
        memory = {size: {name: extra_memory(name, size) for name in names} for size in sizes if size > 100}
    lines = [
        "## Prediction",
        "",
        pages.machine(("numba", "scikit-learn", "torch", "onnxruntime")),
        f"P(class) of a 20-64-64-1 network from a float32 array, one thread, median of {options.rounds} rounds",
        f"in turns. All give the same probabilities, to {difference:.0e}.",
        "",
        *pages.table(["contender", *(f"{size:,} row{'s' * (size > 1)}" for size in sizes)], time_rows(seconds)),
        "",
        *pages.table(["one row", "goal", "measured", ""], goals(seconds[1])),
        "",
        "**Memory beyond the table and the loaded model, MB**",
        "",
        *pages.table(["contender", *(f"{size:,} rows" for size in memory)], memory_rows(memory)),
        "",
        f"This part took {time.perf_counter() - began:.0f} s.",
    ]
    print("\n".join(lines))
    if options.write:
        pages.write_part("prediction", lines)


def fitted() -> pellucid.MLPClassifier:
    """Our model, trained for one epoch with its own preparation."""
    X, y = classes(10_000, 20, 2)
    return pellucid.MLPClassifier(HIDDEN, epochs=1, preparation=None, random_state=SEED).fit(X, y)


def workload(model: pellucid.MLPClassifier) -> Workload:
    """The same network for the peers, with the trained weights as its first ones."""
    X, y = classes(100, 20, 2)
    work = Workload("prediction", X, y, HIDDEN, "adam", 0.001, 1)
    work.__dict__["initial"] = model.parameters_
    return work


def ours(model: pellucid.MLPClassifier) -> Predict:
    """The estimator."""
    return lambda X: model.predict_proba(X)[:, 1]


def light(model: pellucid.MLPClassifier) -> Predict:
    """`pellucid.predictor`; one row is given as one row."""
    predict = pellucid.predictor(model).predict_proba
    return lambda X: predict(X[0])[1:] if len(X) == 1 else predict(X)[:, 1]


def scikit_learn(model: pellucid.MLPClassifier) -> Predict:
    """`sklearn.neural_network.MLPClassifier` with our weights."""
    from sklearn.neural_network import MLPClassifier

    X, y = classes(1000, 20, 2)
    other = MLPClassifier(HIDDEN, max_iter=2, tol=0.0, solver="sgd", learning_rate_init=0.0001)
    other.partial_fit(X, y, classes=[0, 1])
    other.coefs_ = [np.ascontiguousarray(W) for W in model.coefs_]
    other.intercepts_ = list(model.intercepts_)
    return lambda rows: other.predict_proba(rows)[:, 1]


def torch_eager(model: pellucid.MLPClassifier) -> Predict:
    """The module in inference mode."""
    import torch

    torch.set_num_threads(1)
    module = torch_module(workload(model)).eval()

    def predict(X: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return torch.sigmoid(module(torch.from_numpy(X)))[:, 0].numpy()

    return predict


def onnx_runtime(model: pellucid.MLPClassifier) -> Predict:
    """ONNX Runtime on a graph of Gemm, Relu and Sigmoid nodes."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(onnx_graph(model), options, providers=["CPUExecutionProvider"])
    return lambda X: session.run(None, {"A0": X})[0][:, 0]


def onnx_graph(model: pellucid.MLPClassifier) -> bytes:
    """The network as an ONNX file, built by hand."""
    from onnx import TensorProto, helper, numpy_helper

    nodes, weights = [], []
    layers = len(model.parameters_) // 2
    for k in range(layers):
        weights += [numpy_helper.from_array(np.ascontiguousarray(model.parameters_[f"layers.{k}.{part}"]), f"{part}{k}")
                    for part in ("weight", "bias")]  # fmt: skip
        nodes.append(helper.make_node("Gemm", [f"A{k}", f"weight{k}", f"bias{k}"], [f"Z{k}"], transB=1))
        nodes.append(helper.make_node("Sigmoid" if k == layers - 1 else "Relu", [f"Z{k}"], [f"A{k + 1}"]))
    value = helper.make_tensor_value_info
    ends = [value("A0", TensorProto.FLOAT, ["rows", 20]), value(f"A{layers}", TensorProto.FLOAT, ["rows", 1])]
    graph = helper.make_graph(nodes, "network", ends[:1], ends[1:], weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9).SerializeToString()


# Contender → the packages that it needs beyond ours, and how it is made.
CONTENDERS: dict[str, tuple[tuple[str, ...], Callable[[pellucid.MLPClassifier], Predict]]] = {
    "predict_proba": ((), ours),
    "predictor": ((), light),
    "scikit-learn": ((), scikit_learn),
    "torch eager": (("torch",), torch_eager),
    "ONNX Runtime": (("onnx", "onnxruntime"), onnx_runtime),
}


def absent(name: str) -> bool:
    """Whether a contender cannot run here."""
    if name == "predictor":
        return not hasattr(pellucid, "predictor")
    return any(importlib.util.find_spec(package) is None for package in CONTENDERS[name][0])


def contenders(names: list[str]) -> dict[str, Predict]:
    """Name → rows (rows, 20) float32 to P(class 1) (rows,)."""
    model = fitted()
    return {name: CONTENDERS[name][1](model) for name in names}


def largest_difference(predictors: dict[str, Predict]) -> float:
    """How far any contender's probabilities are from ours; raises AssertionError above 1e-5."""
    X = classes(1000, 20, 2)[0]
    wanted = predictors["predict_proba"](X)
    difference = max(float(np.abs(predict(X) - wanted).max()) for predict in predictors.values())
    assert difference < 1e-5, f"the contenders give different probabilities, by {difference:g}"
    return difference


def measure(predictors: dict[str, Predict], size: int, rounds: int) -> dict[str, float]:
    """Seconds of one prediction of `size` rows."""
    X = np.random.default_rng(SEED).standard_normal((size, 20), dtype=np.float32)
    functions: dict[str, Callable[[], Any]] = {n: lambda p=p: p(X) for n, p in predictors.items()}
    if size == 1 and "predictor" in predictors:
        predictor = pellucid.predictor(fitted())
        cells = dict(zip(predictor.columns, X[0].tolist(), strict=True))
        functions["predictor, dict"] = lambda: predictor.predict_proba(cells)
    return seconds_a_call(functions, rounds if size < 1_000_000 else min(rounds, 5))


def extra_memory(name: str, rows: int) -> float:
    """MB that a prediction needs at its peak beyond what was there before, in a process of its own."""
    folder = str(pages.DOCS.parent / "benchmarks")
    return float(python_says(MEMORY.format(folder=folder, name=name, rows=rows))) / 1e6


def time_rows(seconds: dict[int, dict[str, float]]) -> list[list[str]]:
    """One line a contender."""
    rows = []
    for name in (*CONTENDERS, "predictor, dict"):
        if name == "predictor, dict" and name not in seconds[1]:
            continue
        if name in CONTENDERS and absent(name):
            rows.append([f"{name}: absent", *("" for _ in seconds)])
            continue
        rows.append([name, *(pages.seconds_text(found[name]) if name in found else "" for found in seconds.values())])
    return rows


def goals(seconds: dict[str, float]) -> list[list[str]]:
    """Goals for one row, ceilings."""
    rows = []
    for name, goal in ROW_GOALS.items():
        if name not in seconds:
            rows.append([name, f"≤ {pages.seconds_text(goal)}", "absent", ""])
            continue
        word = pages.verdict(seconds[name], goal, at_most=True)
        rows.append([name, f"≤ {pages.seconds_text(goal)}", pages.seconds_text(seconds[name]), word])
    return rows


def memory_rows(memory: dict[int, dict[str, float]]) -> list[list[str]]:
    """One line a contender."""
    names = next(iter(memory.values()), {})
    return [[name, *(f"{found[name]:.1f}" for found in memory.values())] for name in names]


if __name__ == "__main__":
    main()
