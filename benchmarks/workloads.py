"""What is trained: seven tables and networks, the same for every contender, down to the first weights."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

import pellucid
from pellucid.engines.contract import Parameters
from pellucid.nn import network as net
from pellucid.nn.losses import loss_forward
from pellucid.training.batches import shuffled
from pellucid.training.fit_network import draw_parameters

SEED = 0


@dataclass(frozen=True, eq=False)
class Workload:
    """A table, a network and a plan; `batch_size=None` takes all rows in every step.

    `wanted` are the goals: contender → how many times slower than our `fit` it should at least be; with "kernel "
    before its name, than our kernel; "GEMM" is the share of the rate of the bare matrix products.
    """

    name: str
    X: np.ndarray
    y: np.ndarray
    hidden: tuple[int, ...]
    optimizer: str
    learning_rate: float
    epochs: int
    batch_size: int | None = None
    wanted: dict[str, float] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of the table."""
        return len(self.X)

    @property
    def batch(self) -> int:
        """Rows of a full step."""
        return self.batch_size or self.rows

    @property
    def outputs(self) -> int:
        """One logit for two classes, one a class for more."""
        classes = int(self.y.max()) + 1
        return 1 if classes == 2 else classes

    @property
    def loss(self) -> str:
        """The loss by our name."""
        return "bce" if self.outputs == 1 else "softmax_cross_entropy"

    @property
    def targets(self) -> np.ndarray:
        """As the loss takes them: (rows, 1) float32 of 0 and 1, or (rows,) class codes."""
        return self.y.astype(np.float32)[:, None] if self.outputs == 1 else self.y

    @property
    def network(self) -> pellucid.NetworkSpec:
        """The network; relu between its layers."""
        return pellucid.NetworkSpec(self.X.shape[1], self.hidden, self.outputs)

    @property
    def plan(self) -> pellucid.TrainingSpec:
        """The training."""
        return pellucid.TrainingSpec(
            loss=self.loss,
            optimizer=self.optimizer,
            learning_rate=self.learning_rate,
            epochs=self.epochs,
            batch_size=self.batch_size,
            dtype="float32",
            seed=SEED,
        )

    @cached_property
    def initial(self) -> Parameters:
        """The first weights that every contender is given; read-only, since some libraries train in place."""
        parameters = draw_parameters(self.network, SEED, np.dtype(np.float32))
        for value in parameters.values():
            value.flags.writeable = False
        return parameters

    @cached_property
    def order(self) -> np.ndarray:
        """Row numbers (epochs, rows) that our fit draws by itself, for contenders that can be given an order."""
        return shuffled(self.rows, self.plan)(self.epochs)

    @property
    def steps(self) -> int:
        """Optimizer steps of the whole training."""
        return self.epochs * -(-self.rows // self.batch)

    def final_loss(self, parameters: Parameters) -> float:
        """The mean loss over all rows, in float64, by the textbook: one ruler for all contenders."""
        doubled = {name: np.asarray(value, dtype=np.float64) for name, value in parameters.items()}
        Z, _ = net.forward(self.X.astype(np.float64), doubled, self.network.activations)
        return loss_forward(self.plan.the_loss, Z, self.targets)[0]


def workloads() -> list[Workload]:
    """All seven, small ones first."""
    X_titanic, y_titanic = titanic()
    X_moons, y_moons = pellucid.data.moons(80, noise=0.1, seed=SEED)
    X_spiral, y_spiral = pellucid.data.spiral(1050, classes=3, seed=SEED)
    moons, spiral = (X_moons.astype(np.float32), y_moons), (X_spiral.astype(np.float32), y_spiral)
    return [
        Workload("12-20-1, 713 rows, full batch, SGD, 30 epochs", X_titanic, y_titanic, (20,), "sgd", 0.05, 30,
                 wanted={"scikit-learn": 9, "kernel scikit-learn": 13, "torch eager": 6, "kernel JAX scan": 1.5}),
        Workload("2-10-1, 80 rows, batch 16, SGD, 100 epochs", *moons, (10,), "sgd", 0.05, 100, 16,
                 wanted={"scikit-learn": 40, "kernel scikit-learn": 80, "torch eager": 50, "kernel JAX scan": 4}),
        Workload("2-100-3, 1,050 rows, full batch, Adam, 100 epochs", *spiral, (100,), "adam", 0.003, 100,
                 wanted={"scikit-learn": 10, "torch eager": 10, "JAX scan": 2}),
        Workload("2-100-3, 1,050 rows, batch 32, Adam, 100 epochs", *spiral, (100,), "adam", 0.003, 100, 32,
                 wanted={"scikit-learn": 35, "torch eager": 60, "JAX scan": 2.5}),
        Workload("20-64-64-1, 10,000 rows, batch 64, Adam, 10 epochs", *classes(10_000, 20, 2), (64, 64), "adam",
                 0.001, 10, 64, wanted={"scikit-learn": 12, "torch eager": 15, "JAX scan": 2, "GEMM": 0.4}),
        Workload("100-128-64-1, 40,000 rows, batch 256, Adam, 3 epochs", *classes(40_000, 100, 2), (128, 64), "adam",
                 0.001, 3, 256, wanted={"scikit-learn": 4, "torch eager": 4, "JAX scan": 1.8, "GEMM": 0.5}),
        Workload("54-256-256-7, 100,000 rows, batch 1,024, Adam, 1 epoch", *classes(100_000, 54, 7), (256, 256), "adam",
                 0.001, 1, 1024, wanted={"scikit-learn": 2.5, "torch eager": 1.7, "JAX scan": 1.7, "GEMM": 0.85}),
    ]  # fmt: skip


def titanic(rows: int = 713) -> tuple[np.ndarray, np.ndarray]:
    """`rows` passengers of the bundled table as 12 inputs (rows, 12) float32, and who survived (rows,).

    Class (3), sex (2) and port (3) as 0/1 columns; age, siblings, parents and fare standardized, gaps filled with the
    median.
    """
    passengers = pellucid.read("titanic")
    chosen = np.sort(np.random.default_rng(SEED).permutation(891)[:rows])
    columns = []
    for name in ("Pclass", "Sex", "Embarked"):
        values = np.asarray(passengers[name].values)[chosen]
        columns += [values == value for value in np.unique(values) if value >= 0]
    for name in ("Age", "SibSp", "Parch", "Fare"):
        values = np.asarray(passengers[name].values, dtype=np.float64)[chosen]
        values = np.where(np.isnan(values), np.nanmedian(values), values)
        columns.append((values - values.mean()) / values.std())
    survived = np.asarray(passengers["Survived"].values)[chosen].astype(np.int64)
    return np.column_stack(columns).astype(np.float32), survived


def classes(rows: int, inputs: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """X (rows, inputs) standard normal float32, y (rows,): the largest of `count` noisy scores of a random network."""
    rng = np.random.default_rng(SEED)
    X = rng.standard_normal((rows, inputs), dtype=np.float32)
    hidden = np.tanh(X @ rng.standard_normal((inputs, 16), dtype=np.float32) / np.float32(inputs**0.5))
    scores = hidden @ rng.standard_normal((16, count), dtype=np.float32)
    scores += 0.5 * rng.standard_normal((rows, count), dtype=np.float32)
    return X, scores.argmax(axis=1).astype(np.int64)
