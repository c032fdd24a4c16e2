"""All compiled code of pellucid, in one file: Numba's cache does not notice edits in another one.

The same mathematics as `nn/`, laid out for speed. Every kernel names the function of `nn/` that it mirrors.

**One vector.** All parameters lie one behind the other in one vector, in the order of the parameter dict: weight
(outputs, inputs) row by row, then bias, layer after layer. Gradients and optimizer state are vectors of the same form,
so an optimizer is one pass over them, and a network of any shape runs through the same code.

**Units-major tiles.** A batch is cut into tiles of rows that stay in the cache. A tile holds activations as
(units, stride): the rows of one unit lie side by side, so that the inner loops run over rows, whatever the layer
sizes. Rows are filled up to whole cache lines by repeating the last one, with weight 0: loops have no remainder and a
filler row can bring no number into the sums that was not there. `stride` is an odd number of cache lines, because
strides of powers of two would make units compete for the same few places of the cache.

**Backward without a tape.** Forward leaves two arrays a layer: activations A and slopes D = dA/dZ, both after
dropout. Backward multiplies D by dA in place, and D becomes dZ. A relu layer has no D: its slopes are seen from A,
which is above 0 where a unit is on and was not dropped, and dZ takes the place of A.

**Not a number.** `fastmath` is a set without "nnan" and "ninf": with it the compiler may reorder sums, but it must not
believe that NaN does not occur. Functions that need their order of operations (exp) have a smaller set.

With NUMBA_DISABLE_JIT=1 the same lines run in Python, slowly, for tests.
"""

from __future__ import annotations

import math
import platform
from functools import partial

import numpy as np
from llvmlite import ir
from numba import config, njit, types
from numba.core import cgutils
from numba.extending import intrinsic, overload

FAST = {"reassoc", "contract", "arcp", "nsz"}
ORDERED = {"contract", "nsz"}  # for functions whose digits depend on the order of their operations
# Options of `train`, `score` and `surface`. Division by zero gives infinity, as in NumPy; nothing is allocated.
ENTRY = {"nogil": True, "error_model": "numpy", "_nrt": False}
# Options of all other functions, which only compiled code may call: they have no door for Python. All become part of
# their entry. A function left outside would be shared by name with whatever else the process has compiled, perhaps in
# another order of sums, and the process that compiles would find other last bits than the next one.
PLAIN = {**ENTRY, "no_cpython_wrapper": True, "no_cfunc_wrapper": True, "forceinline": True}
LOOP = {**PLAIN, "fastmath": FAST}
DIGITS = {**PLAIN, "fastmath": ORDERED}
# Functions that only direct others become part of their caller before anything is compiled: one by one, each would
# compile anew everything that it calls.
INSIDE = {**PLAIN, "inline": "always"}
LINE = 64  # bytes of a cache line; two vectors of 32 bytes
PACK_ABOVE = 8192  # weights of a layer that are read by columns from a copy
FETCH_AHEAD = 64  # rows

# ---------------------------------------------------------------------------------------------------------------------
# Codes and places: what the integers and numbers of a call mean
# ---------------------------------------------------------------------------------------------------------------------

ACTIVATION_CODES = {
    name: code
    for code, name in enumerate(
        ("identity", "relu", "leaky_relu", "sigmoid", "tanh", "elu", "gelu", "silu", "mish", "softplus")
    )
}
IDENTITY, RELU, LEAKY_RELU, SIGMOID, TANH, ELU, GELU, SILU, MISH, SOFTPLUS = range(10)

LOSS_CODES = {
    name: code
    for code, name in enumerate(("mse", "mae", "huber", "bce", "sigmoid_mae", "sigmoid_bce", "softmax_cross_entropy"))
}
MSE, MAE, HUBER, BCE, SIGMOID_MAE, SIGMOID_BCE, SOFTMAX = range(7)

OPTIMIZER_CODES = {name: code for code, name in enumerate(("sgd", "rmsprop", "adam", "adamw"))}
SGD, RMSPROP, ADAM, ADAMW = range(4)

# Columns of `layers`, one row a layer. Offsets of weight and bias count in the parameter vector, those of A and D in
# `work`; a bias offset of -1 means none. Units are dropped where their draw is below the threshold.
INPUTS, OUTPUTS, WEIGHT, BIAS, ACTIVATION, A_AT, D_AT, DROP_BELOW = range(8)

# Places in `plan`: integers that do not change while training.
# BATCH and TILE are rows, TILES is how many tiles `work` has room for when a batch stays there (0: one, refilled each
# time), RESIDENT says that it does. X_AT, T_AT, W_AT and ROOM_AT are the places of inputs, targets, weights, scratch.
BATCH, TILE, TILES, RESIDENT, LOSS, LOSS_WEIGHTED, BY_ROWS, OPTIMIZER, NESTEROV, PATIENCE, SEED = range(11)
X_AT, T_AT, W_AT, ROOM_AT, PLAN_SIZE = range(11, 16)

# Places in `knobs`: numbers that do not change. SHAPE is huber's delta or bce's pos_weight. Behind CLASS_WEIGHTS come
# the weight of every class, then the spread of every output over the validation rows (for R²).
L1, L2, CLIP, MOMENTUM, DECAY_1, DECAY_2, EPSILON, WEIGHT_DECAY, MIN_DELTA, SHAPE, SMOOTHING, CLASS_WEIGHTS = range(12)

# Places in `counts` and `best`: what changes.
EPOCH, STEP, OPTIMIZER_STEP, BEST_EPOCH, WAITED, STOPPED, FAILED_EPOCH, FAILED_STEP, FAILED_LAYER, DONE, COUNTS = range(
    11
)
BEST_LOSS, REFERENCE_LOSS, RESIDUALS = range(3)  # behind it scratch, one number an output
RUNNING, NON_FINITE, OUT_OF_PATIENCE = range(3)

# What a forward pass is for.
PREDICT, TRAIN, CHECK = range(3)

# Rows of `vectors`, each as long as the parameter vector. START_* is the state at the start of the epoch, to which a
# loss that is not finite returns; PACKED is room for a copy of one layer's weights.
VALUES, GRADIENT, FIRST, SECOND, BEFORE, BEST, START_VALUES, START_FIRST, START_SECOND, PACKED, VECTORS = range(11)

# Columns of `records`; the dead shares of the hidden layers follow.
TRAINING_LOSS, EVALUATED, VALID_LOSS, VALID_SCORE, GRADIENT_NORM, UPDATE_NORM, RATE, DEAD = range(8)

# ---------------------------------------------------------------------------------------------------------------------
# Flushing denormal numbers to zero: below 1e-38 (float32) arithmetic is slow and nothing depends on it
# ---------------------------------------------------------------------------------------------------------------------

FLUSH_BITS = 0x8040  # FTZ and DAZ of the x86 control register


def swap_float_mode(mode):
    """Set the control register of this thread to `mode`, or to flushing where it is -1; gives the one before."""
    return 0


@intrinsic
def _swap_float_mode(typingctx, mode):
    def codegen(context, builder, signature, args):
        word = ir.IntType(32)
        place = cgutils.alloca_once(builder, word)
        kind = ir.FunctionType(ir.VoidType(), [ir.IntType(8).as_pointer()])
        read = cgutils.get_or_insert_function(builder.module, kind, "llvm.x86.sse.stmxcsr")
        write = cgutils.get_or_insert_function(builder.module, kind, "llvm.x86.sse.ldmxcsr")
        address = builder.bitcast(place, ir.IntType(8).as_pointer())
        builder.call(read, [address])
        before = builder.load(place)
        wanted = builder.trunc(args[0], word)
        flushing = builder.or_(before, ir.Constant(word, FLUSH_BITS))
        builder.store(builder.select(builder.icmp_signed("<", wanted, ir.Constant(word, 0)), flushing, wanted), place)
        builder.call(write, [address])
        return builder.zext(before, ir.IntType(64))

    return types.int64(types.int64), codegen


if platform.machine().lower() in ("x86_64", "amd64"):

    @overload(swap_float_mode)
    def _overload_swap_float_mode(mode):
        return lambda mode: _swap_float_mode(mode)
else:

    @overload(swap_float_mode)
    def _overload_swap_float_mode(mode):
        return lambda mode: 0


def fetch(X, row, column):
    """Asks for the cache line that holds X[row, column], without waiting for it."""


@intrinsic
def _fetch(typingctx, X, row, column):
    def codegen(context, builder, signature, args):
        array = context.make_array(signature.args[0])(context, builder, args[0])
        stride = cgutils.unpack_tuple(builder, array.strides, 2)
        offset = builder.add(builder.mul(args[1], stride[0]), builder.mul(args[2], stride[1]))
        address = builder.gep(builder.bitcast(array.data, ir.IntType(8).as_pointer()), [offset])
        flags = [ir.IntType(32)] * 3
        kind = ir.FunctionType(ir.VoidType(), [ir.IntType(8).as_pointer(), *flags])
        ask = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        builder.call(ask, [address, *(ir.Constant(ir.IntType(32), flag) for flag in (0, 3, 1))])
        return context.get_dummy_value()

    return types.void(X, row, column), codegen


@overload(fetch)
def _overload_fetch(X, row, column):
    return lambda X, row, column: _fetch(X, row, column)


# ---------------------------------------------------------------------------------------------------------------------
# Products: blocks of sums that stay in registers, as vector instructions
# ---------------------------------------------------------------------------------------------------------------------


