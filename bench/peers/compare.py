#!/usr/bin/env python3
"""Runs the same work in Thalweg and in other libraries, in turn, and prints ratios of speed.

A ratio is the peer's time over ours: above 1, ours is faster. Every cell first fits the same rows
on both sides and compares the numbers of parameters and the log-densities of other rows. See
bench/README.md. Needs the standard library only; the peers live in environments of their own.
"""

import argparse
import csv
import datetime
import itertools
import os
import subprocess
import sys
import time
from pathlib import Path

import data
import device
from cell import KINDS, measure
from results import Results, table
from worker import HERE, SIDES, Failed, TimeOver, Unavailable

GRID = {"columns": "2,6,11,43,63", "batches": "64,512,4096", "threads": "1,2"}
# What else is usual where a GPU is measured: short blocks, and what can be done in a sitting.
GPU = {
    "peers": "nflows,zuko,flowjax",
    "columns": "6",
    "batches": "4096,512,65536",
    "kinds": "train,score",
    "out": HERE.parent / "results" / "peers-gpu.csv",
    "pairs": 5,
    "block_seconds": 0.3,
    "warmup": 1.0,
    "budget": 10.0,
    "check_steps": 200,
    "seconds": 440.0,
    "no_pin": True,
}
SIZE = {"layers": 5, "hidden": 64, "blocks": 2, "bins": 8, "learning_rate": 1e-3}


def arguments():
    first = argparse.ArgumentParser(add_help=False)
    first.add_argument("--engine", default="cpu", choices=("cpu", "gpu"), help="ours; gpu: " + str(GPU))
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0], parents=[first])
    add = parser.add_argument
    add("--simulate", action="store_true", help="with --engine gpu, without a GPU: to try it")
    add("--peers", default="nflows,zuko,normflows,flowjax", help=", ".join(SIDES))
    add("--conditioners", default="autoregressive,coupling")
    add("--univariates", default="rational-quadratic,affine")
    add("--columns", default="6,43")
    add("--batches", default="512")
    add("--threads", default="1")
    add("--kinds", default=",".join(KINDS))
    add("--grid", action="store_true", help=f"all of {GRID}, and ours on 2 threads against 1")
    add("--seed", type=int, default=1)
    add("--out", type=Path, default=HERE.parent / "results" / "peers.csv")
    add("--again", action="store_true", help="also what the table has already")
    add("--table", action="store_true", help="run nothing, print the table")
    add("--pairs", type=int, default=9, help="pairs of blocks for each kind of work")
    add("--least-pairs", type=int, default=3, help="pairs even where the budget is spent")
    add("--block-seconds", type=float, default=1.0)
    add("--warmup", type=float, default=10.0, help="seconds for each side and kind of work")
    add("--budget", type=float, default=60.0, help="seconds for the pairs of a kind of work")
    add("--seconds", type=float, default=float("inf"), help="no cell begins after these")
    add("--check-steps", type=int, default=300)
    add("--count-tolerance", type=float, default=0.01)
    add("--loss-tolerance", type=float, default=0.1, help="of the gain over a normal density")
    add("--venv-torch", default=HERE / ".venv-torch", help="a virtual environment, or a Python")
    add("--venv-jax", default=HERE / ".venv-jax")
    add("--java-opts", default="", help="more options for our JVM")
    add("--peer-malloc", action="store_true", help="the peers get our start script's malloc too")
    add("--no-pin", action="store_true", help="processes may use more cores than threads")
    for name, value in SIZE.items():
        add("--" + name.replace("_", "-"), type=type(value), default=value)
    if first.parse_known_args()[0].engine == "gpu":
        parser.set_defaults(**GPU)
    options = parser.parse_args()
    if options.simulate and options.engine != "gpu":
        parser.error("--simulate is of --engine gpu")
    options.deadline = time.monotonic() + options.seconds
    if options.grid:
        vars(options).update(GRID, peers=options.peers + ",thalweg")
    options.kinds = tuple(options.kinds.split(","))
    unknown = set(options.peers.split(",")) - set(SIDES)
    if unknown:
        parser.error(f"there is no peer {sorted(unknown)}; there are {', '.join(SIDES)}")
    return options


def cells(options):
    """The cells that make sense, the common ones first; on a GPU, those that matter most."""
    wanted = list(product(options))
    if options.engine == "cpu":
        return wanted
    card = "simulated" if options.simulate else device.card()
    known = options.univariates.split(",")
    wanted.sort(key=lambda cell: (cell["batch"] > 4096, known.index(cell["univariate"])))
    return [{"card": card, **cell} for cell in wanted]


