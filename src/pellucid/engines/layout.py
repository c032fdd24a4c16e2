"""Where everything of a compiled training lies in memory; `kernels.py` explains the plan."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..spec import NetworkSpec, TrainingSpec
from . import kernels as k
from .contract import TrainingData

TILE_BYTES = 512 * 1024  # of activations: about the second-level cache of one core
# Of activations where the parameters are few: about the first-level cache. Every tile costs a sum over its rows for
# each parameter, so networks of many parameters want large tiles.
SMALL_TILE_BYTES, FEW_PARAMETER_BYTES = 48 * 1024, 4096
RESIDENT_BYTES = 64 * 2**20  # the largest batch that stays in tiles from epoch to epoch


def layer_table(network: NetworkSpec) -> np.ndarray:
    """One row a layer, int64 (layers, 8): sizes, offsets in the parameter vector, activation, dropout."""
    sizes, begin, rows = network.sizes, 0, []
    for layer, has_bias in enumerate(network.biases):
        inputs, outputs, hidden = sizes[layer], sizes[layer + 1], layer < len(network.hidden)
        code = k.ACTIVATION_CODES[network.activations[layer].name] if hidden else k.IDENTITY
        below = int(network.dropouts[layer] * 2**32) if hidden else 0
        bias = begin + inputs * outputs
        rows.append((inputs, outputs, begin, bias if has_bias else -1, code, 0, 0, below))
        begin = bias + outputs * has_bias
    return np.array(rows, np.int64)


def plan_of(training: TrainingSpec) -> np.ndarray:
    """The integers of `training`, int64 (PLAN_SIZE,); sizes and places are added by `lay_out`."""
    loss, optimizer = training.the_loss, training.the_optimizer
    plan = np.zeros(k.PLAN_SIZE, np.int64)
    plan[k.LOSS] = k.LOSS_CODES[loss.name]
    plan[k.LOSS_WEIGHTED] = getattr(loss, "pos_weight", 1.0) != 1.0 or getattr(loss, "class_weights", None) is not None
    plan[k.BY_ROWS] = getattr(loss, "divide_by", "weights") == "rows"
    plan[k.OPTIMIZER] = k.OPTIMIZER_CODES[optimizer.name]
    plan[k.NESTEROV] = getattr(optimizer, "nesterov", False)
    plan[k.PATIENCE] = training.patience or 0
    plan[k.SEED] = training.seed
    return plan


def knobs_of(training: TrainingSpec, outputs: int, data: TrainingData) -> np.ndarray:
    """The numbers of `training`, float64 (CLASS_WEIGHTS + 2 · outputs,)."""
    loss, optimizer = training.the_loss, training.the_optimizer
    knobs = np.zeros(k.CLASS_WEIGHTS + 2 * outputs)
    knobs[k.L1], knobs[k.L2], knobs[k.MIN_DELTA] = training.l1, training.l2, training.min_delta
    knobs[k.CLIP] = optimizer.clip_norm or 0.0
    knobs[k.MOMENTUM] = getattr(optimizer, "momentum", 0.0)
    knobs[k.DECAY_1] = getattr(optimizer, "beta_1", getattr(optimizer, "decay", 0.0))
    knobs[k.DECAY_2] = getattr(optimizer, "beta_2", 0.0)
    knobs[k.EPSILON] = getattr(optimizer, "epsilon", 0.0)
    knobs[k.WEIGHT_DECAY] = getattr(optimizer, "weight_decay", 0.0)
    knobs[k.SHAPE] = getattr(loss, "delta", getattr(loss, "pos_weight", 1.0))
    knobs[k.SMOOTHING] = getattr(loss, "label_smoothing", 0.0)
    classes = getattr(loss, "class_weights", None)
    if classes is not None:
        knobs[k.CLASS_WEIGHTS : k.CLASS_WEIGHTS + outputs] = classes
    if loss.link == "identity" and data.Y_valid is not None:
        Y, weights = data.Y_valid, data.weights_valid
        center = np.average(Y, axis=0, weights=weights)
        knobs[k.CLASS_WEIGHTS + outputs :] = np.average((Y - center) ** 2, axis=0, weights=weights)
    return knobs


def rows_of(
    X: np.ndarray | None, Y: np.ndarray | None, weights: np.ndarray | None, network: NetworkSpec, dtype: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Inputs, targets, class codes and weights as the kernel takes them; what there is not is empty."""
    values, codes = np.empty((0, network.outputs), dtype), np.empty(0, np.int64)
    if X is None or Y is None:
        return np.empty((0, network.inputs), dtype), values, codes, np.empty(0, dtype)
    if Y.ndim == 1:
        codes = np.require(Y, np.int64, ["C", "A"])
    else:
        values = np.require(Y, dtype, ["C", "A"])
    given = np.empty(0, dtype) if weights is None else np.require(weights, dtype, ["C", "A"])
    return np.require(X, dtype, ["C", "A"]), values, codes, given


