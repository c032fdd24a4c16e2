"""Document 004's three networks: without an activation, with ReLU and gradients by hand, with ReLU and Adam."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from golden_figures import Figures, figures
from golden_files import fixtures, goldens
from golden_spiral import SIZES, codes, drawn, labels, part, points

from pellucid import FittedNetwork, MLPClassifier, NetworkSpec, Record, TrainingSpec, fit_network, metrics, nn
from pellucid.preprocessing import NumberRecipe, PreparationSpec

# Name on the page → activation, optimizer, learning rate, epochs, and how many epochs apart it prints.
RUNS: dict[str, tuple[str, str, float, int, int]] = {
    "linear": ("identity", "adam", 0.01, 10, 1),
    "np": ("relu", "sgd", 1.0, 1000, 100),
    "mlp": ("relu", "adam", 0.01, 100, 10),
}
NEW_ROW = {"X1": [0.1], "X2": [0.1]}


def first(name: str) -> nn.Parameters:
    """The document's draws: the second of its NumPy networks, torch's for the others."""
    if name == "np":
        return drawn().weights[1]
    begin = fixtures()[f"spiral_{name}_init"]
    pairs = [(k, letter, part) for k, letter in enumerate("ab") for part in ("weight", "bias")]
    return {f"layers.{k}.{part}": np.array(begin[f"{letter}.{part}"]) for k, letter, part in pairs}


@cache
def trained(name: str) -> FittedNetwork:
    activation, optimizer, rate, epochs, every = RUNS[name]
    plan = TrainingSpec("softmax_cross_entropy", optimizer, rate, epochs)
    network = NetworkSpec(SIZES[0], SIZES[1:-1], SIZES[-1], activation=activation)
    keep = Record(weights_every=every)
    return fit_network(points("train"), codes("train"), network, plan, initial=first(name), record=keep)


@cache
def accuracies(name: str) -> np.ndarray:
    """Of the training rows before each printed epoch."""
    fitted, (_, _, _, epochs, every) = trained(name), RUNS[name]
    assert fitted.recording is not None
    found = []
    for epoch in range(0, epochs, every):
        Z = nn.network_forward(points("train"), fitted.recording.at(epoch), fitted.network.activations)[0]
        found.append(metrics.accuracy(codes("train"), Z.argmax(axis=1)).value)
    return np.array(found)


@cache
def class_table(name: str) -> metrics.ClassTable:
    """Of the 225 test rows."""
    guess = trained(name).predict(points("test")).argmax(axis=1)
    return metrics.tabulate_classes(codes("test"), guess)


def per_class(table: metrics.ClassTable) -> list[list[float]]:
    return [[one.precision.value, one.recall.value, one.f1.value] for one in table.classes]


def averages(table: metrics.ClassTable, kind: str) -> list[float]:
    return [table[f"{kind} {name}"].value for name in ("precision", "recall", "F1")]


@cache
def as_estimator() -> MLPClassifier:
    """The network with Adam once more, from the table of colors to answers."""
    _, optimizer, rate, epochs, _ = RUNS["mlp"]
    numbers = NumberRecipe(missing_flag=False, log1p=False, clip=None, levels=False)
    model = MLPClassifier(
        hidden_layer_sizes=SIZES[1:-1],
        optimizer=optimizer,
        learning_rate=rate,
        epochs=epochs,
        batch_size=None,
        preparation=PreparationSpec(numbers=numbers),
    )
    table = part("train")
    return model.fit(table.select(["X1", "X2"]), table["color"].objects(), initial=first("mlp"))


@cache
def first_row_by_hand() -> tuple[np.ndarray, float]:
    """Raw outputs of the first training row and the loss of all, of the first network that NumPy drew."""
    Z = nn.network_forward(points("train"), drawn().weights[0], [nn.relu])[0]
    return Z[:1], nn.loss_forward(nn.SoftmaxCrossEntropy(), Z, codes("train"))[0]


@cache
def noise_table() -> metrics.ClassTable:
    """Counts that give the printed figures of every class: 7, 8 and 8 rows (trap 25: their "overall" is macro)."""
    counts = np.array([[0, 3, 4], [4, 2, 2], [4, 2, 2]])
    truth = np.repeat(np.repeat([0, 1, 2], 3), counts.ravel())
    table = metrics.tabulate_classes(truth, np.repeat([[0, 1, 2]] * 3, counts.ravel()))
    assert per_class(table) == goldens()[4, "over_per_class"].expected
    assert np.abs(np.subtract(averages(table, "weighted"), averages(table, "macro"))).max() > 0.005
    return table


def of_run(name: str) -> Figures:
    """The figures that each of the three networks has."""
    scale = 1 if name == "np" else 100
    return (
        figures(
            4, "fit_network", {f"{name}_loss.notebook": lambda: trained(name).history.training_loss[:: RUNS[name][4]]}
        )
        | figures(4, "metrics.accuracy", {f"{name}_accuracy.notebook": lambda: scale * accuracies(name)})
        | figures(
            4,
            "metrics.tabulate_classes",
            {
                f"{name}_overall.notebook": lambda: averages(class_table(name), "weighted"),
                f"{name}_per_class.notebook": lambda: per_class(class_table(name)),
            },
        )
    )


def on_new_row() -> tuple[str, float]:
    """The estimator's answer, and its probability in percent."""
    return as_estimator().predict(NEW_ROW)[0], 100 * float(as_estimator().predict_proba(NEW_ROW).max())


def same_answers() -> Any:
    """The estimator's answers for the test rows are those of the network that plain arrays trained."""
    guess = trained("mlp").predict(points("test")).argmax(axis=1)
    assert np.array_equal(as_estimator().predict(part("test")), labels().decode(guess))
    return on_new_row()


FIGURES = (
    of_run("linear")
    | of_run("np")
    | of_run("mlp")
    | figures(
        4,
        "fit_network",
        {
            "linear_sample_prob.notebook": lambda: trained("linear").predict(points("test")[:1]),
            "linear_sample_class": lambda: trained("linear").predict(points("test")[:1]).argmax(),
        },
    )
    | figures(4, "nn.network_forward", {"np_sample_logits.notebook": lambda: first_row_by_hand()[0]})
    | figures(4, "nn.loss_forward", {"np_first_loss.true": lambda: first_row_by_hand()[1]})
    | figures(
        4,
        "nn.softmax",
        {
            "np_sample_yhat.notebook": lambda: nn.softmax(first_row_by_hand()[0]),
            "page_yhat_from_page_logits": lambda: nn.softmax(np.array([goldens()[4, "np_sample_logits"].expected])),
        },
    )
    | figures(
        4,
        "MLPClassifier",
        {
            "infer_percent": lambda: round(same_answers()[1]),
            "infer_class": lambda: 1 + labels().labels.index(on_new_row()[0]),
        },
    )
    | figures(4, "metrics.tabulate_classes", {"page_over_overall_is_macro": lambda: averages(noise_table(), "macro")})
)