def weighted_sums(count, backward, W, w, m_step, k_step, terms, A, a, Z, z, stride, bias, relu, level):
    """`count` rows of one line of Z from sums S[m] = Σₖ W[m, k] A[k].

    Forward: Z[m] = S[m] + bias[m], but `floor` where that is smaller: 0 makes relu of it, minus infinity leaves it.
    Backward: Z[m] *= S[m], or with `relu`, where Z holds activations, Z[m] = scale · S[m] where they are above 0,
    else 0. `level` is the floor or the scale.

    W[m, k] is at w + m·m_step + k·k_step of the vector W, A[k] is the line at a + k·stride, Z[m] that at z + m·stride;
    `bias` is the offset of the first bias in W, or -1.
    """
    width, zero = LINE // A.itemsize, A.dtype.type(0)
    for m in range(count):
        total = np.zeros(width, A.dtype)
        for k in range(terms):
            total += W[w + m * m_step + k * k_step] * A[a + k * stride : a + k * stride + width]
        line = Z[z + m * stride : z + m * stride + width]
        if backward:
            line[:] = (np.where(line > 0, level, zero) if relu else line) * total
        else:
            total += W[bias + m] if bias >= 0 else zero
            line[:] = np.where(total < level, level, total)


def line_products(outs, ins, D, d, A, a, stride, columns, G, g, g_step):
    """G[o, i] += Σ over `columns` rows of D[o] · A[i], for `outs` times `ins` units.

    D[o] begins at d + o·stride, A[i] at a + i·stride, G[o, i] is at g + o·g_step + i.
    """
    for o in range(outs):
        left = D[d + o * stride : d + o * stride + columns]
        for i in range(ins):
            G[g + o * g_step + i] += (left * A[a + i * stride : a + i * stride + columns]).sum()


def products_and_sums(outs, ins, D, d, A, a, stride, columns, G, g, g_step, bias):
    """The same as `line_products`, and G[bias + o] += Σ D[o] where `bias` is not -1."""
    line_products(outs, ins, D, d, A, a, stride, columns, G, g, g_step)
    for o in range(outs if bias >= 0 else 0):
        G[bias + o] += D[d + o * stride : d + o * stride + columns].sum()


FLAGS = ("reassoc", "contract", "arcp", "nsz")


class _Emitter:
    """Vector instructions on flat arrays of one floating type."""

    def __init__(self, context, builder, array_type):
        self.context, self.builder = context, builder
        self.element = context.get_data_type(array_type.dtype)
        self.bytes = array_type.dtype.bitwidth // 8
        self.lanes = LINE // 2 // self.bytes
        self.vector = ir.VectorType(self.element, self.lanes)

    def data(self, array_type, value):
        return self.context.make_array(array_type)(self.context, self.builder, value).data

    def place(self, data, *offsets):
        total = offsets[0]
        for offset in offsets[1:]:
            total = self.builder.add(total, offset)
        return self.builder.gep(data, [total], inbounds=True)

    def load(self, pointer, lanes=0):
        kind = ir.VectorType(self.element, lanes or self.lanes)
        return self.builder.load(self.builder.bitcast(pointer, kind.as_pointer()), align=self.bytes)

    def store(self, value, pointer):
        self.builder.store(value, self.builder.bitcast(pointer, value.type.as_pointer()), align=self.bytes)

    def spread(self, scalar):
        index = ir.IntType(32)
        one = self.builder.insert_element(ir.Constant(self.vector, ir.Undefined), scalar, ir.Constant(index, 0))
        mask = ir.Constant(ir.VectorType(index, self.lanes), [0] * self.lanes)
        return self.builder.shuffle_vector(one, ir.Constant(self.vector, ir.Undefined), mask)

    def zeros(self):
        return ir.Constant(self.vector, [0.0] * self.lanes)

    def above_zero(self, a, value):
        """`value` where a is above 0, else 0."""
        return self.builder.select(self.builder.fcmp_ordered(">", a, self.zeros()), value, self.zeros())

    def not_below(self, floor, a):
        """a, but `floor` where it is smaller; NaN stays NaN."""
        return self.builder.select(self.builder.fcmp_ordered("<", a, floor), floor, a)

    def add(self, a, b):
        return self.builder.fadd(a, b, flags=FLAGS)

    def multiply(self, a, b):
        return self.builder.fmul(a, b, flags=FLAGS)

    def pick(self, a, b, numbers):
        mask = ir.Constant(ir.VectorType(ir.IntType(32), len(numbers)), numbers)
        return self.builder.shuffle_vector(a, b, mask)

    def pairs(self, a, b):
        """Sums of neighbors of two vectors, inside each half of 16 bytes: one instruction."""
        inside = self.lanes // 2
        first = [base + half * inside + k for half in (0, 1) for base in (0, self.lanes) for k in range(0, inside, 2)]
        return self.add(self.pick(a, b, first), self.pick(a, b, [n + 1 for n in first]))

    def four_sums(self, vectors):
        """The sums of four vectors as one vector of four."""
        low, high = self.pairs(vectors[0], vectors[1]), self.pairs(vectors[2], vectors[3])
        if self.lanes == 8:
            low = high = self.pairs(low, high)
            return self.add(self.pick(low, high, [0, 1, 2, 3]), self.pick(low, high, [4, 5, 6, 7]))
        return self.add(self.pick(low, high, [0, 1, 4, 5]), self.pick(low, high, [2, 3, 6, 7]))


def _whole(number):
    return ir.Constant(ir.IntType(64), number)


def _weighted_sums_intrinsic(count, backward):
    @intrinsic
    def emit(typingctx, W, w, m_step, k_step, terms, A, a, Z, z, stride, bias, relu, level):
        def codegen(context, builder, signature, args):
            e = _Emitter(context, builder, signature.args[0])
            weights, inputs = e.data(signature.args[0], args[0]), e.data(signature.args[5], args[5])
            outputs = e.data(signature.args[7], args[7])
            _, w_at, m_by, k_by, n, _, a_at, _, z_at, by, bias_at, is_relu, level = args
            is_relu, level = builder.icmp_signed("!=", is_relu, _whole(0)), e.spread(level)
            sums = [[cgutils.alloca_once_value(builder, e.zeros()) for _ in (0, 1)] for _ in range(count)]
            rows = [builder.add(w_at, builder.mul(m_by, _whole(m))) for m in range(count)]
            with cgutils.for_range(builder, n) as loop:
                k = loop.index
                line = builder.add(a_at, builder.mul(k, by))
                halves = [e.load(e.place(inputs, line, _whole(h * e.lanes))) for h in (0, 1)]
                for m in range(count):
                    weight = e.spread(builder.load(e.place(weights, rows[m], builder.mul(k, k_by))))
                    for h in (0, 1):
                        grown = e.add(builder.load(sums[m][h]), e.multiply(weight, halves[h]))
                        builder.store(grown, sums[m][h])
            has_bias = builder.icmp_signed(">=", bias_at, _whole(0))
            first_bias = builder.select(has_bias, bias_at, _whole(0))
            for m in range(count):
                if not backward:
                    number = builder.load(e.place(weights, first_bias, _whole(m)))
                    start = e.spread(builder.select(has_bias, number, ir.Constant(e.element, 0.0)))
                for h in (0, 1):
                    place = e.place(outputs, z_at, builder.mul(by, _whole(m)), _whole(h * e.lanes))
                    total = builder.load(sums[m][h])
                    if backward:
                        there = e.load(place)
                        total = e.multiply(builder.select(is_relu, e.above_zero(there, level), there), total)
                    else:
                        total = e.not_below(level, e.add(total, start))
                    e.store(total, place)
            return context.get_dummy_value()

        return types.void(W, w, m_step, k_step, terms, A, a, Z, z, stride, bias, relu, level), codegen

    return emit


class _Sums:
    """Registers that grow along the rows of one block of a product: outs × ins products, and sums of D."""

    def __init__(self, emitter, outs, ins, with_sums):
        self.e, self.outs, self.ins = emitter, outs, ins
        self.keys = [(o, i) for o in range(outs) for i in range(ins)]
        self.sums = [(o, ins) for o in range(outs)] if with_sums else []
        zeros = emitter.zeros()
        self.room = {key: cgutils.alloca_once_value(emitter.builder, zeros) for key in self.keys + self.sums}

    def grow(self, key, term):
        builder = self.e.builder
        builder.store(self.e.add(builder.load(self.room[key]), term), self.room[key])

    def run(self, left, d_at, right, a_at, by, columns):
        e, builder = self.e, self.e.builder
        d_rows = [builder.add(d_at, builder.mul(by, _whole(o))) for o in range(self.outs)]
        a_rows = [builder.add(a_at, builder.mul(by, _whole(i))) for i in range(self.ins)]
        with cgutils.for_range(builder, builder.udiv(columns, _whole(e.lanes))) as loop:
            r = builder.mul(loop.index, _whole(e.lanes))
            ds = [e.load(e.place(left, row, r)) for row in d_rows]
            for o, i in self.sums:
                self.grow((o, i), ds[o])
            for i in range(self.ins):
                column = e.load(e.place(right, a_rows[i], r))
                for o in range(self.outs):
                    self.grow((o, i), e.multiply(ds[o], column))

    def add_to(self, keys, at, together):
        """Adds the sums of `keys` to the numbers at the places `at`; `together` says that four lie side by side."""
        e, builder = self.e, self.e.builder
        for group in range(0, len(keys), 4):
            four = keys[group : group + 4]
            vectors = [builder.load(self.room[key]) for key in four]
            totals = e.four_sums((vectors + [e.zeros()] * 3)[:4])
            if together:
                e.store(e.add(e.load(at[four[0]], 4), totals), at[four[0]])
                continue
            for k, key in enumerate(four):
                number = builder.extract_element(totals, ir.Constant(ir.IntType(32), k))
                builder.store(e.add(builder.load(at[key]), number), at[key])


def _line_products_intrinsic(outs, ins):
    @intrinsic
    def emit(typingctx, D, d, A, a, stride, columns, G, g, g_step):
        def codegen(context, builder, signature, args):
            e = _Emitter(context, builder, signature.args[0])
            left, right = e.data(signature.args[0], args[0]), e.data(signature.args[2], args[2])
            gradient = e.data(signature.args[6], args[6])
            _, d_at, _, a_at, by, n, _, g_at, g_by = args
            sums = _Sums(e, outs, ins, False)
            sums.run(left, d_at, right, a_at, by, n)
            at = {(o, i): e.place(gradient, g_at, builder.mul(g_by, _whole(o)), _whole(i)) for o, i in sums.keys}
            sums.add_to(sums.keys, at, ins == 4)
            return context.get_dummy_value()

        return types.void(D, d, A, a, stride, columns, G, g, g_step), codegen

    return emit


