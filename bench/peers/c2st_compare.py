#!/usr/bin/env python3
"""The two-sample test of org.thalweg.sbi.metric.C2st against scikit-learn's.

The same files of draws on both sides: halves of a published reference posterior, and one half made
wrong on purpose by noise. scikit-learn's is called as sbibm 1.1.0 does: MLPClassifier of two hidden
layers of 10 D units, max_iter 10000, five shuffled folds, columns standardised by the first half.

    c2st_compare.py --python .venv-sbi/bin/python --tasks two_moons slcp --rows 2000 --seeds 3
"""

import argparse
import json
import pathlib
import statistics
import sys
import tempfile
import time


def reference(x, y, seed):
    import numpy as np
    from sklearn.model_selection import KFold, cross_val_score
    from sklearn.neural_network import MLPClassifier

    x, y = (np.loadtxt(f, delimiter=",", ndmin=2).astype(np.float32) for f in (x, y))
    start, processor = time.time(), time.process_time()
    mean, deviation = x.mean(0), x.std(0, ddof=1)
    rows = np.concatenate([(x - mean) / deviation, (y - mean) / deviation])
    target = np.concatenate([np.zeros(len(x)), np.ones(len(y))])
    units = 10 * x.shape[1]
    net = MLPClassifier(
        activation="relu",
        hidden_layer_sizes=(units, units),
        max_iter=10000,
        solver="adam",
        random_state=seed,
    )
    folds = KFold(n_splits=5, shuffle=True, random_state=seed)
    score = cross_val_score(net, rows, target, cv=folds, scoring="accuracy").mean()
    return {
        "c2st": float(score),
        "seconds": time.time() - start,
        "processor_seconds": time.process_time() - processor,
    }


def draws(task, observation, rows, noise, directory):
    """Two files: a half of the reference, and as many other rows with noise of so many s.d."""
    import gzip
    import random

    from sbi_ours import data

    path = data() / task / f"num_observation_{observation}" / "reference_posterior_samples.csv.gz"
    with gzip.open(path, "rt") as lines:
        table = [list(map(float, line.split(","))) for line in list(lines)[1 : 2 * rows + 1]]
    columns = list(zip(*table))
    scales = [statistics.pstdev(column) for column in columns]
    generator = random.Random(1)
    first, second = table[:rows], table[rows:]
    second = [
        [v + noise * s * generator.gauss(0, 1) for v, s in zip(row, scales)] for row in second
    ]
    out = []
    for name, part in (("x.csv", first), ("y.csv", second)):
        out.append(directory / name)
        out[-1].write_text("".join(",".join(map(repr, row)) + "\n" for row in part))
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default="python3", help="a Python with scikit-learn")
    parser.add_argument("--tasks", nargs="+", default=["two_moons", "slcp"])
    parser.add_argument("--noise", nargs="+", type=float, default=[0.0, 0.3])
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--reference", nargs=3, metavar=("X", "Y", "SEED"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.reference:
        x, y, seed = given.reference
        print(json.dumps(reference(x, y, int(seed))))
        return
    from sbi_ours import environment, ours, run

    print("| task | noise, s.d. | rows | ours | scikit-learn | difference ± s.e. | time, theirs / ours |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for task in given.tasks:
        for noise in given.noise:
            with tempfile.TemporaryDirectory() as folder:
                x, y = draws(task, 1, given.rows, noise, pathlib.Path(folder))
                pairs = []
                for seed in range(1, given.seeds + 1):
                    theirs = run(
                        [given.python, __file__, "--reference", str(x), str(y), str(seed)],
                        environment(1),
                    )
                    pairs.append((ours("c2st", x, y, seed, 1), theirs))
            a, b = ([p[side]["c2st"] for p in pairs] for side in (0, 1))
            differences = [p - q for p, q in zip(a, b)]
            error = statistics.stdev(differences) / len(differences) ** 0.5 if len(a) > 1 else 0
            ratio = statistics.median(
                p[1]["processor_seconds"] / p[0]["processor_seconds"] for p in pairs
            )
            print(
                f"| {task} | {noise} | {given.rows} | {statistics.mean(a):.4f} |"
                f" {statistics.mean(b):.4f} | {statistics.mean(differences):+.4f} ± {error:.4f} |"
                f" {ratio:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    sys.exit(main())
