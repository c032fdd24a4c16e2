"""Document 004's spiral: the draws of its seed, and its rows split, labelled and standardized."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from golden_figures import figures
from golden_files import fixtures, table_path

from pellucid import Table, data, nn, profile_table, read
from pellucid.preprocessing import ClassTarget, NumberRecipe, Preparation, PreparationSpec, fit_preparation, fit_target

STANDARD = NumberRecipe(missing_flag=False, log1p=False, clip=None, levels=False)
PARTS = ("train", "val", "test")
SMALL = {"name": "normal", "std": 0.01}
SIZES = (2, 100, 3)
NETWORKS_DRAWN = 2


@dataclass(frozen=True, eq=False)
class Drawn:
    """What the document drew with NumPy, in its order: `order` of all rows, `rows` of each part, the first weights of
    two networks, and a random table (150, 2) with its three labels, cut into the same parts."""

    order: np.ndarray
    rows: dict[str, np.ndarray]
    weights: list[nn.Parameters]
    noise: dict[str, np.ndarray]
    noise_labels: dict[str, np.ndarray]


@cache
def drawn() -> Drawn:
    """One old generator, seeded as on the page, passed from hand to hand."""
    rng = np.random.RandomState(1234)
    whole = read(table_path("spiral.csv"))
    order = rng.choice(len(whole), size=len(whole), replace=False)
    rows = three_parts(order, whole["color"].objects()[order], rng)[0]
    weights = [nn.initialize(SIZES, True, SMALL, rng) for _ in range(NETWORKS_DRAWN)]  # type: ignore[arg-type]
    noise, labels = three_parts(rng.random_sample((150, 2)), np.repeat([0, 1, 2], 50), rng)
    return Drawn(order, rows, weights, noise, labels)


def three_parts(X: np.ndarray, y: np.ndarray, rng: np.random.RandomState) -> tuple[dict[str, np.ndarray], ...]:
    """Rows and labels of 70, 15 and 15 %, stratified, by scikit-learn's draw."""
    from sklearn.model_selection import train_test_split

    train, rest, y_train, y_rest = train_test_split(X, y, train_size=0.7, stratify=y, random_state=rng)
    val, test, y_val, y_test = train_test_split(rest, y_rest, train_size=0.5, stratify=y_rest, random_state=rng)
    return dict(zip(PARTS, (train, val, test))), dict(zip(PARTS, (y_train, y_val, y_test)))


@cache
def shuffled() -> Table:
    return read(table_path("spiral.csv")).take(drawn().order)


@cache
def part(name: str) -> Table:
    """The rows of a part in the order in which the document used them."""
    assert np.array_equal(drawn().rows[name], fixtures()["spiral_split_rows"][name])
    return read(table_path("spiral.csv")).take(drawn().rows[name])


@cache
def prepared() -> Preparation:
    """Standardized by the training rows."""
    return fit_preparation(part("train").select(["X1", "X2"]), PreparationSpec(numbers=STANDARD))


@cache
def labels() -> ClassTarget:
    target = fit_target(part("train")["color"], "classification")
    assert isinstance(target, ClassTarget)
    return target


@cache
def points(name: str) -> np.ndarray:
    return prepared().transform(part(name))


@cache
def codes(name: str) -> np.ndarray:
    return labels().encode(part(name)["color"])


@cache
def class_counts() -> list[int]:
    found = profile_table(part("train"), "color").target
    assert found is not None
    return [dict(found.counts)[str(label)] for label in labels().labels]


def cells(table: Table, row: int) -> list[float]:
    """X1 and X2 of a row, as they stand in the table."""
    found = table.row(row)
    return [found["X1"], found["X2"]]


def own_sizes(rows: int, classes: int) -> list[int]:
    """Rows of training, validation and test, cut by pellucid's own stratified split, twice."""
    labels = np.repeat(np.arange(classes), rows // classes)
    first = data.stratified_split(labels, 0.3, rng=1234)
    second = data.stratified_split(labels[first.held_out], 0.5, rng=1234)
    smaller, larger = sorted([len(second.training), len(second.held_out)])
    return [len(first.training), smaller, larger]


def three_shapes() -> list[list[int]]:
    sizes = own_sizes(1500, 3)
    assert sizes == [len(part(name)) for name in PARTS]
    return [[sum(sizes), 2], *([rows, 2] for rows in sizes)]


def noise_shapes() -> list[list[int]]:
    sizes = own_sizes(150, 3)
    assert sizes == [len(drawn().noise[name]) for name in PARTS]
    return [[rows, 2] for rows in sizes]


def noise_support() -> list[int]:
    found = profile_table({"label": drawn().noise_labels["test"].tolist()}, "label").target
    assert found is not None
    return [dict(found.counts)[label] for label in "012"]


def noise_table() -> Table:
    return read(drawn().noise["train"])


FIGURES = (
    figures(
        4,
        "read",
        {
            "head": lambda: [cells(shuffled(), row) for row in range(5)],
            "head_colors": lambda: [shuffled().row(row)["color"] for row in range(5)],
            "sample_point.notebook": lambda: cells(part("train"), 0),
            "over_sample_point": lambda: list(noise_table().row(0).values()),
        },
    )
    | figures(4, "data.stratified_split", {"shapes": three_shapes, "over_shapes": noise_shapes})
    | figures(
        4,
        "profile_table",
        {
            "class_counts": class_counts,
            "class_weight": lambda: 1 / class_counts()[0],
            "over_support": noise_support,
        },
    )
    | figures(
        4,
        "preprocessing.fit_target",
        {
            "over_sample_class": lambda: fit_target(drawn().noise_labels["train"], "classification").encode(
                drawn().noise_labels["train"][:1]
            )
        },
    )
    | figures(
        4,
        "preprocessing.fit_preparation",
        {
            "X_test_mean_std.notebook": lambda: [[column.mean(), column.std()] for column in points("test").T],
            "infer_scaled.notebook": lambda: prepared().transform_row({"X1": 0.1, "X2": 0.1}),
        },
    )
)
