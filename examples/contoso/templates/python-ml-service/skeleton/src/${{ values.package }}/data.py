"""What the model learns from."""

import numpy as np
import pandas as pd

FEATURES = ["weekday", "temperature", "campaign"]
TARGET = "target"


def load(rows: int = 5_000, seed: int = 0) -> pd.DataFrame:
    """A sample that is made up. Put your own data here; keep the names of the columns above."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "weekday": random.integers(0, 7, rows),
            "temperature": random.normal(12, 8, rows),
            "campaign": random.integers(0, 2, rows),
        }
    )
    noise = random.normal(0, 2, rows)
    value = 20 + 3 * frame["weekday"] + 0.5 * frame["temperature"] + 10 * frame["campaign"] + noise
    {%- if values.kind == 'classification' %}
    frame[TARGET] = (value > value.median()).astype(int)
    {%- else %}
    frame[TARGET] = value
    {%- endif %}
    return frame
