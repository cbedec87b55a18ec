#!/usr/bin/env python3
"""Neural posterior estimation end to end, ours and sbi's, in turn on the same cores.

From the first simulation to the last of 10,000 draws, with the defaults of each side; what a
process needs to start is on neither side's clock (ours counts the loading of libtorch). C2ST
against the published reference posterior is ours for both. A ratio is the peer's time over ours.

    sbi_compare.py --python .venv-sbi/bin/python --tasks two_moons slcp --estimators maf nsf
"""

import argparse
import csv
import gzip
import os
import pathlib
import shutil
import statistics
import tempfile
import time

from sbi_ours import BENCH, data, environment, ours, run

HERE = pathlib.Path(__file__).resolve().parent
COLUMNS = [
    "task", "method", "estimator", "simulations", "observation", "seed", "threads",
    "seconds", "peer_seconds", "processor_seconds", "peer_processor_seconds",
    "c2st", "peer_c2st", "when",
]  # fmt: skip


def executable(name):
    return shutil.which(name) and os.path.abspath(shutil.which(name)) or name


def reference(folder, task, observation):
    path = data() / task / f"num_observation_{observation}" / "reference_posterior_samples.csv.gz"
    out = pathlib.Path(folder) / "reference.csv"
    with gzip.open(path, "rt") as lines:
        next(lines)
        out.write_text("".join(lines))
    return out


def pair(given, task, estimator, seed, folder):
    observation = (data() / task / f"num_observation_{given.observation}/observation.csv").resolve()
    mine, theirs = (pathlib.Path(folder) / name for name in ("ours.csv", "theirs.csv"))

    def us():
        arguments = [task, "npe", given.simulations, given.observation, seed, given.threads, mine]
        return ours("infer", *arguments)

    def them():
        arguments = [task, observation, given.simulations, estimator, seed, given.threads, theirs]
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
        "simulations": given.simulations,
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
    }


def table(rows):
    print("| task | peer's estimator | pairs | seconds | peer's | ratio | by processor time | C2ST | peer's |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for key in dict.fromkeys((r["task"], r["estimator"]) for r in rows):
        some = [r for r in rows if (r["task"], r["estimator"]) == key]

        def middle(column, over=None):
            return statistics.median(
                float(r[column]) / (float(r[over]) if over else 1) for r in some
            )

        ratios = [float(r["peer_seconds"]) / float(r["seconds"]) for r in some]
        print(
            f"| {key[0]} | {key[1]} | {len(some)} | {middle('seconds'):.1f} |"
            f" {middle('peer_seconds'):.1f} | {statistics.median(ratios):.2f}"
            f" ({min(ratios):.2f} to {max(ratios):.2f}) |"
            f" {middle('peer_processor_seconds', 'processor_seconds'):.2f} |"
            f" {middle('c2st'):.3f} | {middle('peer_c2st'):.3f} |"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default="python3", type=executable, help="a Python with sbi")
    parser.add_argument("--tasks", nargs="+", default=["two_moons", "slcp"])
    parser.add_argument("--estimators", nargs="+", default=["maf", "nsf"])
    parser.add_argument("--simulations", type=int, default=10_000)
    parser.add_argument("--observation", type=int, default=1)
    parser.add_argument("--pairs", type=int, default=2)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path, default=BENCH / "results" / "sbi-peers.csv")
    parser.add_argument("--table", action="store_true", help="runs nothing: what there is")
    given = parser.parse_args()
    rows = list(csv.DictReader(given.out.open())) if given.out.exists() else []
    if given.table:
        table(rows)
        return
    for task in given.tasks:
        for estimator in given.estimators:
            for seed in range(1, given.pairs + 1):
                own = (task, estimator, given.simulations, given.observation, seed, given.threads)
                names = ("task", "estimator", "simulations", "observation", "seed", "threads")
                if any(tuple(r[n] for n in names) == tuple(map(str, own)) for r in rows):
                    continue
                with tempfile.TemporaryDirectory() as folder:
                    rows.append(
                        {k: str(v) for k, v in pair(given, task, estimator, seed, folder).items()}
                    )
                with given.out.open("w", newline="") as file:
                    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
                    writer.writeheader()
                    writer.writerows(rows)
    table(rows)


if __name__ == "__main__":
    main()
