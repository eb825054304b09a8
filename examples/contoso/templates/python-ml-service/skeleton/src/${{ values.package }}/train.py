"""Trains the model, and records the run in MLflow: parameters, scores and the model itself."""

import argparse

import mlflow
{%- if values.kind == 'classification' %}
from sklearn.ensemble import HistGradientBoostingClassifier as Model
from sklearn.metrics import accuracy_score, roc_auc_score
{%- else %}
from sklearn.ensemble import HistGradientBoostingRegressor as Model
from sklearn.metrics import mean_absolute_error, r2_score
{%- endif %}
from sklearn.model_selection import train_test_split

from ${{ values.package }}.data import FEATURES, TARGET, load

EXPERIMENT = "${{ values.name }}"


def train(rows: int, max_depth: int, seed: int = 0) -> dict[str, float]:
    """Trains once and gives the scores on data that the model has not seen."""
    frame = load(rows, seed)
    seen, unseen = train_test_split(frame, test_size=0.2, random_state=seed)
    mlflow.set_experiment(EXPERIMENT)
    with mlflow.start_run():
        mlflow.log_params({"rows": rows, "max_depth": max_depth, "seed": seed})
        model = Model(max_depth=max_depth, random_state=seed)
        model.fit(seen[FEATURES], seen[TARGET])
        {%- if values.kind == 'classification' %}
        chances = model.predict_proba(unseen[FEATURES])[:, 1]
        scores = {
            "accuracy": float(accuracy_score(unseen[TARGET], chances > 0.5)),
            "auc": float(roc_auc_score(unseen[TARGET], chances)),
        }
        {%- else %}
        predicted = model.predict(unseen[FEATURES])
        scores = {
            "mae": float(mean_absolute_error(unseen[TARGET], predicted)),
            "r2": float(r2_score(unseen[TARGET], predicted)),
        }
        {%- endif %}
        mlflow.log_metrics(scores)
        mlflow.sklearn.log_model(model, name="model", input_example=seen[FEATURES].head(3))
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000, help="how much of the sample")
    parser.add_argument("--max-depth", type=int, default=4, help="of each tree")
    parser.add_argument("--tracking-uri", help="of MLflow; in Azure it is there already")
    arguments = parser.parse_args()
    if arguments.tracking_uri:
        mlflow.set_tracking_uri(arguments.tracking_uri)
    for name, score in train(arguments.rows, arguments.max_depth).items():
        print(f"{name}: {score:.3f}")


if __name__ == "__main__":
    main()