def _products_and_sums_intrinsic(outs, ins):
    @intrinsic
    def emit(typingctx, D, d, A, a, stride, columns, G, g, g_step, bias):
        def codegen(context, builder, signature, args):
            e = _Emitter(context, builder, signature.args[0])
            left, right = e.data(signature.args[0], args[0]), e.data(signature.args[2], args[2])
            gradient = e.data(signature.args[6], args[6])
            _, d_at, _, a_at, by, n, _, g_at, g_by, bias_at = args
            sums = _Sums(e, outs, ins, True)
            sums.run(left, d_at, right, a_at, by, n)
            at = {(o, i): e.place(gradient, g_at, builder.mul(g_by, _whole(o)), _whole(i)) for o, i in sums.keys}
            sums.add_to(sums.keys, at, False)
            with builder.if_then(builder.icmp_signed(">=", bias_at, _whole(0))):
                at = {key: e.place(gradient, bias_at, _whole(key[0])) for key in sums.sums}
                sums.add_to(sums.sums, at, outs == 4)
            return context.get_dummy_value()

        return types.void(D, d, A, a, stride, columns, G, g, g_step, bias), codegen

    return emit


def _or_definition(definition, intrinsic_of, *sizes):
    """A block of one size: vector code, or its definition where compilation is off."""
    return partial(definition, *sizes) if config.DISABLE_JIT else intrinsic_of(*sizes)


_forward_6, _forward_4, _forward_3, _forward_2, _forward_1 = (
    _or_definition(weighted_sums, _weighted_sums_intrinsic, count, False) for count in (6, 4, 3, 2, 1)
)
_backward_6, _backward_2, _backward_1 = (
    _or_definition(weighted_sums, _weighted_sums_intrinsic, count, True) for count in (6, 2, 1)
)
_products_3x4, _products_2x4, _products_1x4 = (
    _or_definition(line_products, _line_products_intrinsic, outs, 4) for outs in (3, 2, 1)
)
_rest_4x2, _rest_4x1, _rest_4x0, _rest_1x2, _rest_1x1, _rest_1x0 = (
    _or_definition(products_and_sums, _products_and_sums_intrinsic, outs, ins) for outs in (4, 1) for ins in (2, 1, 0)
)


@njit(**LOOP)
def copy(source, target):
    """The first numbers of `source` to `target` (n,)."""
    for j in range(target.size):
        target[j] = source[j]


@njit(**LOOP)
def fill(target, value):
    """`value` everywhere in `target` (n,)."""
    for j in range(target.size):
        target[j] = value


@njit(**LOOP)
def dense_forward(P, weight, bias, inputs, outputs, A, a, Z, z, stride, columns, floor):
    """nn.dense.forward: Z (outputs, stride) at z from A (inputs, stride) at a; nothing below `floor`, 0 for relu."""
    width = LINE // A.itemsize
    for c in range(0, columns, width):
        o = 0
        while o + 6 <= outputs:
            b, w = bias + o if bias >= 0 else -1, weight + o * inputs
            _forward_6(P, w, inputs, 1, inputs, A, a + c, Z, z + o * stride + c, stride, b, 0, floor)
            o += 6
        if o + 4 <= outputs:
            b, w = bias + o if bias >= 0 else -1, weight + o * inputs
            _forward_4(P, w, inputs, 1, inputs, A, a + c, Z, z + o * stride + c, stride, b, 0, floor)
            o += 4
        b, w = bias + o if bias >= 0 else -1, weight + o * inputs
        if o + 3 == outputs:
            _forward_3(P, w, inputs, 1, inputs, A, a + c, Z, z + o * stride + c, stride, b, 0, floor)
        elif o + 2 == outputs:
            _forward_2(P, w, inputs, 1, inputs, A, a + c, Z, z + o * stride + c, stride, b, 0, floor)
        elif o + 1 == outputs:
            _forward_1(P, w, inputs, 1, inputs, A, a + c, Z, z + o * stride + c, stride, b, 0, floor)


@njit(**LOOP)
def pack_sixes(P, weight, inputs, outputs, packed):
    """W (outputs, inputs) to `packed`: six inputs of every output side by side, then the next six inputs."""
    for o in range(outputs):
        for i in range(0, inputs - 5, 6):
            for m in range(6):
                packed[(i * outputs) + 6 * o + m] = P[weight + o * inputs + i + m]


@njit(**LOOP)
def dense_backward_inputs(P, weight, inputs, outputs, dZ, dz, D, d, stride, columns, packed, relu, scale):
    """nn.dense.backward and the activation's slope: D (inputs, stride) *= dX = Wᵀ dZ, in place.

    With `relu` D holds activations, and their slope is `scale` where they are above 0. Large matrices are read column
    by column from `packed`: rows whose length is a power of two would all compete for the same places of the cache.
    """
    width = LINE // dZ.itemsize
    large = inputs * outputs > PACK_ABOVE
    if large:
        pack_sixes(P, weight, inputs, outputs, packed)
    for c in range(0, columns, width):
        i = 0
        while i + 6 <= inputs:
            if large:
                w = i * outputs
                _backward_6(packed, w, 1, 6, outputs, dZ, dz + c, D, d + i * stride + c, stride, -1, relu, scale)
            else:
                w = weight + i
                _backward_6(P, w, 1, inputs, outputs, dZ, dz + c, D, d + i * stride + c, stride, -1, relu, scale)
            i += 6
        while i + 2 <= inputs:
            w = weight + i
            _backward_2(P, w, 1, inputs, outputs, dZ, dz + c, D, d + i * stride + c, stride, -1, relu, scale)
            i += 2
        if i < inputs:
            w = weight + i
            _backward_1(P, w, 1, inputs, outputs, dZ, dz + c, D, d + i * stride + c, stride, -1, relu, scale)


@njit(**LOOP)
def backward_rest(G, weight, bias, inputs, outputs, dZ, dz, A, a, stride, columns, i, count):
    """The part of `dense_backward_weights` for `count` (at most two) inputs from number i on, and the bias."""
    x, o = a + i * stride, 0
    while o < outputs:
        d, g, b = dz + o * stride, weight + o * inputs + i, bias + o if bias >= 0 else -1
        if o + 4 <= outputs:
            if count == 2:
                _rest_4x2(dZ, d, A, x, stride, columns, G, g, inputs, b)
            elif count == 1:
                _rest_4x1(dZ, d, A, x, stride, columns, G, g, inputs, b)
            else:
                _rest_4x0(dZ, d, A, x, stride, columns, G, g, inputs, b)
            o += 4
        else:
            if count == 2:
                _rest_1x2(dZ, d, A, x, stride, columns, G, g, inputs, b)
            elif count == 1:
                _rest_1x1(dZ, d, A, x, stride, columns, G, g, inputs, b)
            else:
                _rest_1x0(dZ, d, A, x, stride, columns, G, g, inputs, b)
            o += 1


