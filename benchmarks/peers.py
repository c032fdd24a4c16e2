"""The other libraries, each at its best sensible settings, on the same rows, first weights, order and steps.

What a peer can prepare once is not timed: tensors on its side, the module, the optimizer, compilation. Its numbers are
float32 throughout.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from ours import Contender
from pellucid.engines.contract import Parameters
from workloads import SEED, Workload


def scikit_learn(work: Workload) -> Contender:
    """`sklearn.neural_network.MLPClassifier` without its stopping rules. It draws its own order of rows."""
    from sklearn.neural_network import MLPClassifier

    pairs = weight_pairs(work.initial)

    class GivenStart(MLPClassifier):
        """Starts from the given weights rather than from draws of its own."""

        def _init_coef(self, fan_in: int, fan_out: int, dtype: Any) -> tuple[np.ndarray, np.ndarray]:
            W, b = next(self.start_)
            return W.T.copy(order="C"), b.copy()

    def prepare() -> Callable[[], Any]:
        model = GivenStart(
            hidden_layer_sizes=work.hidden,
            solver=work.optimizer,
            alpha=0.0,
            batch_size=work.batch,
            learning_rate_init=work.learning_rate,
            max_iter=work.epochs,
            shuffle=work.batch_size is not None,
            momentum=0.0,
            nesterovs_momentum=False,
            tol=0.0,
            n_iter_no_change=10 * work.epochs,
            random_state=SEED,
        )
        model.start_ = iter(pairs)
        return lambda: model.fit(work.X, work.y)

    def parameters(model: Any) -> Parameters:
        return named([(W.T, b) for W, b in zip(model.coefs_, model.intercepts_, strict=True)])

    return Contender("scikit-learn", prepare, parameters, "MLPClassifier.fit")


def torch_eager(work: Workload) -> Contender:
    """A plain PyTorch loop: one gather an epoch, batches are views, gradients set to None; its fastest optimizer."""
    parts = torch_parts(work)
    short = replace(work, epochs=max(1, min(work.epochs, 200 * work.epochs // work.steps)))
    variants = ("foreach", "fused", "for-loop")
    best = min(variants, key=lambda variant: fastest_of(3, lambda: torch_loop(short, *parts, variant)))
    return Contender("torch eager", lambda: torch_loop(work, *parts, best), torch_parameters, f"{best} optimizer")


def torch_loop(work: Workload, X: Any, Y: Any, loss: Callable[..., Any], variant: str) -> Callable[[], Any]:
    """The loop over a fresh module and optimizer, ready to run; gives the trained module."""
    import torch

    module = torch_module(work)
    optimizer = torch_optimizer(work, module, variant)
    order = torch.as_tensor(np.array(work.order, dtype=np.int64))

    def run() -> Any:
        for line in order:
            shuffled = work.batch_size is not None
            X_epoch = X.index_select(0, line) if shuffled else X
            Y_epoch = Y.index_select(0, line) if shuffled else Y
            for X_batch, Y_batch in zip(X_epoch.split(work.batch), Y_epoch.split(work.batch), strict=True):
                optimizer.zero_grad(set_to_none=True)
                loss(module(X_batch), Y_batch).backward()
                optimizer.step()
        return module

    return run


def skorch_net(work: Workload) -> Contender:
    """skorch as its users have it, without validation split, callbacks and printing; `partial_fit` once initialized."""
    import torch
    from skorch import NeuralNet

    _, Y, _ = torch_parts(work)
    targets = Y.numpy()
    criterion = torch.nn.BCEWithLogitsLoss if work.outputs == 1 else torch.nn.CrossEntropyLoss

    def prepare() -> Callable[[], Any]:
        torch.manual_seed(SEED)
        net = NeuralNet(
            torch_module(work),
            criterion=criterion,
            optimizer=torch.optim.SGD if work.optimizer == "sgd" else torch.optim.Adam,
            lr=work.learning_rate,
            max_epochs=work.epochs,
            batch_size=work.batch,
            iterator_train__shuffle=work.batch_size is not None,
            train_split=None,
            callbacks="disable",
            verbose=0,
        ).initialize()

        def run() -> Any:
            return net.partial_fit(work.X, targets).module_

        return run

    return Contender("skorch", prepare, torch_parameters, "partial_fit")


def jax_scan(work: Workload) -> Contender:
    """JAX and optax: the whole training is one jitted `lax.scan` over epochs; its compilation is timed apart."""
    import jax
    import jax.numpy as jnp
    import optax

    jax.config.update("jax_platforms", "cpu")
    optimizer = (optax.sgd if work.optimizer == "sgd" else optax.adam)(work.learning_rate)
    full = work.rows // work.batch

    def loss(parameters: Any, X: Any, Y: Any) -> Any:
        for W, b in parameters[:-1]:
            X = jax.nn.relu(X @ W.T + b)
        W, b = parameters[-1]
        Z = X @ W.T + b
        if work.outputs == 1:
            return optax.sigmoid_binary_cross_entropy(Z, Y).mean()
        return optax.softmax_cross_entropy_with_integer_labels(Z, Y).mean()

    def step(carry: Any, batch: Any) -> tuple[Any, None]:
        parameters, memory = carry
        updates, memory = optimizer.update(jax.grad(loss)(parameters, *batch), memory)
        return (optax.apply_updates(parameters, updates), memory), None

    def train(parameters: Any, X: Any, Y: Any, order: Any) -> Any:
        def epoch(carry: Any, line: Any) -> tuple[Any, None]:
            if work.batch_size is None:
                return step(carry, (X, Y))
            X_epoch, Y_epoch = X[line], Y[line]
            cut = full * work.batch
            batches = [part[:cut].reshape(full, work.batch, *part.shape[1:]) for part in (X_epoch, Y_epoch)]
            carry, _ = jax.lax.scan(step, carry, tuple(batches))
            if cut < work.rows:
                carry, _ = step(carry, (X_epoch[cut:], Y_epoch[cut:]))
            return carry, None

        return jax.lax.scan(epoch, (parameters, optimizer.init(parameters)), order)[0][0]

    start = [(jnp.asarray(W), jnp.asarray(b)) for W, b in weight_pairs(work.initial)]
    targets = work.targets if work.outputs == 1 else work.targets.astype(np.int32)
    arguments = (start, jnp.asarray(work.X), jnp.asarray(targets), jnp.asarray(work.order.astype(np.int32)))
    began = time.perf_counter()
    compiled = jax.jit(train).lower(*arguments).compile()
    note = f"compiled in {time.perf_counter() - began:.2f} s, not counted"
    return Contender("JAX scan", lambda: lambda: jax.block_until_ready(compiled(*arguments)), named, note)


def bare_products(work: Workload) -> Contender:
    """The matrix products of the whole training and nothing else: NumPy's sgemm in the shapes of a step, arrays ready.

    Forward A·Wᵀ, weights dZᵀ·A, inputs dZ·W (not for the first layer).
    """
    rng = np.random.default_rng(SEED)

    def products(rows: int) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        found = []
        for layer, (inputs, outputs) in enumerate(zip(work.network.sizes[:-1], work.network.sizes[1:], strict=True)):
            A, W, dZ = (rng.standard_normal(s, dtype=np.float32) for s in
                        ((rows, inputs), (outputs, inputs), (rows, outputs)))  # fmt: skip
            pairs = [(A, W.T), (dZ.T, A)] + ([(dZ, W)] if layer else [])
            found += [(left, right, np.empty((left.shape[0], right.shape[1]), np.float32)) for left, right in pairs]
        return found

    full, rest = products(work.batch), products(work.rows % work.batch)

    def run() -> None:
        for _ in range(work.epochs):
            for _ in range(work.rows // work.batch):
                for left, right, out in full:
                    np.matmul(left, right, out=out)
            if work.rows % work.batch:
                for left, right, out in rest:
                    np.matmul(left, right, out=out)

    return Contender("matrix products", lambda: run, lambda _: {}, "sgemm in the same shapes, nothing else")


# The libraries a peer needs, and how it is made.
PEERS: dict[str, tuple[tuple[str, ...], Callable[[Workload], Contender]]] = {
    "scikit-learn": (("sklearn",), scikit_learn),
    "torch eager": (("torch",), torch_eager),
    "skorch": (("torch", "skorch"), skorch_net),
    "JAX scan": (("jax", "optax"), jax_scan),
}


def weight_pairs(parameters: Parameters) -> list[tuple[np.ndarray, np.ndarray]]:
    """(W (outputs, inputs), b (outputs,)) of every layer."""
    layers = len(parameters) // 2
    return [(parameters[f"layers.{k}.weight"], parameters[f"layers.{k}.bias"]) for k in range(layers)]


def named(pairs: Any) -> Parameters:
    """The inverse of `weight_pairs`."""
    found = {}
    for k, (W, b) in enumerate(pairs):
        found |= {f"layers.{k}.weight": np.asarray(W), f"layers.{k}.bias": np.asarray(b)}
    return found


def fastest_of(runs: int, prepare: Callable[[], Callable[[], Any]]) -> float:
    """Seconds of the fastest of some runs, after one to warm up."""
    times = []
    for _ in range(runs + 1):
        run = prepare()
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return min(times[1:])


def torch_module(work: Workload) -> Any:
    """`nn.Sequential` of Linear and ReLU with the given first weights."""
    import torch

    layers: list[Any] = []
    for W, b in weight_pairs(work.initial):
        linear = torch.nn.Linear(W.shape[1], W.shape[0])
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(W))
            linear.bias.copy_(torch.tensor(b))
        layers += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def torch_parts(work: Workload) -> tuple[Any, Any, Callable[..., Any]]:
    """Inputs, targets and loss as torch has them; from here on one thread."""
    import torch
    from torch.nn import functional

    torch.set_num_threads(1)
    loss = functional.binary_cross_entropy_with_logits if work.outputs == 1 else functional.cross_entropy
    return torch.as_tensor(work.X), torch.as_tensor(work.targets), loss


def torch_optimizer(work: Workload, module: Any, variant: str) -> Any:
    """SGD or Adam in one of torch's three implementations."""
    import torch

    kind = torch.optim.SGD if work.optimizer == "sgd" else torch.optim.Adam
    choice = {"foreach": {"foreach": True}, "fused": {"fused": True}, "for-loop": {"foreach": False, "fused": False}}
    return kind(module.parameters(), lr=work.learning_rate, **choice[variant])


def torch_parameters(module: Any) -> Parameters:
    """The weights of a Sequential of Linear layers, named as ours."""
    linear = [layer for layer in module if hasattr(layer, "weight")]
    return named([(layer.weight.detach().numpy(), layer.bias.detach().numpy()) for layer in linear])
