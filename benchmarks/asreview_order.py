"""ASReview's own current model on papers and splits given as JSON; run by the Python of `.venv-benchmark`.

`scripts/triage.py simulate` starts it, so that ASReview reads the same papers with the same labels in the same run,
through its own classes and in its own environment (its pandas is another than ours).
"""

import json
import sys

import numpy as np
import pandas as pd
from asreview import __version__
from asreview.learner import ActiveLearningCycle
from asreview.models.models import get_ai_config
from asreview.simulation.simulate import Simulate


def order(frame, labels, prior, pool, seed):
    """Places of the pool in the order in which ASReview asks for them; what it leaves unread comes last."""
    np.random.seed(seed)
    places = [*prior, *pool]
    cycle = ActiveLearningCycle.from_meta(get_ai_config()["value"])
    chosen = [labels[place] for place in places]
    replay = Simulate(frame.iloc[places].reset_index(drop=True), chosen, [cycle], print_progress=False)
    replay.label(list(range(len(prior))))
    replay.review()
    asked = [places[number] for number in replay._results["record_id"].tolist()[len(prior) :]]
    return asked + sorted(set(pool) - set(asked))


def main():
    given = json.load(sys.stdin)
    frame = pd.DataFrame({"title": given["titles"], "abstract": given["abstracts"]})
    labels = [int(label) for label in given["included"]]
    orders = [order(frame, labels, s["prior"], s["pool"], number) for number, s in enumerate(given["splits"])]
    json.dump({"version": __version__, "model": get_ai_config()["label"], "orders": orders}, sys.stdout)


if __name__ == "__main__":
    main()
