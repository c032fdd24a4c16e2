"""The card of a model that a ladder has chosen."""

from __future__ import annotations

from typing import Any

from ..data.table import Table
from ..records import Finding, plain
from .card import Card, pack_rows, versions
from .evaluation import Evaluation
from .rungs import Knobs, base_of
from .scoring import Rung
from .seal import SealedTable


def card_of_run(
    table: Table,
    sealed: SealedTable,
    model: Any,
    knobs: Knobs,
    chosen: Rung,
    seed: int,
    test: Evaluation,
    findings: tuple[Finding, ...],
) -> Card:
    """Everything that the model file says about its training."""
    truth = sealed.training_truth
    aside = {c.name: c.reason for c in table if c.role != "input" and c.name not in (truth.name, *knobs.network_inputs)}
    return Card(
        target=truth.name,
        task=truth.kind,
        labels=truth.labels,
        source=table.source,
        fingerprint=sealed.fingerprint,
        rows=len(table),
        rows_without_target=sealed.left_out,
        training_rows=len(truth.values),
        sealed=pack_rows(sealed.mask),
        split_rule=sealed.rule,
        seed=seed,
        engine=model.history_.engine,
        rung=chosen.name,
        epochs=model.history_.kept_epoch,
        inputs=knobs.network_inputs,
        identifiers=tuple(
            c.name for c in table if c.role == "identifier" and c.name not in (truth.name, *knobs.network_inputs)
        ),
        set_aside={**aside, **sealed.apart, **dict(model.preparation_.set_aside)},
        scores=tuple(plain(score) for score in test.scores),
        look=test.look,
        findings=tuple(plain(finding) for finding in findings),
        versions=versions(),
        kinds={c.name: c.asked for c in table if c.asked},
        test_fingerprint="" if sealed.looks_at == sealed.fingerprint else sealed.looks_at,
        base=tuple(base_of(truth).tolist()),
        date_unit=truth.date_unit,
    )
