"""The simplest model of the field on the same split: what a network has to beat."""

from __future__ import annotations

import warnings

import numpy as np

from core.engine.data import Loaded
from core.engine.judge import Judge
from core.events import Baseline

MOST_ROWS = 5_000
MOST_COLUMNS = 5_000


def baseline(loaded: Loaded, judge: Judge, inputs: tuple[str, ...]) -> Baseline | None:
    """Logistic regression (classes) or linear regression (numbers) on validation; None where neither fits the data.

    More than 5,000 training rows are sampled, so that it takes a second and not minutes; the name says so.
    """
    training, validation = loaded.parts["training"], loaded.parts["validation"]
    target = training[judge.field]
    if not inputs or len(validation[judge.field]) == 0 or judge.field in inputs:
        return None
    rows = np.arange(len(target))
    if len(rows) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(0).permutation(len(rows))[:MOST_ROWS])
    x, x_validation = (
        np.concatenate([part[name].reshape(len(part[name]), -1) for name in inputs], axis=1)
        for part in (training, validation)
    )
    y, y_validation = target[rows], validation[judge.field]
    if x.shape[1] > MOST_COLUMNS or (judge.task != "numbers" and (y.ndim != 1 or len(np.unique(y)) < 2)):
        return None
    some = f" on {MOST_ROWS:,} rows" if len(rows) < len(target) else ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # not converged after 300 rounds is good enough for a mark on the wall
        if judge.task == "numbers":
            from sklearn.linear_model import LinearRegression

            score = (
                LinearRegression()
                .fit(x[rows], y.reshape(len(y), -1))
                .score(x_validation, y_validation.reshape(len(y_validation), -1))
            )
            return Baseline(f"Linear regression{some}", "validation_r2", float(score))
        from sklearn.linear_model import LogisticRegression

        score = LogisticRegression(max_iter=300).fit(x[rows], y).score(x_validation, y_validation)
        return Baseline(f"Logistic regression{some}", "validation_accuracy", float(score))
