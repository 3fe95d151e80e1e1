"""What the rivals are fitted with: logit and linear regression on standardised columns, and boosted trees as a bound."""

from __future__ import annotations

from contextlib import AbstractContextManager

import numpy as np
import pandas as pd

from sim.data.public import DataError

PENALTY = 100.0
"""Inverse strength of the ridge of a logit, on standardised columns: almost none."""


def require() -> None:
    """Raises: DataError where the libraries of the hindcast are not installed."""
    try:
        import scoringrules  # noqa: F401
        import sklearn  # noqa: F401
    except ImportError as error:
        raise DataError(
            f"the hindcast needs scikit-learn and scoringrules ({error}); install them: pip install 'entente-sim[hindcast]'"
        ) from error


def _scaled(train: pd.DataFrame, test: pd.DataFrame, columns: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    known, asked = (table[list(columns)].to_numpy(float) for table in (train, test))
    mean, spread = known.mean(axis=0), known.std(axis=0) + 1e-9
    return (known - mean) / spread, (asked - mean) / spread


def odds(
    train: pd.DataFrame, y: np.ndarray, test: pd.DataFrame, columns: tuple[str, ...], penalty: float = PENALTY
) -> np.ndarray:
    """Probabilities by a logit of ``y`` on columns of ``train``, for the rows of ``test``; shape (len(test),)."""
    from sklearn.linear_model import LogisticRegression

    known, asked = _scaled(train, test, columns)
    fitted = LogisticRegression(C=penalty, solver="newton-cholesky", max_iter=80).fit(known, y)
    return fitted.predict_proba(asked)[:, 1]


def line(train: pd.DataFrame, y: np.ndarray, test: pd.DataFrame, columns: tuple[str, ...]) -> tuple[np.ndarray, float]:
    """Least squares of ``y`` on columns of ``train``: predictions for ``test``, and the residuals' standard deviation."""
    from sklearn.linear_model import LinearRegression

    known, asked = _scaled(train, test, columns)
    fitted = LinearRegression().fit(known, y)
    return fitted.predict(asked), float((fitted.predict(known) - y).std())


def boosted_odds(train: pd.DataFrame, y: np.ndarray, test: pd.DataFrame, columns: tuple[str, ...]) -> np.ndarray:
    """Probabilities by boosted trees: what all that is known can give at most."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    fitted = HistGradientBoostingClassifier(
        max_iter=80, learning_rate=0.06, max_leaf_nodes=15, l2_regularization=5.0, early_stopping=False, random_state=1
    )
    with _one_thread():
        fitted.fit(train[list(columns)].to_numpy(float), y)
        return fitted.predict_proba(test[list(columns)].to_numpy(float))[:, 1]


def boosted_value(train: pd.DataFrame, y: np.ndarray, test: pd.DataFrame, columns: tuple[str, ...]) -> np.ndarray:
    """Values by boosted trees."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    fitted = HistGradientBoostingRegressor(
        max_iter=120, learning_rate=0.06, max_leaf_nodes=15, l2_regularization=5.0, early_stopping=False, random_state=1
    )
    with _one_thread():
        fitted.fit(train[list(columns)].to_numpy(float), y)
        return fitted.predict(test[list(columns)].to_numpy(float))


def _one_thread() -> AbstractContextManager:
    """Trees in one thread: the same sums in the same order on every machine, and no waiting where cores are shared."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)