@njit(**LOOP)
def dense_backward_weights(G, weight, bias, inputs, outputs, dZ, dz, A, a, stride, columns):
    """nn.dense.backward: dW = dZ Aᵀ and db = Σ dZ, added to the gradient vector G."""
    quads = inputs - inputs % 4
    chunk = max(4, 16384 // (columns * A.itemsize) // 4 * 4)  # as many inputs as stay in the first cache
    for begin in range(0, quads, chunk):
        end = min(begin + chunk, quads)
        o = 0
        while o + 3 <= outputs:
            d, g = dz + o * stride, weight + o * inputs
            for i in range(begin, end, 4):
                _products_3x4(dZ, d, A, a + i * stride, stride, columns, G, g + i, inputs)
            o += 3
        d, g = dz + o * stride, weight + o * inputs
        if o + 2 == outputs:
            for i in range(begin, end, 4):
                _products_2x4(dZ, d, A, a + i * stride, stride, columns, G, g + i, inputs)
        elif o + 1 == outputs:
            for i in range(begin, end, 4):
                _products_1x4(dZ, d, A, a + i * stride, stride, columns, G, g + i, inputs)
    left, i = inputs - quads, quads
    if left == 3:
        backward_rest(G, weight, -1, inputs, outputs, dZ, dz, A, a, stride, columns, i, 1)
        left, i = 2, i + 1
    if left > 0 or bias >= 0:
        backward_rest(G, weight, bias, inputs, outputs, dZ, dz, A, a, stride, columns, i, left)


# ---------------------------------------------------------------------------------------------------------------------
# exp, expm1, log1p, log and the normal distribution, as polynomials that the compiler turns into vector code.
# "1 ulp" is a unit in the last place of the result. Coefficients: interpolation at Chebyshev nodes in 50 digits.
# ---------------------------------------------------------------------------------------------------------------------

F, D_ = np.float32, np.float64


@njit(**DIGITS)
def _exp_parts_32(x):
    """s and p with e^x = s + s p and s a power of two, for x ≤ 0; x below -87 counts as -87."""
    x = F(-87.0) if x < F(-87.0) else x
    shifted = x * F(1.4426950408889634) + F(12582912.0)  # 1.5 · 2²³: the sum's last bits are the rounded exponent
    k = shifted - F(12582912.0)
    r = x - k * F(0.693145751953125)
    r = r - k * F(1.428606765330187e-06)
    q = F(0.0013926183587713494)
    q = q * r + F(0.00836317905)
    q = q * r + F(0.04166655461720457)
    q = q * r + F(0.16666576989698776)
    q = q * r + F(0.5)
    bits = np.int32(np.int32(np.float32(shifted).view(np.int32)) << 23)
    s = np.int32(np.int32(bits) + np.int32(0x3F800000)).view(np.float32)
    return s, r + r * r * q


@njit(**DIGITS)
def _exp_parts_64(x):
    """The same in float64; x below -708 counts as -708."""
    x = D_(-708.0) if x < D_(-708.0) else x
    shifted = x * D_(1.4426950408889634) + D_(6755399441055744.0)  # 1.5 · 2⁵²
    k = shifted - D_(6755399441055744.0)
    r = x - k * D_(0.6931471803691238)
    r = r - k * D_(1.9082149292705877e-10)
    q = D_(2.5100385495510319e-08)
    q = q * r + D_(2.762008844540975e-07)
    q = q * r + D_(2.7557268459997065e-06)
    q = q * r + D_(2.4801521295954375e-05)
    q = q * r + D_(0.00019841269863053617)
    q = q * r + D_(0.0013888888917213717)
    q = q * r + D_(0.008333333333330062)
    q = q * r + D_(0.04166666666662413)
    q = q * r + D_(0.16666666666666667)
    q = q * r + D_(0.5)
    bits = np.int64(np.float64(shifted).view(np.int64)) << 52
    s = np.int64(bits + 0x3FF0000000000000).view(np.float64)
    return s, r + r * r * q


@njit(**DIGITS)
def _log1p_32(e):
    """ln(1 + e) for 0 ≤ e ≤ 1."""
    upper = e > F(0.41421356)
    f = (e - F(1.0)) * F(0.5) if upper else e  # 1 + e = 2 (1 + f)
    s = f / (F(2.0) + f)
    z = s * s
    g = (F(0.14792840387256450) * z + F(0.19994326969105721)) * z + F(0.33333342674901935)
    return (F(0.6931471805599453) if upper else F(0.0)) + (s + s) * (z * g) + (s + s)


@njit(**DIGITS)
def _log1p_64(e):
    """The same in float64."""
    upper = e > D_(0.41421356237309503)
    f = (e - D_(1.0)) * D_(0.5) if upper else e
    s = f / (D_(2.0) + f)
    z = s * s
    g = D_(0.07311978304105939)
    g = g * z + D_(0.07665556293980084)
    g = g * z + D_(0.09091453748835609)
    g = g * z + D_(0.11111105440966464)
    g = g * z + D_(0.142857143137644)
    g = g * z + D_(0.19999999999948035)
    g = g * z + D_(0.3333333333333335)
    return (D_(0.6931471805599453) if upper else D_(0.0)) + ((s + s) * (z * g) + (s + s))


@njit(**DIGITS)
def _half_erfcx_32(u):
    """e^(u²/2) times the probability that a standard normal number exceeds u ≥ 0."""
    y = (u - F(4.5)) / (u + F(4.5))
    h = F(0.000011792519982928223)
    h = h * y + F(0.00007123293917284057)
    h = h * y + F(-0.00029620304620511245)
    h = h * y + F(-0.00024576107662905009)
    h = h * y + F(0.0042327088396386475)
    h = h * y + F(-0.016151679790588142)
    h = h * y + F(0.040502724049920595)
    h = h * y + F(-0.077730532385914219)
    h = h * y + F(0.12074558565875502)
    h = h * y + F(-0.1559432510146459)
    h = h * y + F(0.084803392107800348)
    return h


@njit(**DIGITS)
def _half_erfcx_64(u):
    """The same in float64."""
    y = (u - D_(4.5)) / (u + D_(4.5))
    h = D_(9.1233670405261887e-11)
    h = h * y + D_(6.1182455149263608e-10)
    h = h * y + D_(-5.9108750257176684e-10)
    h = h * y + D_(-6.858147916677904e-09)
    h = h * y + D_(5.6907381545144033e-10)
    h = h * y + D_(4.7092491923098178e-08)
    h = h * y + D_(1.3745820431802552e-08)
    h = h * y + D_(-2.9190746472187439e-07)
    h = h * y + D_(-1.1652663540830149e-07)
    h = h * y + D_(1.9351690864784150e-06)
    h = h * y + D_(1.8862974715351852e-07)
    h = h * y + D_(-1.4219113769819856e-05)
    h = h * y + D_(1.1740159185073679e-05)
    h = h * y + D_(0.00010268074570706994)
    h = h * y + D_(-0.00029628633905496373)
    h = h * y + D_(-0.00027497585212756129)
    h = h * y + D_(0.0042327710617466109)
    h = h * y + D_(-0.016139324751043532)
    h = h * y + D_(0.040502710724582422)
    h = h * y + D_(-0.077732701889575837)
    h = h * y + D_(0.12074558636758836)
    h = h * y + D_(-0.15594314324698061)
    h = h * y + D_(0.084803392107800348)
    return h


def _exp_parts(x):
    return _exp_parts_32(x) if isinstance(x, np.float32) else _exp_parts_64(x)


def log1p_unit(e):
    """ln(1 + e) for 0 ≤ e ≤ 1; error below 3 ulp."""
    return _log1p_32(e) if isinstance(e, np.float32) else _log1p_64(e)


def half_erfcx(u):
    """e^(u²/2) times the probability that a standard normal number exceeds u ≥ 0; error below 2.5e-7 or 1e-15."""
    return _half_erfcx_32(u) if isinstance(u, np.float32) else _half_erfcx_64(u)


@overload(_exp_parts)
def _overload_exp_parts(x):
    return (lambda x: _exp_parts_32(x)) if x == types.float32 else (lambda x: _exp_parts_64(x))


@overload(log1p_unit)
def _overload_log1p_unit(e):
    return (lambda e: _log1p_32(e)) if e == types.float32 else (lambda e: _log1p_64(e))


@overload(half_erfcx)
def _overload_half_erfcx(u):
    return (lambda u: _half_erfcx_32(u)) if u == types.float32 else (lambda u: _half_erfcx_64(u))


@njit(**DIGITS)
def exp_below(x):
    """e^x for x ≤ 0; error below 1.2 ulp. Below -87 (float32) or -708 it stays at its value there."""
    s, p = _exp_parts(x)
    return s + s * p


@njit(**DIGITS)
def expm1_below(x):
    """e^x - 1 for x ≤ 0; error below 2 ulp."""
    s, p = _exp_parts(x)
    one = type(s)(1)
    return s * p + (s - one)


@njit(**DIGITS)
def tanh(z):
    """Error below 3 ulp."""
    t = expm1_below(-(abs(z) + abs(z)))
    two = type(t)(2)
    size = -t / (t + two)
    return -size if z < type(z)(0) else size


@njit(**DIGITS)
def log_positive(x):
    """ln x for x > 0, called once a row; minus infinity for 0, and NaN and infinity stay what they are."""
    return type(x)(math.log(x)) if x > type(x)(0) else (x - x) - type(x)(math.inf)


# ---------------------------------------------------------------------------------------------------------------------
# Activations: nn.activations. Each turns Z in A (n,) into activations in place and writes the slopes dA/dZ to D (n,)
# ---------------------------------------------------------------------------------------------------------------------


@njit(**LOOP)
def _identity(A, D):
    one = A.dtype.type(1)
    for j in range(A.size):
        D[j] = one


@njit(**LOOP)
def _relu(A):
    zero = A.dtype.type(0)
    for j in range(A.size):
        A[j] = zero if A[j] < zero else A[j]  # this way round NaN stays NaN


@njit(**LOOP)
def _leaky_relu(A, D):
    zero, one, leak = A.dtype.type(0), A.dtype.type(1), A.dtype.type(0.01)
    for j in range(A.size):
        z = A[j]
        slope = one if z > zero else leak
        D[j] = slope
        A[j] = z * slope


@njit(**DIGITS)
def sigmoid(z):
    """nn.activations.sigmoid of one number."""
    zero, one = type(z)(0), type(z)(1)
    e = exp_below(-abs(z))
    return (e if z < zero else one) / (one + e)


@njit(**LOOP)
def _sigmoid(A, D):
    one = A.dtype.type(1)
    for j in range(A.size):
        a = sigmoid(A[j])
        A[j] = a
        D[j] = a * (one - a)


@njit(**LOOP)
def _tanh(A, D):
    one = A.dtype.type(1)
    for j in range(A.size):
        a = tanh(A[j])
        A[j] = a
        D[j] = one - a * a


@njit(**LOOP)
def _elu(A, D):
    zero, one = A.dtype.type(0), A.dtype.type(1)
    for j in range(A.size):
        z = A[j]
        a = expm1_below(zero if z > zero else z)
        D[j] = one if z > zero else a + one
        A[j] = z if z > zero else a


@njit(**LOOP)
def _gelu(A, D):
    zero, one, half = A.dtype.type(0), A.dtype.type(1), A.dtype.type(0.5)
    root = A.dtype.type(0.3989422804014327)  # 1 / √(2π)
    for j in range(A.size):
        z = A[j]
        e = exp_below(-(z * z) * half)
        tail = e * half_erfcx(abs(z))
        below = one - tail if z > zero else tail
        A[j] = z * below
        D[j] = below + z * (e * root)


@njit(**LOOP)
def _silu(A, D):
    one = A.dtype.type(1)
    for j in range(A.size):
        z = A[j]
        s = sigmoid(z)
        A[j] = z * s
        D[j] = s * (one + z * (one - s))


@njit(**LOOP)
def _mish(A, D):
    # tanh(ln(1 + e^z)) = (e² + 2e) / (e² + 2e + 2) with e = e^z; for z > 0 multiplied by e^-2z above and below
    zero, one, two = A.dtype.type(0), A.dtype.type(1), A.dtype.type(2)
    for j in range(A.size):
        z = A[j]
        e = exp_below(-abs(z))
        top = one + two * e if z > zero else e * (e + two)
        t = top / (top + (two * e * e if z > zero else two))
        s = (e if z < zero else one) / (one + e)
        A[j] = z * t
        D[j] = t + z * (one - t * t) * s


@njit(**LOOP)
def _softplus(A, D):
    zero, one = A.dtype.type(0), A.dtype.type(1)
    for j in range(A.size):
        z = A[j]
        e = exp_below(-abs(z))
        D[j] = (e if z < zero else one) / (one + e)
        A[j] = (zero if z < zero else z) + log1p_unit(e)


@njit(**PLAIN)
def activate(code, A, D):
    """The activation `code` on A and D (n,); relu leaves D alone."""
    if code == RELU:
        _relu(A)
    elif code == IDENTITY:
        _identity(A, D)
    elif code == LEAKY_RELU:
        _leaky_relu(A, D)
    elif code == SIGMOID:
        _sigmoid(A, D)
    elif code == TANH:
        _tanh(A, D)
    elif code == ELU:
        _elu(A, D)
    elif code == GELU:
        _gelu(A, D)
    elif code == SILU:
        _silu(A, D)
    elif code == MISH:
        _mish(A, D)
    else:
        _softplus(A, D)


# ---------------------------------------------------------------------------------------------------------------------
# Dropout: nn.dropout, the same hash in 32-bit words
# ---------------------------------------------------------------------------------------------------------------------


@njit(**PLAIN)
def mix(h, word):
    """nn.dropout.mix: uint32 words wrap where the textbook masks."""
    h = np.uint32(h ^ np.uint32(np.uint32(word + np.uint32(1)) * np.uint32(0x1B873593)))
    h = np.uint32(h ^ np.uint32(h >> np.uint32(16)))
    h = np.uint32(h * np.uint32(0x21F0AAAD))
    h = np.uint32(h ^ np.uint32(h >> np.uint32(15)))
    h = np.uint32(h * np.uint32(0x735A2D97))
    return np.uint32(h ^ np.uint32(h >> np.uint32(15)))


@njit(**LOOP)
def drop(A, D, units, stride, columns, below, scale, seed, step, layer, rows, hashes):
    """nn.dropout.forward on A and D (units, stride): 0 where the draw is below `below`, else times `scale`; D may be
    empty.

    `rows` (columns,) are row numbers of the table, `hashes` (columns,) is room for one word a row.
    """
    h = mix(np.uint32(seed >> 32), np.uint32(seed & 0xFFFFFFFF))
    h = mix(mix(h, np.uint32(step)), np.uint32(layer))
    for r in range(columns):
        hashes[r] = mix(h, np.uint32(rows[r]))
    least, zero = np.uint32(below), A.dtype.type(0)
    for u in range(units):
        unit = np.uint32(u)
        a = A[u * stride : u * stride + columns]
        if D.size == 0:
            for r in range(columns):
                a[r] *= scale if mix(hashes[r], unit) >= least else zero
            continue
        d = D[u * stride : u * stride + columns]
        for r in range(columns):
            m = scale if mix(hashes[r], unit) >= least else zero
            a[r] *= m
            d[r] *= m


# ---------------------------------------------------------------------------------------------------------------------
# Losses: nn.regression_losses, nn.classification_losses, nn.softmax_loss and nn.loss.loss_forward / loss_backward.
# Z, T (outputs, stride) and the weights w (columns,) of one tile → Σ w·loss, and Z becomes dZ = w·share·slope
# ---------------------------------------------------------------------------------------------------------------------


@njit(**LOOP)
def _sign(x):
    zero, one = type(x)(0), type(x)(1)
    return one if x > zero else (-one if x < zero else x)  # x itself is 0 or NaN


@njit(**LOOP)
def _mse(Z, T, w, share):
    total, two = Z.dtype.type(0), Z.dtype.type(2)
    for r in range(w.size):
        e = Z[r] - T[r]
        total += w[r] * (e * e)
        Z[r] = w[r] * share * (two * e)
    return total


@njit(**LOOP)
def _mae(Z, T, w, share):
    total = Z.dtype.type(0)
    for r in range(w.size):
        e = Z[r] - T[r]
        total += w[r] * abs(e)
        Z[r] = w[r] * share * _sign(e)
    return total


@njit(**LOOP)
def _huber(Z, T, w, share, delta):
    total, half = Z.dtype.type(0), Z.dtype.type(0.5)
    for r in range(w.size):
        e = Z[r] - T[r]
        size = abs(e)
        inner = delta if size > delta else size
        total += w[r] * (inner * (size - inner * half))
        Z[r] = w[r] * share * (delta if e > delta else (-delta if e < -delta else e))
    return total


@njit(**LOOP)
def _bce(Z, T, w, share, positive):
    total, zero, one = Z.dtype.type(0), Z.dtype.type(0), Z.dtype.type(1)
    for r in range(w.size):
        z, y = Z[r], T[r]
        e = exp_below(-abs(z))
        tail = log1p_unit(e)
        up = (zero if z < zero else z) + tail
        down = (zero if z > zero else -z) + tail
        total += w[r] * (positive * y * down + (one - y) * up)
        p = (e if z < zero else one) / (one + e)
        q = (one if z < zero else e) / (one + e)
        Z[r] = w[r] * share * ((one - y) * p - positive * y * q)
    return total


@njit(**LOOP)
def _sigmoid_mae(Z, T, w, share):
    total, one = Z.dtype.type(0), Z.dtype.type(1)
    for r in range(w.size):
        p = sigmoid(Z[r])
        e = p - T[r]
        total += w[r] * abs(e)
        Z[r] = w[r] * share * (_sign(e) * p * (one - p))
    return total


@njit(**DIGITS)
def _sigmoid_bce(Z, T, w, share):
    total, zero, one, floor = Z.dtype.type(0), Z.dtype.type(0), Z.dtype.type(1), Z.dtype.type(-100)
    for r in range(w.size):
        z, y = Z[r], T[r]
        e = exp_below(-abs(z))
        p = (e if z < zero else one) / (one + e)
        tail = log1p_unit(e)
        yes = (z if z < zero else zero) - tail  # ln p, also where p is too small to be written down
        no = -tail if z < zero else log_positive(one - p)
        yes = floor if yes < floor else yes
        no = floor if no < floor else no
        total -= w[r] * (y * yes + (one - y) * no)
        slope = p * (one - p)
        guard = Z.dtype.type(1e-12)
        Z[r] = w[r] * share * ((p - y) / (guard if slope < guard else slope) * slope)
    return total


@njit(**LOOP)
def _softmax(Z, T, w, share, outputs, stride, room):
    """All outputs of a row belong together here: Z and T are (outputs · stride,), `room` (3 · stride,)."""
    columns = w.size
    top, sums, targets = room[:columns], room[stride : stride + columns], room[2 * stride : 2 * stride + columns]
    copy(Z, top)
    for o in range(1, outputs):
        z = Z[o * stride : o * stride + columns]
        for r in range(columns):
            top[r] = z[r] if z[r] > top[r] else top[r]
    fill(sums, Z.dtype.type(0))
    fill(targets, Z.dtype.type(0))
    total = Z.dtype.type(0)
    for o in range(outputs):
        z, t = Z[o * stride : o * stride + columns], T[o * stride : o * stride + columns]
        for r in range(columns):
            s = z[r] - top[r]
            total -= w[r] * (t[r] * s)
            z[r] = exp_below(s)
            sums[r] += z[r]
            targets[r] += t[r]
    for r in range(columns):
        total += w[r] * (targets[r] * log_positive(sums[r]))
        top[r] = targets[r] / sums[r]
    for o in range(outputs):
        z, t = Z[o * stride : o * stride + columns], T[o * stride : o * stride + columns]
        for r in range(columns):
            z[r] = w[r] * share * (z[r] * top[r] - t[r])
    return total


@njit(**PLAIN)
def tile_loss(code, shape, Z, T, w, share, outputs, stride, room):
    """Σ w·loss of a tile; Z becomes dZ. `share` is 1 over the batch's total weight; w has the length of the tile."""
    if code == SOFTMAX:
        return D_(_softmax(Z, T, w, share, outputs, stride, room))
    total, columns = D_(0.0), w.size
    share = share / Z.dtype.type(outputs)
    for o in range(outputs):
        z, t = Z[o * stride : o * stride + columns], T[o * stride : o * stride + columns]
        if code == MSE:
            total += _mse(z, t, w, share)
        elif code == BCE:
            total += _bce(z, t, w, share, shape)
        elif code == MAE:
            total += _mae(z, t, w, share)
        elif code == HUBER:
            total += _huber(z, t, w, share, shape)
        elif code == SIGMOID_MAE:
            total += _sigmoid_mae(z, t, w, share)
        else:
            total += _sigmoid_bce(z, t, w, share)
    return total / outputs


# ---------------------------------------------------------------------------------------------------------------------
# Tiles: rows of the table to units-major lines
# ---------------------------------------------------------------------------------------------------------------------


@njit(**PLAIN)
def padded(rows, width):
    """`rows` filled up to whole cache lines of `width` numbers."""
    return (rows + width - 1) // width * width


@njit(**PLAIN)
def stride_of(columns, width):
    """The distance of two units: an odd number of cache lines where there are more than four."""
    lines = columns // width
    return columns + width if lines > 4 and lines % 2 == 0 else columns


@njit(**PLAIN)
def copy_filled(rows, columns, numbers):
    """Row numbers to `numbers` (columns,), the last one repeated."""
    for r in range(columns):
        numbers[r] = rows[min(r, rows.size - 1)]


@njit(**PLAIN)
def gather_inputs(X, rows, columns, work, at, stride):
    """The `rows` (columns,) of X (table rows, inputs) to (inputs, stride) in `work`.

    Rows of a shuffled table lie far apart, and each would be waited for: they are fetched some blocks ahead.
    """
    inputs, width = X.shape[1], LINE // work.itemsize
    fetched = 0
    for begin in range(0, columns, width):
        while fetched < min(begin + FETCH_AHEAD, columns):
            for i in range(0, inputs + width - 1, width):
                fetch(X, rows[fetched], min(i, inputs - 1))
            fetched += 1
        block = rows[begin : begin + width]
        for i in range(inputs):
            line = work[at + i * stride + begin : at + i * stride + begin + width]
            for r in range(width):
                line[r] = X[np.uintp(block[r]), np.uintp(i)]  # unsigned: no place counted from the end


@njit(**PLAIN)
def gather_targets(plan, knobs, Y, codes, outputs, rows, columns, work, at, stride):
    """Targets (outputs, stride): for softmax nn.softmax_loss._weighted, one-hot, smoothed and times class weights."""
    zero, one = work.dtype.type(0), work.dtype.type(1)
    for r in range(columns):
        row = rows[r]
        for o in range(outputs):
            if codes.size > 0:
                work[at + o * stride + r] = one if codes[row] == o else zero
            else:
                work[at + o * stride + r] = Y[row, o]
    if plan[LOSS] != SOFTMAX:
        return
    smooth, rest = work.dtype.type(knobs[SMOOTHING] / outputs), work.dtype.type(1 - knobs[SMOOTHING])
    for o in range(outputs):
        weight = work.dtype.type(knobs[CLASS_WEIGHTS + o]) if plan[LOSS_WEIGHTED] else one
        for j in range(at + o * stride, at + o * stride + columns):
            work[j] = (rest * work[j] + smooth) * weight


@njit(**PLAIN)
def gather_weights(weights, rows, count, columns, work, at):
    """Sample weights (columns,), 1 where there are none; the fillers after `count` rows weigh 0."""
    for r in range(columns):
        if r >= count:
            work[at + r] = 0
        elif weights.size > 0:
            work[at + r] = weights[rows[r]]
        else:
            work[at + r] = 1


@njit(**PLAIN)
def total_weight(plan, knobs, Y, codes, weights, outputs, rows):
    """nn.loss.loss_forward's Σ w v over the rows of a batch, v being the weight that the loss itself gives a row."""
    weighted = plan[LOSS_WEIGHTED] and not plan[BY_ROWS]
    if weights.size == 0 and not weighted:
        return D_(rows.size)
    total = D_(0.0)
    for row in rows:
        v = D_(1.0)
        if weighted and codes.size > 0:
            v = knobs[CLASS_WEIGHTS + codes[row]]
        elif weighted:
            v = D_(0.0)
            for o in range(outputs):
                y = D_(Y[row, o])
                if plan[LOSS] == SOFTMAX:
                    v += y * knobs[CLASS_WEIGHTS + o]
                else:
                    v += (knobs[SHAPE] * y + (1.0 - y)) / outputs
        total += v * D_(weights[row]) if weights.size > 0 else v
    return total


# ---------------------------------------------------------------------------------------------------------------------
# Forward and backward: nn.network
# ---------------------------------------------------------------------------------------------------------------------


@njit(**PLAIN)
def all_finite(values):
    """Whether no number of `values` (n,) is NaN or infinite."""
    total, zero = values.dtype.type(0), values.dtype.type(0)
    for j in range(values.size):
        total += values[j] * zero  # 0 for every finite number, else NaN
    return total == zero


@njit(**PLAIN)
def mark_alive(A, units, stride, columns, alive, step):
    """Notes in `alive` (units,) the step, counted from 1, in which a unit was first above 0 in this epoch.

    Most units are above 0 in one of the first rows, so the search goes line by line and ends early.
    """
    zero, width = A.dtype.type(0), LINE // A.itemsize
    first = step
    for u in range(units):
        first = min(first, alive[u])
    if first != 0:
        return
    for u in range(units):
        if alive[u] != 0:
            continue
        for begin in range(u * stride, u * stride + columns, width):
            top = zero
            for r in range(begin, begin + width):
                top = max(top, A[r])
            if top > zero:
                alive[u] = step
                break


@njit(**INSIDE)
def forward(layers, scales, P, work, x, stride, columns, mode, seed, step, scratch):
    """nn.network.forward of one tile; dropout, and notes of living units, only with `mode` TRAIN or CHECK.

    With CHECK, gives the first layer that has a pre-activation that is not finite, else how many layers there are.
    """
    numbers, hashes, alive = scratch
    a, seen, first_bad = x, 0, len(layers)
    for layer in range(len(layers)):
        inputs, outputs, z = layers[layer, INPUTS], layers[layer, OUTPUTS], layers[layer, A_AT]
        weight, bias, hidden = layers[layer, WEIGHT], layers[layer, BIAS], layer < len(layers) - 1
        relu = layers[layer, ACTIVATION] == RELU
        at_once = relu and mode != CHECK
        floor = work.dtype.type(0) if at_once else -work.dtype.type(math.inf)
        dense_forward(P, weight, bias, inputs, outputs, work, a, work, z, stride, columns, floor)
        if mode == CHECK and first_bad == len(layers):
            for u in range(outputs):
                if not all_finite(work[z + u * stride : z + u * stride + columns]):
                    first_bad = layer
        if hidden:
            d, size = layers[layer, D_AT], outputs * stride
            A, D = work[z : z + size], work[d : d + (0 if relu else size)]
            if not at_once:
                activate(layers[layer, ACTIVATION], A, D)
            if mode != PREDICT and relu:
                mark_alive(A, outputs, stride, columns, alive[seen : seen + outputs], step + 1)
            if mode != PREDICT and layers[layer, DROP_BELOW] > 0:
                below, scale = layers[layer, DROP_BELOW], scales[layer]
                drop(A, D, outputs, stride, columns, below, scale, seed, step, layer, numbers, hashes)
            seen += outputs
        a = z
    return first_bad


@njit(**INSIDE)
def backward(layers, scales, P, G, packed, work, x, stride, columns):
    """nn.network.backward of one tile: adds to the gradient vector G. The last layer's A holds dZ."""
    dz = layers[len(layers) - 1, A_AT]
    for layer in range(len(layers) - 1, -1, -1):
        inputs, outputs, weight = layers[layer, INPUTS], layers[layer, OUTPUTS], layers[layer, WEIGHT]
        a = layers[layer - 1, A_AT] if layer > 0 else x
        dense_backward_weights(G, weight, layers[layer, BIAS], inputs, outputs, work, dz, work, a, stride, columns)
        if layer > 0:
            d = layers[layer - 1, D_AT]
            relu, scale = 1 if layers[layer - 1, ACTIVATION] == RELU else 0, scales[layer - 1]
            dense_backward_inputs(P, weight, inputs, outputs, work, dz, work, d, stride, columns, packed, relu, scale)
            dz = d


# ---------------------------------------------------------------------------------------------------------------------
# One step: nn.penalties, nn.clipping, nn.optimizers
# ---------------------------------------------------------------------------------------------------------------------


@njit(**LOOP)
def add_penalty(layers, P, G, l1, l2):
    """nn.penalties.penalty_gradients: l1 sign(W) + l2 W onto the gradients of weights."""
    for layer in range(len(layers)):
        begin = layers[layer, WEIGHT]
        for j in range(begin, begin + layers[layer, INPUTS] * layers[layer, OUTPUTS]):
            G[j] += l1 * _sign(P[j]) + l2 * P[j]


@njit(**LOOP)
def norm(values):
    """nn.clipping.global_norm: summed in float64."""
    total = D_(0.0)
    for j in range(values.size):
        total += D_(values[j]) * D_(values[j])
    return math.sqrt(total)


@njit(**LOOP)
def shrink(values, factor):
    """nn.clipping.clip_by_norm's product."""
    for j in range(values.size):
        values[j] *= factor


@njit(**LOOP)
def distance(values, before):
    """The norm of values - before."""
    total = D_(0.0)
    for j in range(values.size):
        moved = D_(values[j] - before[j])
        total += moved * moved
    return math.sqrt(total)


@njit(**LOOP)
def sgd_step(P, G, V, rate, momentum, nesterov):
    """nn.optimizers.SGD.step."""
    if momentum == 0:
        for j in range(P.size):
            P[j] -= rate * G[j]
        return
    for j in range(P.size):
        v = momentum * V[j] + G[j]
        V[j] = v
        P[j] -= rate * (G[j] + momentum * v if nesterov else v)


@njit(**LOOP)
def rmsprop_step(P, G, V, S, rate, decay, rest, epsilon, momentum):
    """nn.optimizers.RMSprop.step."""
    for j in range(P.size):
        g = G[j]
        s = decay * S[j] + rest * g * g
        v = momentum * V[j] + g / (np.sqrt(s) + epsilon)
        S[j] = s
        V[j] = v
        P[j] -= rate * v


@njit(**LOOP)
def adam_step(P, G, M, S, step_size, beta_1, rest_1, beta_2, rest_2, correction, epsilon, shrink):
    """nn.optimizers.Adam.step and AdamW.step; `correction` is 1 over the textbook's root_correction."""
    for j in range(P.size):
        g = G[j]
        m = beta_1 * M[j] + rest_1 * g
        s = beta_2 * S[j] + rest_2 * g * g
        M[j] = m
        S[j] = s
        P[j] = shrink * P[j] - step_size * m / (np.sqrt(s) * correction + epsilon)


@njit(**PLAIN)
def optimizer_step(plan, knobs, P, G, first, second, rate, step):
    """One step of the optimizer; `step` counts from 1."""
    kind = P.dtype.type
    if plan[OPTIMIZER] == SGD:
        sgd_step(P, G, first, kind(rate), kind(knobs[MOMENTUM]), plan[NESTEROV] != 0)
    elif plan[OPTIMIZER] == RMSPROP:
        decay, rest = kind(knobs[DECAY_1]), kind(1 - knobs[DECAY_1])
        rmsprop_step(P, G, second, first, kind(rate), decay, rest, kind(knobs[EPSILON]), kind(knobs[MOMENTUM]))
    else:
        beta_1, beta_2 = knobs[DECAY_1], knobs[DECAY_2]
        step_size = kind(rate / (1 - beta_1**step))
        correction = kind(1 / math.sqrt(1 - beta_2**step))
        shrink = kind(1 - rate * knobs[WEIGHT_DECAY])
        rests = kind(1 - beta_1), kind(1 - beta_2)
        adam_step(
            P, G, first, second, step_size, kind(beta_1), rests[0], kind(beta_2), rests[1], correction,
            kind(knobs[EPSILON]), shrink,
        )  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------------
# Validation: engines.quality.validation_numbers, whose losses come from `batch_pass`
# ---------------------------------------------------------------------------------------------------------------------


@njit(**PLAIN)
def largest(work, at, stride, outputs):
    """The place of the largest of `outputs` numbers, the first where several are."""
    best = 0
    for o in range(1, outputs):
        if work[at + o * stride] > work[at + best * stride]:
            best = o
    return best


@njit(**PLAIN)
def largest_target(Y, row):
    """The class of a row whose target is given as probabilities."""
    best = 0
    for o in range(1, Y.shape[1]):
        if Y[row, o] > Y[row, best]:
            best = o
    return best


@njit(**PLAIN)
def count_hits(plan, Y, codes, outputs, rows, work, z, w, stride, residuals):
    """Adds up what the score needs: weighted hits in residuals[0], or weighted squared residuals of every output."""
    half = work.dtype.type(0.5)
    for r in range(rows.size):
        row, weight = rows[r], D_(work[w + r])
        if plan[LOSS] == SOFTMAX:
            truth = codes[row] if codes.size > 0 else largest_target(Y, row)
            residuals[0] += weight if largest(work, z + r, stride, outputs) == truth else 0.0
        elif plan[LOSS] >= BCE:
            for o in range(outputs):
                hit = (sigmoid(work[z + o * stride + r]) > half) == (Y[row, o] > half)
                residuals[0] += weight / outputs if hit else 0.0
        else:
            for o in range(outputs):
                error = D_(Y[row, o]) - D_(work[z + o * stride + r])
                residuals[o] += weight * error * error


@njit(**PLAIN)
def validation_score(plan, knobs, outputs, residuals, weight):
    """Accuracy, or the mean R² of the outputs, from what `count_hits` added up over rows of total `weight`."""
    if plan[LOSS] >= BCE:
        return residuals[0] / weight
    score = D_(0.0)
    for o in range(outputs):
        spread = knobs[CLASS_WEIGHTS + outputs + o]
        score += 1 - residuals[o] / weight / spread if spread > 0 else 0.0
    return score / outputs


# ---------------------------------------------------------------------------------------------------------------------
# The stretch: engines.reference.train_one_epoch and finish_epoch, for many epochs
# ---------------------------------------------------------------------------------------------------------------------


@njit(**INSIDE)
def batch_pass(
    plan, knobs, layers, scales, data, rows, vectors, work, step, share, ready, scratch, residuals, mode
):  # fmt: skip
    """Loss and gradient of one batch, tile by tile: Σ w·loss, and with `mode` CHECK the first layer not finite.

    `ready` says that the tiles are in `work` already, from an earlier epoch over the same rows. With `mode` PREDICT
    the rows are validation rows: dropout is off, and `residuals` grow in place of the gradient.
    """
    (X, Y, codes, weights), (numbers, hashes, _) = data, scratch
    width, outputs = LINE // work.itemsize, layers[len(layers) - 1, OUTPUTS]
    tile_rows, inputs, z = plan[TILE], layers[0, INPUTS], layers[len(layers) - 1, A_AT]
    longest = stride_of(padded(tile_rows, width), width)
    loss, first_bad, shape = D_(0.0), len(layers), work.dtype.type(knobs[SHAPE])
    stays = plan[RESIDENT] != 0
    slot = plan[TILES] if stays and mode == PREDICT else 0  # behind the tiles that stay
    for begin in range(0, rows.size, tile_rows):
        tile = rows[begin : min(begin + tile_rows, rows.size)]
        columns = padded(tile.size, width)
        stride = stride_of(columns, width)
        x, t = plan[X_AT] + slot * inputs * longest, plan[T_AT] + slot * outputs * longest
        w = plan[W_AT] + slot * longest
        if not ready or hashes.size:
            copy_filled(tile, columns, numbers)
        if not ready:
            gather_inputs(X, numbers, columns, work, x, stride)
            gather_targets(plan, knobs, Y, codes, outputs, numbers, columns, work, t, stride)
            gather_weights(weights, numbers, tile.size, columns, work, w)
        if stays and mode != PREDICT:
            slot += 1
        bad = forward(layers, scales, vectors[VALUES], work, x, stride, columns, mode, plan[SEED], step, scratch)
        first_bad = min(first_bad, bad)
        if mode == PREDICT:
            count_hits(plan, Y, codes, outputs, numbers[: tile.size], work, z, w, stride, residuals)
        size = outputs * stride
        Z, T, room = work[z : z + size], work[t : t + size], work[plan[ROOM_AT] : plan[ROOM_AT] + 3 * stride]
        loss += tile_loss(plan[LOSS], shape, Z, T, work[w : w + columns], share, outputs, stride, room)
        if mode != PREDICT:
            backward(layers, scales, vectors[VALUES], vectors[GRADIENT], vectors[PACKED], work, x, stride, columns)
    return loss, first_bad


@njit(**PLAIN)
def first_layer_not_finite(layers, P):
    """The first layer that holds a parameter that is NaN or infinite; -1 if none does."""
    if all_finite(P):
        return -1
    for layer in range(len(layers)):
        weight, inputs, outputs = layers[layer, WEIGHT], layers[layer, INPUTS], layers[layer, OUTPUTS]
        bias, end = layers[layer, BIAS], weight + inputs * outputs
        if not all_finite(P[weight:end]) or (bias >= 0 and not all_finite(P[bias : bias + outputs])):
            return layer
    return -1


@njit(**PLAIN)
def fail(counts, epoch, step, layer):
    """Notes where a number stopped being finite."""
    counts[STOPPED] = NON_FINITE
    counts[FAILED_EPOCH], counts[FAILED_STEP], counts[FAILED_LAYER] = epoch, step, layer


@njit(**PLAIN)
def remember_best(plan, knobs, counts, best, vectors, loss):
    """engines.reference._remember_best."""
    gained = loss < best[REFERENCE_LOSS] - knobs[MIN_DELTA]
    if loss < best[BEST_LOSS]:
        best[BEST_LOSS], counts[BEST_EPOCH] = loss, counts[EPOCH]
        copy(vectors[VALUES], vectors[BEST])
    if gained:
        best[REFERENCE_LOSS], counts[WAITED] = loss, 0
        return
    counts[WAITED] += 1
    if plan[PATIENCE] > 0 and counts[WAITED] >= plan[PATIENCE] and counts[STOPPED] == RUNNING:
        counts[STOPPED] = OUT_OF_PATIENCE


@njit(**PLAIN)
def dead_shares(layers, alive, steps, record):
    """Per hidden relu layer the share of units that no row of the epoch switched on, up to step number `steps`."""
    seen = 0
    for layer in range(len(layers) - 1):
        units = layers[layer, OUTPUTS]
        if layers[layer, ACTIVATION] == RELU:
            count = 0
            for u in range(units):
                count += 1 if 0 < alive[seen + u] <= steps else 0
            record[DEAD + layer] = 1 - count / units
        seen += units


@njit(**PLAIN)
def sum_of_weights(weights, rows):
    """The sample weights of `rows` together."""
    if weights.size == 0:
        return D_(rows.size)
    total = D_(0.0)
    for row in rows:
        total += D_(weights[row])
    return total


@njit(**PLAIN)
def begin_epoch(vectors, alive):
    """Keeps the state to which a loss that is not finite returns."""
    copy(vectors[VALUES], vectors[START_VALUES])
    copy(vectors[FIRST], vectors[START_FIRST])
    copy(vectors[SECOND], vectors[START_SECOND])
    fill(alive, 0)


@njit(**PLAIN)
def give_up_epoch(layers, vectors, counts, loss, step, layer, alive, record):
    """Notes in which step the loss stopped being finite, and returns to the state before the epoch."""
    fail(counts, counts[EPOCH] + 1, step + 1, layer if layer < len(layers) else -1)
    record[TRAINING_LOSS], record[GRADIENT_NORM], record[UPDATE_NORM] = loss, math.nan, math.nan
    dead_shares(layers, alive, step, record)
    copy(vectors[START_VALUES], vectors[VALUES])
    copy(vectors[START_FIRST], vectors[FIRST])
    copy(vectors[START_SECOND], vectors[SECOND])


@njit(**PLAIN)
def finish_epoch(plan, knobs, layers, vectors, counts, step, loss, alive, record, line):
    """What is known after the last step of an epoch: losses, norms, dead units, and the parameters in `line`."""
    if plan[OPTIMIZER] == SGD and knobs[MOMENTUM] == 0:
        copy(vectors[GRADIENT], vectors[FIRST])
    record[UPDATE_NORM] = distance(vectors[VALUES], vectors[BEFORE])
    record[TRAINING_LOSS] = loss
    dead_shares(layers, alive, step, record)
    counts[OPTIMIZER_STEP] += step - counts[STEP]
    counts[EPOCH] += 1
    counts[STEP] = step
    if line.size > 0:
        copy(vectors[VALUES], line)
    layer = first_layer_not_finite(layers, vectors[VALUES])
    if layer >= 0:
        fail(counts, counts[EPOCH], counts[STEP], layer)


@njit(**PLAIN)
def change_parameters(plan, knobs, layers, vectors, rate, number, last, record):
    """The optimizer's step `number`, counted from 1, after penalties and clipping."""
    P, G = vectors[VALUES], vectors[GRADIENT]
    real = P.dtype.type
    if knobs[L1] > 0 or knobs[L2] > 0:
        add_penalty(layers, P, G, real(knobs[L1]), real(knobs[L2]))
    if last or knobs[CLIP] > 0:
        record[GRADIENT_NORM] = norm(G)
        if 0 < knobs[CLIP] < record[GRADIENT_NORM] < math.inf:
            shrink(G, real(knobs[CLIP] / record[GRADIENT_NORM]))
    if last:
        copy(P, vectors[BEFORE])
    optimizer_step(plan, knobs, P, G, vectors[FIRST], vectors[SECOND], rate, number)


@njit(**INSIDE)
def train_epoch(
    plan, knobs, layers, scales, data, held_out, order, valid_rows, rates, vectors, work, counts, best, record, line,
    ready, scratch,
):  # fmt: skip
    """engines.reference.train_one_epoch, then finish_epoch. Where a loss is not finite, the state is that before.

    The validation rows are a batch behind the last one: all that is compiled for a batch is compiled once.
    """
    alive, residuals, real = scratch[2], best[RESIDUALS:], work.dtype.type
    outputs, batch, steps = layers[len(layers) - 1, OUTPUTS], plan[BATCH], rates.size
    step, loss_sum, weight_sum = counts[STEP], D_(0.0), D_(0.0)
    begin_epoch(vectors, alive)
    for s in range(steps + 1):
        validating = s == steps
        if validating:
            loss = loss_sum / max(weight_sum, 1e-300)
            finish_epoch(plan, knobs, layers, vectors, counts, step, loss, alive, record, line)
            if counts[STOPPED] != RUNNING or valid_rows.size == 0:
                break
            fill(residuals, 0.0)
        now = held_out if validating else data
        rows = valid_rows if validating else order[s * batch : min((s + 1) * batch, order.size)]
        total = total_weight(plan, knobs, now[1], now[2], now[3], outputs, rows)
        share = real(1 / total) if total != 0 else real(0)
        loss, layer = D_(0.0), -1
        for mode in (TRAIN, CHECK):  # the second time only to find out where the numbers went
            fill(vectors[GRADIENT], real(0))
            purpose = PREDICT if validating else mode
            summed, layer = batch_pass(
                plan, knobs, layers, scales, now, rows, vectors, work, step, share, ready and not validating, scratch,
                residuals, purpose,
            )  # fmt: skip
            loss = D_(real(summed)) / total if total != 0 else 0.0
            if validating or math.isfinite(loss):
                break
        if validating:
            score = validation_score(plan, knobs, outputs, residuals, sum_of_weights(now[3], rows))
            record[EVALUATED], record[VALID_LOSS], record[VALID_SCORE] = 1, loss, score
            if not math.isfinite(loss):
                fail(counts, counts[EPOCH], counts[STEP], -1)
            remember_best(plan, knobs, counts, best, vectors, loss)
            break
        record[RATE] = rates[s]
        if not math.isfinite(loss):
            give_up_epoch(layers, vectors, counts, loss, step, layer, alive, record)
            break
        number = counts[OPTIMIZER_STEP] + step - counts[STEP] + 1
        change_parameters(plan, knobs, layers, vectors, rates[s], number, s == steps - 1, record)
        step += 1
        loss_sum += loss * total
        weight_sum += total


def train(
    plan, knobs, layers, scales, X, Y, codes, weights, X_valid, Y_valid, codes_valid, weights_valid, valid_rows, order,
    rates, vectors, work, counts, best, numbers, hashes, alive, records, path,
):  # fmt: skip
    """Train the epochs of `order` (epochs or 1, rows) at `rates` (epochs, steps), until a stopping rule fires.

    Every whole epoch is in `vectors`, `counts`, `best` and a line of `records` when the next one begins, and its
    parameters in a line of `path`, which has a line for each epoch or none. `valid_rows` are 0, 1, … for every
    validation row.
    """
    mode = swap_float_mode(-1)
    scratch = (numbers, hashes, alive)
    data, held_out = (X, Y, codes, weights), (X_valid, Y_valid, codes_valid, weights_valid)
    for epoch in range(len(rates)):
        record, ready = records[epoch], plan[RESIDENT] != 0 and epoch > 0
        visited = order[epoch] if len(order) > 1 else order[0]
        line = path[epoch] if len(path) > 0 else path.reshape(path.size)
        train_epoch(
            plan, knobs, layers, scales, data, held_out, visited, valid_rows, rates[epoch], vectors, work, counts,
            best, record, line, ready, scratch,
        )  # fmt: skip
        counts[DONE] = epoch + 1
        if counts[STOPPED] != RUNNING:
            break
    swap_float_mode(mode)


def score(layers, P, X, tile_rows, work, numbers, hashes, Z):
    """nn.network.forward: raw outputs Z (rows, outputs) of X (rows, inputs)."""
    mode = swap_float_mode(-1)
    width, last = LINE // work.itemsize, len(layers) - 1
    outputs, z, x = layers[last, OUTPUTS], layers[last, A_AT], 0
    scratch, scales = (numbers, hashes, numbers[:0]), work[:0]
    for begin in range(0, X.shape[0], tile_rows):
        count = min(tile_rows, X.shape[0] - begin)
        columns = padded(count, width)
        stride = stride_of(columns, width)
        for r in range(columns):
            numbers[r] = min(begin + r, X.shape[0] - 1)
        gather_inputs(X, numbers, columns, work, x, stride)
        forward(layers, scales, P, work, x, stride, columns, PREDICT, 0, 0, scratch)
        for r in range(count):
            for o in range(outputs):
                Z[begin + r, o] = work[z + o * stride + r]
    swap_float_mode(mode)


@njit(**LOOP)
def step(start, way, length, end, count):
    """end = start + length · way, all (count or more,)."""
    for k in range(count):
        end[k] = start[k] + length * way[k]


@njit(**INSIDE)
def forward_above(layers, P, work, stride, columns):
    """nn.network.forward of one tile whose first pre-activations are in `work` already; dropout off."""
    for layer in range(len(layers)):
        z, outputs = layers[layer, A_AT], layers[layer, OUTPUTS]
        if layer > 0:
            below, inputs = layers[layer - 1, A_AT], layers[layer, INPUTS]
            weight, bias = layers[layer, WEIGHT], layers[layer, BIAS]
            relu = layers[layer, ACTIVATION] == RELU
            floor = work.dtype.type(0) if relu else -work.dtype.type(math.inf)
            dense_forward(P, weight, bias, inputs, outputs, work, below, work, z, stride, columns, floor)
        if layer < len(layers) - 1 and (layer == 0 or layers[layer, ACTIVATION] != RELU):
            d, size = layers[layer, D_AT], outputs * stride
            activate(layers[layer, ACTIVATION], work[z : z + size], work[d : d + size])


def surface(plan, knobs, layers, X, Y, codes, weights, first, second, plane, P, work, lines, numbers, losses):
    """nn.loss.loss_forward at the parameters plane[0] + first[j] plane[1] + second[i] plane[2], for all j and i.

    `plane` is (3, parameters), P room for one of them; `losses` (second, first) must hold zeros. Rows go tile by tile
    through all points, so that they are laid out once. The first layer's pre-activations are straight lines along both
    directions: `lines` (4, units · stride) holds them at the center, what a step of each adds, and a sum of the first
    two, so that a point takes one sum instead of a matrix product.
    """
    mode = swap_float_mode(-1)
    width, last, rows = LINE // work.itemsize, len(layers) - 1, X.shape[0]
    outputs, units = layers[last, OUTPUTS], layers[0, OUTPUTS]
    x, t, w, z = plan[X_AT], plan[T_AT], plan[W_AT], layers[last, A_AT]
    shape, one = P.dtype.type(knobs[SHAPE]), P.dtype.type(1)
    above = layers[1, WEIGHT] if last > 0 else P.size
    total = D_(0.0)
    for begin in range(0, rows, plan[TILE]):
        count = min(plan[TILE], rows - begin)
        columns = padded(count, width)
        stride = stride_of(columns, width)
        for r in range(columns):
            numbers[r] = min(begin + r, rows - 1)
        gather_inputs(X, numbers, columns, work, x, stride)
        gather_targets(plan, knobs, Y, codes, outputs, numbers, columns, work, t, stride)
        gather_weights(weights, numbers, count, columns, work, w)
        total += total_weight(plan, knobs, Y, codes, weights, outputs, numbers[:count])
        for k in range(3):
            weight, bias, inputs = layers[0, WEIGHT], layers[0, BIAS], layers[0, INPUTS]
            lowest = -P.dtype.type(math.inf)
            dense_forward(plane[k], weight, bias, inputs, units, work, x, lines[k], 0, stride, columns, lowest)
        z_0, filled = layers[0, A_AT], (units - 1) * stride + columns
        Z, T = work[z : z + outputs * stride], work[t : t + outputs * stride]
        room = work[plan[ROOM_AT] : plan[ROOM_AT] + 3 * stride]
        for i in range(second.size):
            b = P.dtype.type(second[i])
            step(lines[0], lines[2], b, lines[3], filled)
            for j in range(first.size):
                a = P.dtype.type(first[j])
                step(lines[3], lines[1], a, work[z_0 : z_0 + units * stride], filled)
                for p in range(above, P.size):
                    P[p] = plane[0, p] + a * plane[1, p] + b * plane[2, p]
                forward_above(layers, P, work, stride, columns)
                losses[i, j] += tile_loss(plan[LOSS], shape, Z, T, work[w : w + columns], one, outputs, stride, room)
    for i in range(second.size):
        for j in range(first.size):
            losses[i, j] = losses[i, j] / total if total != 0 else 0.0
    swap_float_mode(mode)


def signatures(real):
    """The types of `train`, `score` and `surface` for one floating type."""
    whole, vector, matrix = types.int64[::1], real[::1], real[:, ::1]
    table = types.int64[:, ::1]

    def given(kind, dimensions):
        return types.Array(kind, dimensions, "C", readonly=True)

    rows = (given(real, 2), given(real, 2), given(types.int64, 1), given(real, 1))
    floats = types.float64[::1]
    words, scratch = types.uint32[::1], types.float64[:, ::1]
    return {
        "train": types.void(
            whole, floats, table, vector, *rows, *rows, given(types.int64, 1), given(types.int64, 2),
            given(types.float64, 2), matrix, vector, whole, floats, whole, words, whole, scratch, matrix,
        ),
        "score": types.void(table, vector, given(real, 2), types.int64, vector, whole, words, matrix),
        "surface": types.void(
            whole, floats, table, *rows, given(types.float64, 1), given(types.float64, 1), matrix, vector, vector,
            matrix, whole, scratch,
        ),
    }  # fmt: skip
