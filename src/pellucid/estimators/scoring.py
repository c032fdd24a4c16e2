"""Rows through preparation and network, as many at once as memory bears."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..data.table import Table
from ..errors import ColumnError
from ..nn import network as net
from ..nn.parameters import Parameters, weight_name
from ..preprocessing.preparation import Preparation
from ..spec import NetworkSpec

# Size of the design matrix of one block of rows, in bytes. An array's stays in the cache; a table's is larger, because
# some work on its columns is done once a block.
ARRAY_BLOCK, TABLE_BLOCK = 2**20, 2**25


def raw_outputs(
    preparation: Preparation,
    network: NetworkSpec,
    parameters: Parameters,
    rows: Table | np.ndarray,
    names: Sequence[str] | None = None,
) -> np.ndarray:
    """Raw outputs (rows, outputs), in the type of the parameters, of a table or of floats (rows, columns).

    `names` are those of an array's columns, None for x0, x1, …. Beside the outputs, memory holds one block of rows.
    Raises `ColumnError` for a column that is missing, and one that names row and column of a cell that cannot be used.
    """
    dtype, is_table = parameters[weight_name(0)].dtype, isinstance(rows, Table)
    at_once = max((TABLE_BLOCK if is_table else ARRAY_BLOCK) // (network.inputs * dtype.itemsize), 1)

    def prepared(part: Any) -> np.ndarray:
        return preparation.transform(part, dtype) if is_table else preparation.transform_matrix(part, dtype, names)

    if len(rows) <= at_once:
        return net.scores(prepared(rows), parameters, network.activations)
    result = np.empty((len(rows), network.outputs), dtype)
    for start in range(0, len(rows), at_once):
        block = slice(start, start + at_once)
        try:
            matrix = prepared(rows.block(block) if isinstance(rows, Table) else rows[block])
        except ColumnError:
            prepared(rows)  # raises again, with the row's number in the whole table
            raise
        result[block] = net.scores(matrix, parameters, network.activations)
    return result
