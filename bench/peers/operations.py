#!/usr/bin/env python3
"""Counts the operations of a training step, ours on the way of a device and those of the peers on
PyTorch, by the same rule (Launches.java), and writes operations.csv beside compare.py's results.

Takes compare.py's options; without a GPU: --engine gpu --simulate --check-steps 20. What is counted
does not depend on the batch, and hardly on the device.
"""

import csv
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import compare
from cell import begin
from worker import Failed

# JAX's compiler decides by itself what becomes of an operation.
EAGER = ("nflows", "zuko")
NAMES = ["card", "peer", "conditioner", "univariate", "columns", "operations", "peer_operations"]
NAMES += ["parameters", "peer_parameters", "commit"]


def count(cell, options, folder):
    with ExitStack() as stack:
        sides, fits = zip(*begin(stack, cell, compare.job(cell, options), options))
        ours, theirs = sides
        trace = str(folder / "trace.json")
        theirs.ask("trace", path=trace)
        return {
            **{name: cell.get(name, "") for name in NAMES},
            "operations": ours.ask("operations")["operations"],
            "peer_operations": ours.ask("count", path=trace)["operations"],
            "parameters": fits[0]["parameters"],
            "peer_parameters": fits[1]["parameters"],
            "commit": compare.commit(),
        }


def main():
    options = compare.arguments()
    if options.engine != "gpu":
        sys.exit("The processor goes another way: --engine gpu, with --simulate without one.")
    batch = min(compare.numbers(options.batches))
    cells = [c for c in compare.cells(options) if c["peer"] in EAGER and c["batch"] == batch]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for cell in cells:
            try:
                rows.append(count(cell, options, Path(folder)))
                compare.say(" ".join(str(value) for value in rows[-1].values()))
            except Failed as failure:
                compare.say(f"failed: {cell['peer']}: {failure}")
    with open(options.out.with_name("operations.csv"), "w", newline="") as file:
        writer = csv.DictWriter(file, NAMES)
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
