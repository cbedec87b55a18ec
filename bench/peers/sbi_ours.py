"""Our side of the comparisons of simulation-based inference: processes that print one JSON object."""

import json
import os
import pathlib
import subprocess

from worker import JVM, MALLOC

BENCH = pathlib.Path(__file__).resolve().parent.parent


def environment(threads):
    own = {"OMP_NUM_THREADS": str(threads), "OPT_OUT_TRACKING": "true"}
    # Wherever this is called from, both sides read the same files.
    own["THALWEG_DATA"] = str(data().parent.resolve())
    return dict(os.environ, **own, **MALLOC)


def run(command, env, folder=None):
    done = subprocess.run(
        command, env=env, cwd=folder, stdout=subprocess.PIPE, check=True, text=True
    )
    return json.loads(done.stdout.strip().splitlines()[-1])


def ours(*arguments):
    """PeerSide with these arguments."""
    jars = f"{BENCH}/target/thalweg-bench-0.1.0.jar:{BENCH}/target/lib/*"
    command = ["java", *JVM, "-cp", jars, "org.thalweg.bench.sbi.PeerSide", *map(str, arguments)]
    return run(command, environment(1))


def data():
    return pathlib.Path(os.environ.get("THALWEG_DATA", BENCH.parent / "../shared/data")) / "sbibm"
