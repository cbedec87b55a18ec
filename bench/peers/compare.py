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
from cell import KINDS, measure
from results import Results, table
from worker import HERE, SIDES, Failed

GRID = {"columns": "2,6,11,43,63", "batches": "64,512,4096", "threads": "1,2"}
SIZE = {"layers": 5, "hidden": 64, "blocks": 2, "bins": 8, "learning_rate": 1e-3}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    add = parser.add_argument
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
    add("--check-steps", type=int, default=300)
    add("--count-tolerance", type=float, default=0.01)
    add("--loss-tolerance", type=float, default=0.1, help="of the gain over a normal density")
    add("--venv-torch", default=HERE / ".venv-torch")
    add("--venv-jax", default=HERE / ".venv-jax")
    add("--java-opts", default="", help="more options for our JVM")
    add("--peer-malloc", action="store_true", help="the peers get our start script's malloc too")
    add("--no-pin", action="store_true", help="processes may use more cores than threads")
    for name, value in SIZE.items():
        add("--" + name.replace("_", "-"), type=type(value), default=value)
    options = parser.parse_args()
    if options.grid:
        vars(options).update(GRID, peers=options.peers + ",thalweg")
    options.kinds = tuple(options.kinds.split(","))
    unknown = set(options.peers.split(",")) - set(SIDES)
    if unknown:
        parser.error(f"there is no peer {sorted(unknown)}; there are {', '.join(SIDES)}")
    return options


def cells(options):
    """The cells that make sense, the common ones first."""
    product = itertools.product(
        numbers(options.threads),
        numbers(options.batches),
        numbers(options.columns),
        options.peers.split(","),
        options.univariates.split(","),
        options.conditioners.split(","),
    )
    for threads, batch, columns, peer, univariate, conditioner in product:
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
    path = folder / f"columns{cell['columns']}-seed{cell['seed']}.f32"
    if not path.exists():
        data.write(path, cell["columns"], cell["seed"])
    return {
        "columns": cell["columns"],
        "batch": cell["batch"],
        "seed": cell["seed"],
        "data": str(path),
        "train_rows": data.TRAIN_ROWS,
        "test_rows": data.TEST_ROWS,
        **{name: getattr(options, name) for name in SIZE},
    }


def commit():
    git = ["git", "-C", str(HERE), "describe", "--always", "--dirty", "--abbrev=10"]
    return subprocess.run(git, capture_output=True, text=True).stdout.strip()


def run(cell, options, results, blocks):
    todo = [k for k in options.kinds if options.again or results.status({**cell, "kind": k}) != "done"]
    if not todo:
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
    except Failed as failure:
        say(f"  failed: {failure}")
        for kind in set(todo) - done:
            facts = {**common, "status": f"failed: {str(failure)[:200]}"}
            results.put({**cell, "kind": kind}, facts)
    results.save()


def say(line):
    print(line, file=sys.stderr, flush=True)


def main():
    options = arguments()
    results = Results(options.out)
    wanted = list(cells(options))
    for cell in wanted:
        for kind in options.kinds:
            results.owe({**cell, "kind": kind})
    if not options.table:
        results.save()
        with open(options.out.with_suffix(".blocks.csv"), "a", newline="") as file:
            blocks = csv.writer(file)
            for cell in wanted:
                run(cell, options, results, blocks)
                file.flush()
    rows = [results.get({**cell, "kind": kind}) for cell in wanted for kind in options.kinds]
    print(table(rows))
    owed = sum(row["status"] != "done" for row in rows)
    if owed:
        say(f"{owed} of {len(rows)} rows are owed or failed; the same command goes on with them.")


if __name__ == "__main__":
    main()
