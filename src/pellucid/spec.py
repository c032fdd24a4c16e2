"""What is to be trained and how: two frozen records, checked once, JSON both ways.

`NetworkSpec` is the shape of a network, `TrainingSpec` the plan of its training. Everything below (engines, loop)
trusts them; everything above (estimators, ladder, command line) builds them.
"""

from __future__ import annotations

import copy
import numbers
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from .errors import SpecError, nearest
from .nn.activations import Activation, get_activation
from .nn.initializers import Initializer, get_initializer
from .nn.losses import Loss, get_loss
from .nn.optimizers import Adam, Optimizer, get_optimizer
from .nn.schedules import get_schedule
from .nn.settings import Settings
from .records import Record

DTYPES = ("float64", "float32")


@dataclass(frozen=True)
class NetworkSpec(Record):
    """The shape of a fully connected network.

    `inputs` columns enter, `hidden` lists the units of each hidden layer, `outputs` numbers leave. `activation` and
    `dropout` are one value for all hidden layers or one for each; `bias` and `initializer` one for all layers or one
    for each (hidden layers first, then the output layer). The output layer has no activation: a loss carries the link
    (sigmoid, softmax) that turns its numbers into predictions. An activation or initializer is a name, an initializer
    also a dict with its settings, or an object of your own, which is written to files by its name only.

    `initializer="auto"` draws he_uniform before the relu family and xavier_uniform elsewhere.

    Raises `SpecError` for sizes below 1, rates outside [0, 1) and unknown names.
    """

    inputs: int
    hidden: tuple[int, ...] = ()
    outputs: int = 1
    activation: str | Activation | Sequence[str | Activation] = "relu"
    bias: bool | Sequence[bool] = True
    dropout: float | Sequence[float] = 0.0
    initializer: str | Mapping[str, Any] | Initializer | Sequence[str | Mapping[str, Any] | Initializer] = "auto"

    def __post_init__(self) -> None:
        store = object.__setattr__
        store(self, "inputs", _whole("inputs", self.inputs, 1))
        store(self, "outputs", _whole("outputs", self.outputs, 1))
        store(self, "hidden", _units(self.hidden))
        layers = len(self.hidden)
        activation = _per_layer("activation", self.activation, layers, (str, Activation), get_activation)
        store(self, "activation", activation)
        store(self, "_activations", tuple(get_activation(a) for a in activation))
        store(self, "dropout", _per_layer("dropout", self.dropout, layers, (numbers.Real,), _check_rate))
        store(self, "bias", _per_layer("bias", self.bias, layers + 1, (bool,), bool))
        kinds = (str, Mapping, Callable)
        store(self, "initializer", _per_layer("initializer", self.initializer, layers + 1, kinds, _check_initializer))

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of every layer: inputs, hidden layers, outputs."""
        return (self.inputs, *self.hidden, self.outputs)

    @property
    def activations(self) -> tuple[Activation, ...]:
        """The activation of each hidden layer."""
        return cast(tuple[Activation, ...], self.__dict__["_activations"])

    @property
    def biases(self) -> tuple[bool, ...]:
        """Whether each layer has a bias, output layer last."""
        return cast(tuple[bool, ...], self.bias)

    @property
    def dropouts(self) -> tuple[float, ...]:
        """The dropout rate after each hidden layer."""
        return cast(tuple[float, ...], self.dropout)

    @property
    def initializers(self) -> tuple[str | Mapping[str, Any] | Initializer, ...]:
        """The initializer of each layer, output layer last."""
        return cast(tuple[str | Mapping[str, Any] | Initializer, ...], self.initializer)

    @property
    def parameter_count(self) -> int:
        """How many numbers are learned."""
        pairs = zip(self.sizes[:-1], self.sizes[1:], self.biases)
        return sum((i + has_bias) * o for i, o, has_bias in pairs)

    def __str__(self) -> str:
        return "-".join(str(s) for s in self.sizes)

    def to_dict(self) -> dict[str, Any]:
        """Plain values; an own `Activation` is written by its name."""
        return {
            "inputs": self.inputs,
            "hidden": list(self.hidden),
            "outputs": self.outputs,
            "activation": [a.name for a in self.activations],
            "bias": list(self.biases),
            "dropout": [float(rate) for rate in self.dropouts],
            "initializer": [getattr(i, "__name__", type(i).__name__) if callable(i) else i for i in self.initializers],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> NetworkSpec:
        """The inverse of `to_dict`."""
        return cls(**_known(cls, values))


def parameter_shapes(network: NetworkSpec) -> dict[str, tuple[int, ...]]:
    """Names and shapes of all parameters, in order."""
    shapes: dict[str, tuple[int, ...]] = {}
    for k, (inputs, outputs) in enumerate(zip(network.sizes[:-1], network.sizes[1:])):
        shapes[f"layers.{k}.weight"] = (outputs, inputs)
        if network.biases[k]:
            shapes[f"layers.{k}.bias"] = (outputs,)
    return shapes


@dataclass(frozen=True)
class TrainingSpec(Record):
    """The plan of a training.

    `batch_size=None` takes all rows in every step. `l1` and `l2` add l1·Σ|W| + l2/2·ΣW² over the weights, never the
    biases, to the loss that is minimized; losses are reported without them. `patience` (with validation rows) stops
    when that many epochs in a row bring no gain of `min_delta` in validation loss, and the best epoch's parameters are
    returned; without it the last epoch's are. `dtype` is the type of all arithmetic. `seed`, a whole number below 2⁶³,
    gives initial weights, row order and dropout.

    Raises `SpecError` for values out of range and unknown names.
    """

    loss: str | Loss | Mapping[str, Any] = "mse"
    optimizer: str | Optimizer | Mapping[str, Any] = field(default_factory=Adam)
    learning_rate: float = 0.001
    epochs: int = 100
    batch_size: int | None = None
    shuffle: bool = True
    l1: float = 0.0
    l2: float = 0.0
    patience: int | None = None
    min_delta: float = 0.0
    dtype: str = "float64"
    seed: int = 0

    def __post_init__(self) -> None:
        store = object.__setattr__
        store(self, "loss", get_loss(self.loss))
        optimizer = copy.deepcopy(get_optimizer(self.optimizer))
        optimizer.schedule = None if optimizer.schedule is None else get_schedule(optimizer.schedule)
        store(self, "optimizer", optimizer)
        for name, least in (("epochs", 0), ("batch_size", 1), ("patience", 1), ("seed", 0)):
            value = getattr(self, name)
            if value is not None or name in ("epochs", "seed"):
                store(self, name, _whole(name, value, least))
        if self.seed >= 2**63:
            raise SpecError(f"seed must be below 2⁶³, got {self.seed}")
        for name in ("learning_rate", "l1", "l2", "min_delta"):
            store(self, name, _not_negative(name, getattr(self, name)))
        if not isinstance(self.shuffle, bool):
            raise SpecError(f"shuffle must be True or False, got {self.shuffle!r}")
        if self.dtype not in DTYPES:
            raise SpecError(f"dtype must be one of {', '.join(DTYPES)}, got {self.dtype!r}")

    @property
    def the_loss(self) -> Loss:
        """The loss as an object, whatever it was given as."""
        return cast(Loss, self.loss)

    @property
    def the_optimizer(self) -> Optimizer:
        """The optimizer as an object, whatever it was given as."""
        return cast(Optimizer, self.optimizer)

    def to_dict(self) -> dict[str, Any]:
        """Plain values; an own `Loss` is written by its name."""
        plain = {k: getattr(self, k) for k in self.__dataclass_fields__}
        return plain | {"loss": self.the_loss.to_dict(), "optimizer": self.the_optimizer.to_dict()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TrainingSpec:
        """The inverse of `to_dict`."""
        return cls(**_known(cls, values))


@dataclass
class EarlyStopping(Settings):
    """When an estimator stops early: hold out `fraction` of the training rows, stop after `patience` epochs without
    a gain of `min_delta` in validation loss, keep the best epoch."""

    patience: int = 10
    min_delta: float = 0.0
    fraction: float = 0.15


def _units(hidden: Any) -> tuple[int, ...]:
    if isinstance(hidden, numbers.Integral):
        hidden = (hidden,)
    if isinstance(hidden, str) or not isinstance(hidden, Iterable):
        raise SpecError(f"hidden must list the units of each hidden layer, such as (64, 32), got {hidden!r}")
    return tuple(_whole(f"units of hidden layer {k}", units, 1) for k, units in enumerate(hidden))


def _per_layer(
    what: str, value: Any, layers: int, types: tuple[Any, ...], check: Callable[[Any], object]
) -> tuple[Any, ...]:
    """One value a layer; `check` sees every value given, even where no layer would use it."""
    given = (value,) if isinstance(value, types) else value
    if not isinstance(given, Sequence) or not all(isinstance(v, types) for v in given):
        raise SpecError(f"{what} must be one value or one a layer, got {value!r}")
    for one in given:
        check(one)
    if isinstance(value, types):
        return (value,) * layers
    if len(given) != layers:
        raise SpecError(f"{what} lists {len(given)} values, but the network has {layers} such layers")
    return tuple(given)


def _check_rate(rate: Any) -> None:
    if not 0 <= rate < 1:
        raise SpecError(f"dropout must lie in [0, 1), got {rate}; 0 turns it off, 0.1 to 0.5 is usual")


def _check_initializer(initializer: Any) -> None:
    if not (isinstance(initializer, str) and initializer == "auto"):
        get_initializer(initializer)


def _whole(name: str, value: Any, least: int) -> int:
    """`value`, an int or one of NumPy's, as an int."""
    if not isinstance(value, numbers.Integral) or isinstance(value, bool) or value < least:
        raise SpecError(f"{name} must be a whole number of at least {least}, got {value!r}")
    return int(value)


def _not_negative(name: str, value: Any) -> float:
    """`value`, any real number, NumPy's too, as a float."""
    if not isinstance(value, numbers.Real) or isinstance(value, bool) or not 0 <= float(value) < float("inf"):
        raise SpecError(f"{name} must be a finite number of at least 0, got {value!r}")
    return float(value)


def _known(cls: type, values: Mapping[str, Any]) -> dict[str, Any]:
    fields: Mapping[str, Any] = cls.__dataclass_fields__  # type: ignore[attr-defined]
    for name in values:
        if name not in fields:
            raise SpecError(f"{cls.__name__} has no field {name!r}{nearest(name, fields)}")
    return dict(values)