def tile_rows(network: NetworkSpec, batch: int, itemsize: int) -> int:
    """Rows of a tile: whole cache lines, equal tiles, all that one row needs inside a level of the cache."""
    width = k.LINE // itemsize
    lines = -(-batch // width)
    kept = sum(units if a.name == "relu" else 2 * units for units, a in zip(network.hidden, network.activations))
    numbers = network.inputs + kept + 2 * network.outputs
    few = network.parameter_count * itemsize <= FEW_PARAMETER_BYTES
    most = max(1, (SMALL_TILE_BYTES if few else TILE_BYTES) // (numbers * k.LINE))
    return -(-lines // -(-lines // most)) * width


def stride_of(rows: int, width: int) -> int:
    """The longest distance of two units in tiles of at most `rows` rows: see `kernels.stride_of`."""
    lines = rows // width
    return rows + width if lines > 4 and lines % 2 == 0 else rows


def lay_out(
    plan: np.ndarray, layers: np.ndarray, network: NetworkSpec, training: TrainingSpec, visited: int, has_valid: bool
) -> np.ndarray:
    """Room for the tiles of `visited` rows an epoch; writes sizes and places to `plan` and `layers`."""
    dtype = np.dtype(training.dtype)
    batch = min(training.batch_size or visited, visited)
    tile = tile_rows(network, batch, dtype.itemsize)
    stride = stride_of(tile, k.LINE // dtype.itemsize)
    tiles, per_row = -(-batch // tile), network.inputs + network.outputs + 1
    stays = batch == visited and tiles * per_row * stride * dtype.itemsize <= RESIDENT_BYTES
    slots = tiles + has_valid if stays else 1
    plan[k.BATCH], plan[k.TILE], plan[k.TILES] = batch, tile, tiles if stays else 0
    plan[k.X_AT], plan[k.T_AT] = 0, slots * network.inputs * stride
    plan[k.W_AT] = plan[k.T_AT] + slots * network.outputs * stride
    plan[k.ROOM_AT] = plan[k.W_AT] + slots * stride
    end = place_activations(layers, int(plan[k.ROOM_AT]) + 3 * stride, stride)
    return aligned(end, dtype)


def scratch_of(network: NetworkSpec, tile: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Room for the row numbers of a tile, for their hashes (only with dropout) and for a mark at every hidden unit."""
    hashes = np.empty(tile if any(network.dropouts) else 0, np.uint32)
    return np.empty(tile, np.int64), hashes, np.empty(sum(network.hidden), np.int64)


def place_activations(layers: np.ndarray, begin: int, stride: int) -> int:
    """Writes the places of A and D of every layer, from `begin` on, to `layers`; gives the end. relu has no D."""
    for row in layers:
        size = int(row[k.OUTPUTS]) * stride
        apart = size if row[k.ACTIVATION] != k.RELU else 0
        row[k.A_AT], row[k.D_AT] = begin, begin + apart
        begin += size + apart
    return begin


def aligned(size: int, dtype: Any) -> np.ndarray:
    """Zeros (size,) that begin at a cache line."""
    width = k.LINE // np.dtype(dtype).itemsize
    room = np.zeros(size + width, dtype)
    skip = -room.ctypes.data % k.LINE // room.itemsize
    return room[skip : skip + size]
