#!/usr/bin/env python3
"""Neural posterior estimation end to end, ours and sbi's, in turn on the same cores.

From the first simulation to the last of 10,000 draws: the same task, prior, number of simulations
and of draws, an affine flow beside sbi's maf and a spline flow beside its nsf, and else the defaults
of each side. What a process needs to start is on neither side's clock; ours counts the loading of
libtorch. Checks of calibration and prediction, which the peer does not have, are on neither: ours are
made when a posterior is asked for them. C2ST against
the published reference posterior is by the same routine, ours, and on no clock. A ratio is the
peer's time over ours.

    sbi_compare.py --python .venv-sbi/bin/python --tasks two_moons slcp --simulations 1000 10000
"""

import argparse
import csv
import gzip
import itertools
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from sbi_ours import BENCH, data, environment, ours, run

HERE = pathlib.Path(__file__).resolve().parent
COLUMNS = [
    "task", "method", "estimator", "simulations", "observation", "seed", "threads",
    "seconds", "peer_seconds", "processor_seconds", "peer_processor_seconds",
    "c2st", "peer_c2st", "when", "options",
]  # fmt: skip

# Our flow beside the peer's of that name, five transforms each. The peer's nets have two layers of 50
# units and two residual blocks; one residual block of ours has two layers.
OURS = {
    "maf": ["density=maf", "density.hidden=50", "density.blocks=1"],
    "nsf": ["density=nsf-ar", "density.hidden=50", "density.blocks=2"],
}


def executable(name):
    return shutil.which(name) and os.path.abspath(shutil.which(name)) or name


def reference(folder, task, observation):
    path = data() / task / f"num_observation_{observation}" / "reference_posterior_samples.csv.gz"
    out = pathlib.Path(folder) / "reference.csv"
    with gzip.open(path, "rt") as lines:
        next(lines)
        out.write_text("".join(lines))
    return out


def pair(given, task, estimator, simulations, seed, folder):
    observation = (data() / task / f"num_observation_{given.observation}/observation.csv").resolve()
    mine, theirs = (pathlib.Path(folder) / name for name in ("ours.csv", "theirs.csv"))

    def us():
        arguments = [task, "npe", simulations, given.observation, seed, given.threads, mine]
        return ours("infer", *arguments, *OURS[estimator])

    def them():
        arguments = [task, observation, simulations, estimator, seed, given.threads, theirs]
        command = [given.python, HERE / "sbi_npe.py", *arguments]
        # sbi writes a log of its own to where it runs.
        return run(list(map(str, command)), environment(given.threads), folder)

    # Who begins alternates.
    if seed % 2:
        a, b = us(), them()
    else:
        b, a = them(), us()
    truth = reference(folder, task, given.observation)
    return {
        "task": task,
        "method": "npe",
        "estimator": estimator,
        "simulations": simulations,
        "observation": given.observation,
        "seed": seed,
        "threads": given.threads,
        "seconds": a["seconds"],
        "peer_seconds": b["seconds"],
        "processor_seconds": a["processor_seconds"],
        "peer_processor_seconds": b["processor_seconds"],
        "c2st": ours("c2st", truth, mine, 1, given.threads)["c2st"],
        "peer_c2st": ours("c2st", truth, theirs, 1, given.threads)["c2st"],
        "when": time.strftime("%Y-%m-%dT%H:%M:%S"),
        "options": " ".join(OURS[estimator]),
    }


def table(rows):
    print(
        "| task | simulations | flow, peer's | flow, ours | threads | pairs | seconds | peer's | ratio |"
        " by processor time | C2ST | peer's |"
    )
    print(
        "| --- | ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    )
    kinds = ("task", "simulations", "estimator", "options", "threads")
    for key in dict.fromkeys(tuple(r[k] for k in kinds) for r in rows):
        some = [r for r in rows if tuple(r[k] for k in kinds) == key]

        def middle(column, over=None):
            return statistics.median(
                float(r[column]) / (float(r[over]) if over else 1) for r in some
            )

        ratios = [float(r["peer_seconds"]) / float(r["seconds"]) for r in some]
        print(
            f"| {' | '.join(key)} | {len(some)} | {middle('seconds'):.1f} |"
            f" {middle('peer_seconds'):.1f} | {statistics.median(ratios):.2f}"
            f" ({min(ratios):.2f} to {max(ratios):.2f}) |"
            f" {middle('peer_processor_seconds', 'processor_seconds'):.2f} |"
            f" {middle('c2st'):.3f} | {middle('peer_c2st'):.3f} |"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default="python3", type=executable, help="a Python with sbi")
    parser.add_argument("--tasks", nargs="+", default=["two_moons", "slcp"])
    parser.add_argument("--estimators", nargs="+", default=list(OURS), choices=list(OURS))
    parser.add_argument("--simulations", nargs="+", type=int, default=[10_000])
    parser.add_argument("--observation", type=int, default=1)
    parser.add_argument("--pairs", type=int, default=2)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path, default=BENCH / "results" / "sbi-peers.csv")
    parser.add_argument("--table", action="store_true", help="runs nothing: what there is")
    given = parser.parse_args()
    rows = list(csv.DictReader(given.out.open())) if given.out.exists() else []
    if given.table:
        table(rows)
        return 0
    failures = 0
    cells = itertools.product(
        sorted(given.simulations), given.tasks, given.estimators, range(1, given.pairs + 1)
    )
    for simulations, task, estimator, seed in cells:
        own = (task, estimator, simulations, given.observation, seed, given.threads)
        names = ("task", "estimator", "simulations", "observation", "seed", "threads")
        options = " ".join(OURS[estimator])
        if any(
            tuple(r[n] for n in names) == tuple(map(str, own)) and r["options"] == options
            for r in rows
        ):
            continue
        try:
            with tempfile.TemporaryDirectory() as folder:
                row = pair(given, task, estimator, simulations, seed, folder)
        except subprocess.CalledProcessError as failure:
            # The next pair may do better, and this one is tried again by the next call.
            print(f"{' '.join(map(str, own))} failed: {failure}", file=sys.stderr)
            failures += 1
            continue
        rows.append({k: str(v) for k, v in row.items()})
        with given.out.open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    table(rows)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