def product(options):
    combinations = itertools.product(
        numbers(options.threads),
        numbers(options.batches),
        numbers(options.columns),
        options.peers.split(","),
        options.univariates.split(","),
        options.conditioners.split(","),
    )
    for threads, batch, columns, peer, univariate, conditioner in combinations:
        if peer == "thalweg" and threads == 1:
            continue
        yield {
            "peer": peer,
            "conditioner": conditioner,
            "univariate": univariate,
            "columns": columns,
            "batch": batch,
            "threads": threads,
            "seed": options.seed,
        }


def numbers(text):
    return [int(part) for part in text.split(",")]


def job(cell, options):
    folder = HERE / ".data"
    folder.mkdir(exist_ok=True)
    # More where a batch is larger than what the others need.
    train, test = max(data.TRAIN_ROWS, 2 * cell["batch"]), max(data.TEST_ROWS, cell["batch"])
    more = "" if train == data.TRAIN_ROWS else f"-rows{train}"
    path = folder / f"columns{cell['columns']}-seed{cell['seed']}{more}.f32"
    if not path.exists():
        data.write(path, cell["columns"], cell["seed"], train + test)
    return {
        "columns": cell["columns"],
        "batch": cell["batch"],
        "seed": cell["seed"],
        "data": str(path),
        "train_rows": train,
        "test_rows": test,
        "engine": options.engine,
        "device": "cuda" if options.engine == "gpu" and not options.simulate else "cpu",
        **{name: getattr(options, name) for name in SIZE},
    }


def commit():
    packed = HERE / "commit"
    if packed.exists():
        return packed.read_text().strip()
    git = ["git", "-C", str(HERE), "describe", "--always", "--dirty", "--abbrev=10"]
    return subprocess.run(git, capture_output=True, text=True).stdout.strip()


def run(cell, options, results, blocks):
    todo = [k for k in options.kinds if options.again or results.status({**cell, "kind": k}) != "done"]
    if not todo or time.monotonic() > options.deadline:
        return
    say(" ".join(f"{value}" for value in cell.values()))
    mine = argparse.Namespace(**{**vars(options), "kinds": tuple(todo)})
    common = {
        "when": datetime.datetime.now().isoformat(timespec="seconds"),
        "load": os.getloadavg()[0],
        "commit": commit(),
    }
    done, start = set(), time.perf_counter()
    try:
        for kind, facts, pairs in measure(cell, job(cell, options), mine, say):
            row = {**cell, "kind": kind}
            taken = time.perf_counter() - start
            results.put(row, {**facts, **common, "status": "done", "seconds": taken})
            for ours, theirs in pairs:
                blocks.writerow([*row.values(), *ours.values(), *theirs.values(), common["when"]])
            say(f"  {kind}: {facts['ratio']:.3g} [{facts['ratio_low']:.3g}, {facts['ratio_high']:.3g}]")
            done.add(kind)
            results.save()
    except TimeOver as over:
        say(f"  {over}")
    except Failed as failure:
        if options.engine == "gpu" and isinstance(failure, Unavailable):
            raise
        say(f"  failed: {failure}")
        for kind in set(todo) - done:
            reason = " ".join(str(failure)[:200].split())
            facts = {**common, "status": f"failed: {reason}"}
            results.put({**cell, "kind": kind}, facts)
    results.save()


def say(line):
    print(line, file=sys.stderr, flush=True)


def run_all(wanted, options, results, blocks):
    """What cannot be used here is left out and owed; without our own side there is nothing."""
    left_out = {}
    for cell in wanted:
        if cell["peer"] in left_out:
            continue
        try:
            run(cell, options, results, blocks)
        except Unavailable as reason:
            if reason.name == "thalweg":
                sys.exit(f"Nothing can be measured: {reason}")
            left_out[reason.name] = reason
            say(f"  {reason.name} is left out: {reason}")
    for name, reason in left_out.items():
        say(f"Left out: {name}. {reason}")


def main():
    options = arguments()
    results = Results(options.out, options.engine)
    wanted = list(cells(options))
    for cell in wanted:
        for kind in options.kinds:
            results.owe({**cell, "kind": kind})
    if not options.table:
        results.save()
        with open(options.out.with_suffix(".blocks.csv"), "a", newline="", buffering=1) as file:
            run_all(wanted, options, results, csv.writer(file))
    rows = [results.get({**cell, "kind": kind}) for cell in wanted for kind in options.kinds]
    if options.engine == "gpu":
        print("Simulated: no figures of a GPU.\n" if options.simulate else f"{device.card()}\n")
    print(table(rows))
    owed = sum(row["status"] != "done" for row in rows)
    if owed:
        say(f"{owed} of {len(rows)} rows are owed or failed; the same command goes on with them.")


if __name__ == "__main__":
    main()
