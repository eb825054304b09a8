"""The model learns something, and the run is recorded."""

import mlflow

from ${{ values.package }}.data import FEATURES, TARGET, load
from ${{ values.package }}.train import EXPERIMENT, train


def test_the_sample_is_complete():
    frame = load(rows=100)
    assert list(frame.columns) == [*FEATURES, TARGET]
    assert not frame.isna().any().any()


def test_the_model_learns_and_the_run_is_recorded(tmp_path):
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/mlflow.db")
    scores = train(rows=1_000, max_depth=4)
    {%- if values.kind == 'classification' %}
    assert scores["auc"] > 0.8
    {%- else %}
    assert scores["r2"] > 0.8
    {%- endif %}
    runs = mlflow.search_runs(experiment_names=[EXPERIMENT])
    assert len(runs) == 1
    assert runs["params.rows"].iloc[0] == "1000"
