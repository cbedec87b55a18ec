#!/usr/bin/env python3
"""Runs `aem_reference.py` and `org.thalweg.bench.aem.AemSpeed` in turn, and prints ratios.

A ratio is the peer's processor time over ours, of the same work on one thread: above 1, ours is
faster. Pairs alternate; the table has their median and range.

    aem_compare.py --python .venv-torch/bin/python --pairs 5
    aem_compare.py --columns 10 --energy-hidden 64
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
BENCH = HERE.parent
OURS = {"context": "code-size"}


def environment():
    # What the start script sets; the peer gets what its users have.
    return dict(
        os.environ,
        OMP_NUM_THREADS="1",
        OPT_OUT_TRACKING="true",
        MALLOC_ARENA_MAX="4",
        MALLOC_MMAP_THRESHOLD_="33554432",
        MALLOC_TRIM_THRESHOLD_="1073741824",
        MALLOC_TOP_PAD_="67108864",
    )


def run(command, env):
    out = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, text=True).stdout
    return json.loads(out.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", default="python3")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--classes", default=f"{BENCH}/target/*:{BENCH}/target/lib/*")
    a, options = parser.parse_known_args()
    pairs = dict(zip([o.removeprefix("--") for o in options[::2]], options[1::2]))
    pairs.setdefault("seconds", "6")
    pairs.setdefault("score-rows", "16")
    ours = [
        "java", "-XX:+UseSerialGC", "-Djava.awt.headless=true",
        "-Dai.djl.pytorch.num_threads=1", "-Dai.djl.pytorch.num_interop_threads=1",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-cp", a.classes, "org.thalweg.bench.aem.AemSpeed",
    ] + [f"{OURS.get(k, k)}={v}" for k, v in pairs.items()]
    theirs = [a.python, str(HERE / "aem_reference.py")] + [
        part for k, v in pairs.items() for part in ("--" + k, v)
    ]
    plain = dict(os.environ, OMP_NUM_THREADS="1")
    tuned = {k: v for k, v in environment().items()}
    rows = []
    for i in range(a.pairs):
        sides = [("ours", ours, tuned), ("peer", theirs, plain)]
        rows.append({name: run(c, e) for name, c, e in (sides if i % 2 else sides[::-1])})
        print(json.dumps(rows[-1]), flush=True)
    assert len({r["parameters"] for row in rows for r in row.values()}) == 1, "sizes differ"
    for what in ("step_seconds", "score_seconds_a_row"):
        ratios = [row["peer"][what] / row["ours"][what] for row in rows]
        print(
            f"{what}: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f});"
            f" ours {statistics.median(r['ours'][what] for r in rows):.4f},"
            f" peer {statistics.median(r['peer'][what] for r in rows):.4f}"
        )


if __name__ == "__main__":
    main()
