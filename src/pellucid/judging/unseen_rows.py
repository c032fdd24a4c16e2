"""The rows of a table on which models can be judged: those that none of them has learned from, as far as is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data.read import read
from ..data.table import Table
from ..data.task import class_name
from ..errors import InputError
from ..estimators.decision import AS_IS, Decision
from ..records import Finding, counted
from .card import Card, sealed_mask
from .evaluation import ALL_ROWS, NEW_ROWS, SEALED_ROWS, date_unit_of_model
from .looks import record_look
from .truth import Truth, truth_of


@dataclass(frozen=True, eq=False)
class UnseenRows:
    """Rows to judge models on.

    `inputs` holds a table for each model, all of the same rows (models read cells with their own kinds), `truth` the
    target of these rows. `rows_scored` is "sealed rows", "all rows" or "new rows", as in an `Evaluation`; `looks_at`
    are the fingerprints of the tables whose sealed rows these are.
    """

    inputs: tuple[Table, ...]
    truth: Truth
    rows_scored: str
    looks_at: tuple[str, ...]
    findings: tuple[Finding, ...]

    def count_look(self, what: str) -> int | None:
        """Record that these rows were looked at; the number of the look, None where they are not sealed."""
        looks = [record_look(fingerprint, what) for fingerprint in self.looks_at]
        return max(looks, default=None)


def unseen_rows(
    models: Sequence[Any], names: Sequence[str], source: Any, target: str | None, all_rows: bool
) -> UnseenRows:
    """The rows of `source` that have a target and that no model has learned from; every row with `all_rows`.

    A model knows the table that it was trained on by its fingerprint. `names` name the models in messages. Raises
    `InputError` for models that are not ours, unfitted, of several outputs, of different targets or classes, and when
    no row is left.
    """
    for model, name in zip(models, names):
        check_model(model, name)
    wanted = _target(models, names, target)
    tables = [read(source, kinds=card.kinds if (card := card_of(model)) else None) for model in models]
    truths = [
        truth_of(table[wanted], labels_of(model), date_unit=date_unit_of_model(model, wanted))
        for table, model in zip(tables, models)
    ]
    _check_same_task(models, names, [truth for truth, _ in truths])
    truth, known = truths[0]
    prints = [table.fingerprint() if card_of(model) else "" for model, table in zip(models, tables)]
    learned = [_learned(card_of(model), mark, len(known)) for model, mark in zip(models, prints)]
    fresh = known & ~np.any(learned, axis=0)
    rows = known if all_rows else fresh
    if not rows.any():
        raise InputError(
            f"no row of this table is new to {' and '.join(names)}: all {int(known.sum()):,} rows with a target were "
            "learned from; give a table of new rows, or score all rows, which is optimistic"
        )
    optimistic = [int((mask & rows).sum()) for mask in learned]
    seals = [_seal(card_of(model), mark) for model, mark in zip(models, prints)]
    scored = ALL_ROWS if any(optimistic) else SEALED_ROWS if any(seals) else NEW_ROWS
    inputs = tuple(table.take(rows).drop([wanted]) for table in tables)
    findings = (*_optimistic(names, optimistic, int(rows.sum())), *_other_table(models, names, seals))
    looks = () if scored != SEALED_ROWS else tuple(dict.fromkeys(seal for seal in seals if seal))
    return UnseenRows(inputs, truth.take(rows[known]), scored, looks, findings)


def check_model(model: Any, name: str) -> None:
    """Raise `InputError` unless `model` is a fitted network of ours that predicts one column."""
    from ..estimators.classifier import MLPClassifier
    from ..estimators.regressor import MLPRegressor

    if not isinstance(model, (MLPClassifier, MLPRegressor)) or not hasattr(model, "parameters_"):
        raise InputError(f"{name} must be a fitted MLPClassifier or MLPRegressor, got {type(model).__name__}")
    several = model.multilabel_ if isinstance(model, MLPClassifier) else model.network_.outputs > 1
    if several:
        raise InputError(f"{name} predicts several columns; this takes models of one target column")


def answers_classes(model: Any) -> bool:
    """Whether a fitted model of ours is a classifier; told by what it has, for its class is slow to import."""
    return hasattr(model, "classes_")


def predicted(model: Any, table: Table) -> np.ndarray:
    """Probabilities (rows, classes), or numbers (rows,)."""
    result: np.ndarray = model.predict_proba(table) if answers_classes(model) else model.predict(table)
    return result


def decision_of(model: Any) -> Decision:
    """How a model answers from its probabilities."""
    return model.decision_ if answers_classes(model) else AS_IS


def inputs_of(model: Any) -> tuple[str, ...]:
    """The columns of the table that the network gets."""
    return tuple(step.name for step in model.preparation_.columns)


def labels_of(model: Any) -> tuple[str, ...]:
    """The classes as texts, () for numbers."""
    if not answers_classes(model):
        return ()
    return tuple(
        class_name(label) if isinstance(label, (int, float)) and not isinstance(label, bool) else str(label)
        for label in model.classes_.tolist()
    )


def card_of(model: Any) -> Card | None:
    """The card of a model that `climb` has made, None for others."""
    return getattr(model, "card_", None)


def _target(models: Sequence[Any], names: Sequence[str], target: str | None) -> str:
    own = {name: card.target for model, name in zip(models, names) if (card := card_of(model))}
    if target is None and len(set(own.values())) > 1:
        told = ", ".join(f"{name} predicts {column!r}" for name, column in own.items())
        raise InputError(f"these models cannot be compared: {told}; train both on one target")
    found = target or next(iter(own.values()), None)
    if found is None:
        raise InputError(f"{' and '.join(names)} not trained by climb know no target column; pass target='…'")
    return found


def _check_same_task(models: Sequence[Any], names: Sequence[str], truths: Sequence[Truth]) -> None:
    for model, name, truth in zip(models, names, truths):
        if truth.kind != truths[0].kind:
            raise InputError(
                f"these models cannot be compared: {names[0]} is for {truths[0].kind}, {name} for {truth.kind}"
            )
        if truth.labels != truths[0].labels:
            raise InputError(
                f"these models cannot be compared: the classes of {names[0]} are {', '.join(labels_of(models[0]))}, "
                f"those of {name} {', '.join(labels_of(model))}"
            )


def _learned(card: Card | None, fingerprint: str, rows: int) -> np.ndarray:
    """Which rows of the table with that fingerprint the model has learned from, as far as its card says."""
    if card is None or fingerprint != card.fingerprint:
        return np.zeros(rows, dtype=bool)
    return ~sealed_mask(card)


def _seal(card: Card | None, fingerprint: str) -> str:
    """The table whose sealed rows these are for the model; "" when it does not know the table."""
    if card is None or fingerprint not in (card.fingerprint, card.test_fingerprint):
        return ""
    return card.test_fingerprint or card.fingerprint


def _optimistic(names: Sequence[str], learned: Sequence[int], rows: int) -> tuple[Finding, ...]:
    if not any(learned):
        return ()
    told = " and ".join(f"{name} has learned from {n:,}" for name, n in zip(names, learned) if n)
    return (
        Finding(
            "OPTIMISTIC",
            "warning",
            f"Of the {counted(rows, 'row')} scored, {told}",
            "Scores on rows that were learned from are better than on new ones",
            "Score the sealed rows alone, or a table of new rows",
        ),
    )


def _other_table(models: Sequence[Any], names: Sequence[str], seals: Sequence[str]) -> tuple[Finding, ...]:
    """OTHER_TABLE: one model has sealed these rows, another was trained on some other table that may hold them."""
    if not any(seals) or all(seals):
        return ()
    strangers = [f"{n} ({c.source})" if (c := card_of(m)) else n for m, n, s in zip(models, names, seals) if not s]
    return (
        Finding(
            "OTHER_TABLE",
            "warning",
            f"{' and '.join(strangers)} was trained on another table than this one, and may have learned from its rows",
            "Whether a row was learned from is known for the training table of a model only",
            "Train both models on one table with one seed, or compare them on a table of new rows",
        ),
    )
