#!/usr/bin/env python3
"""Dry runs of the published sets' configurations, and the page about them.

    bench/published.py                           dry runs that bench/results/published.csv lacks, then the page
    bench/published.py --table                   runs nothing, writes the page
    bench/published.py power:nsf-ar miniboone:aem:8   those, the last for 8 steps

Each is `thalweg data SET --dry-run ESTIMATOR --steps N --threads 1 --json`, one row a run.
"""

import csv
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CSV = ROOT / "bench" / "results" / "published.csv"
PAGE = ROOT / "docs" / "results" / "published.md"
FIELDS = [
    "set", "estimator", "steps", "threads", "seconds_a_step",
    "processor_seconds_a_step", "steps_of_the_fit", "peak_bytes", "rows", "columns", "published",
]
REQUIRED = ["miniboone:nsf-ar", "power:nsf-coupling"]
SETS = ["power", "gas", "hepmass", "miniboone", "bsds300"]
ESTIMATORS = ["aem", "nsf-coupling", "nsf-ar"]

HEAD = """# The published sets: what their fits would take

`thalweg data SET --dry-run ESTIMATOR`: the paper's options on made-up rows of the set's shape, one
thread. Times are the processor's, as others shared the machine. *All steps* is the time of a step (the
mean of the second half) times the paper's steps, besides validations and judging; *peak* is the
resident memory of the whole process. *Published* is the test log-density of the papers' tables 1 in nats,
± two standard errors: what a fit of the real set should come near to. No such fit was run here.

Written by `bench/published.py`.

| set | estimator | rows × columns | steps run | a step, s | the paper's steps | all steps, hours | peak, GiB | published | ours |
| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- | --- |
"""


def rows():
    if not CSV.exists():
        return {}
    with CSV.open(newline="") as file:
        return {(r["set"], r["estimator"]): r for r in csv.DictReader(file)}


def thalweg(*arguments):
    out = subprocess.run(
        [str(ROOT / "thalweg"), "data", *arguments, "--json", "--engine", "cpu"],
        stdout=subprocess.PIPE, check=True, text=True,
    ).stdout
    return json.loads(out)


def run(name):
    parts = name.split(":")
    if (parts[0], parts[1]) in rows():
        return
    steps = parts[2] if len(parts) > 2 else "200"
    seen = thalweg(parts[0], "--dry-run", parts[1], "--steps", steps, "--threads", "1")
    seen["rows"] = seen["train_rows"] + seen["validation_rows"] + seen["test_rows"]
    seen["published"] = seen["published"][parts[1]]
    fresh = not CSV.exists()
    with CSV.open("a", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, extrasaction="ignore")
        if fresh:
            writer.writeheader()
        writer.writerow(seen)


def page():
    there = rows()
    sets = {s["set"]: s for s in thalweg()["sets"]}
    lines = []
    for name in SETS:
        shape = sets[name]
        count = shape["train_rows"] + shape["validation_rows"] + shape["test_rows"]
        for estimator in ESTIMATORS:
            start = f"| {name} | {estimator} | {count:,} × {shape['columns']} |"
            published = shape["published"][estimator]
            r = there.get((name, estimator))
            if r:
                lines.append(
                    f"{start} {r['steps']} | {float(r['processor_seconds_a_step']):.3f} |"
                    f" {int(r['steps_of_the_fit']):,} |"
                    f" {float(r['processor_seconds_a_step']) * int(r['steps_of_the_fit']) / 3600:.1f} |"
                    f" {float(r['peak_bytes']) / 2**30:.2f} | {published} | owed |"
                )
            else:
                lines.append(f"{start} owed | | | | | {published} | owed |")
    PAGE.write_text(HEAD + "\n".join(lines) + "\n")


def main():
    asked = sys.argv[1:]
    if asked != ["--table"]:
        for name in asked or REQUIRED:
            run(name)
    page()


if __name__ == "__main__":
    main()
