"""What happened in a training, epoch by epoch."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from ..engines.contract import EpochRecord
from ..files import write_text
from ..records import Finding, Record, counted

if TYPE_CHECKING:
    import polars as pl

COLUMNS = (
    "epoch",
    "training_loss",
    "validation_loss",
    "validation_score",
    "gradient_norm",
    "update_norm",
    "learning_rate",
)

ALWAYS_NUMBERS = ("training_loss", "gradient_norm", "update_norm")


@dataclass(frozen=True)
class History(Record):
    """The records of a training.

    `stopped` says why it ended: "finished", "patience", "converged", "interrupted", "time" or "non_finite".
    `best_epoch` is the epoch of the lowest validation loss, 0 where there were no validation rows. `kept_epoch` is the
    epoch whose parameters were returned. `findings` are what the run should tell its owner.
    """

    epochs: tuple[EpochRecord, ...]
    stopped: str
    best_epoch: int
    kept_epoch: int
    engine: str
    findings: tuple[Finding, ...] = ()

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> History:
        """The inverse of `to_dict`; training losses and norms that were not finite come back as NaN."""
        epochs = []
        for row in values["epochs"]:
            numbers = {name: np.nan if row[name] is None else row[name] for name in ALWAYS_NUMBERS}
            epochs.append(EpochRecord(**{**row, **numbers, "dead_units": tuple(row["dead_units"])}))
        findings = tuple(Finding(**finding) for finding in values["findings"])
        return cls(**{**values, "epochs": tuple(epochs), "findings": findings})

    def __len__(self) -> int:
        return len(self.epochs)

    def __repr__(self) -> str:
        if not self.epochs:
            return "History(0 epochs)"
        last = self.epochs[-1]
        valid = "" if last.validation_loss is None else f", validation loss {last.validation_loss:.4g}"
        return f"History({counted(len(self), 'epoch')}, {self.stopped}, training loss {last.training_loss:.4g}{valid})"

    def column(self, name: str) -> np.ndarray:
        """One number of every epoch, float64 (epochs,), NaN where there is none."""
        values = [getattr(e, name) for e in self.epochs]
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)

    @property
    def training_loss(self) -> np.ndarray:
        """Training loss of every epoch (epochs,)."""
        return self.column("training_loss")

    @property
    def validation_loss(self) -> np.ndarray:
        """Validation loss of every epoch (epochs,), NaN without validation rows."""
        return self.column("validation_loss")

    def rows(self) -> list[dict[str, Any]]:
        """One flat dict an epoch; dead units in a column per hidden layer."""
        result = []
        for record in self.epochs:
            row: dict[str, Any] = {name: getattr(record, name) for name in COLUMNS}
            row |= {f"dead_units_{k}": value for k, value in enumerate(record.dead_units)}
            result.append(row)
        return result

    def to_frame(self) -> pl.DataFrame:
        """A polars frame, one row an epoch."""
        import polars as pl

        return pl.DataFrame(self.rows(), infer_schema_length=None)

    def to_json(self) -> str:
        """JSON text of `to_dict()`; numbers that are not finite become null."""
        return json.dumps(self.to_dict(), sort_keys=True, allow_nan=False)

    def to_csv(self, path: str | PathLike[str] | None = None) -> str:
        """CSV text with a header, one row an epoch; also written to `path`, whole or not at all."""
        rows = self.rows()
        names = list(rows[0]) if rows else list(COLUMNS)
        text = io.StringIO()
        writer = csv.DictWriter(text, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        if path is not None:
            write_text(path, text.getvalue())
        return text.getvalue()
