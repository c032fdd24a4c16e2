"""The scikit-learn face: estimators for arrays and tables."""
