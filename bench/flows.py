#!/usr/bin/env python3
"""Makes docs/results/flows.md: speed beside other libraries, growth of cost, fits beside nflows', and
two-dimensional sets with known densities.

Each part keeps a CSV row a run in bench/results and goes on where it was stopped. What was not run
is marked owed. Needs bench's jar and the peers' environments, see bench/README.md.

./flows.py                 tier 1, about two hours on two cores
./flows.py --tier 2        everything
./flows.py --table         runs nothing, writes the page
"""

import argparse
import csv
import io
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "peers"))

import compare  # noqa: E402
import data  # noqa: E402
import fidelity  # noqa: E402
from worker import JVM, TARGET, version  # noqa: E402

RESULTS = HERE / "results"
PAGE = HERE.parent / "docs" / "results" / "flows.md"
IMAGES = HERE.parent / "docs" / "images"
PLANAR_SECONDS = 180
FAMILIES = "nsf-coupling,nsf-ar,realnvp,maf"
ALL_SETS = "checkerboard,checkerboard-8,spirals,spirals-ffjord,diamond,ring,curved,pinwheel,rings"

THREADS = ["--peers", "thalweg", "--threads", "2", "--columns", "43", "--kinds", "train"]

TIERS = {
    1: {
        "speed": [["--peers", "nflows,zuko,flowjax", "--count-tolerance", "0.05"], THREADS],
        "fidelity": ["--tables", "white,protein", "--peers", "nflows"],
        "planar": "checkerboard,spirals",
    },
    2: {"speed": [["--grid"]], "fidelity": [], "planar": "all"},
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--tier", type=int, default=1, choices=TIERS)
    parser.add_argument("--parts", default="planar,growth,fidelity,speed")
    parser.add_argument("--table", action="store_true", help="run nothing, write the page")
    parser.add_argument("--venv-torch", default=HERE / "peers" / ".venv-torch")
    parser.add_argument("--venv-jax", default=HERE / "peers" / ".venv-jax")
    options = parser.parse_args()
    tier = TIERS[options.tier]
    venvs = ["--venv-torch", str(options.venv_torch), "--venv-jax", str(options.venv_jax)]
    if not options.table:
        if "planar" in options.parts:
            planar(tier["planar"])
        if "growth" in options.parts:
            growth()
        for part, script in (("fidelity", "fidelity.py"), ("speed", "compare.py")):
            runs = tier["speed"] if part == "speed" else [tier["fidelity"]]
            for run in runs if part in options.parts else []:
                command = [sys.executable, str(HERE / "peers" / script), *run, *venvs]
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    PAGE.write_text(page(tier))
    print(f"wrote {PAGE}")


def java(main, *words):
    classpath = f"{TARGET}/thalweg-bench-{version()}.jar:{TARGET}/lib/*"
    subprocess.run(["java", *JVM, "-cp", classpath, f"org.thalweg.bench.{main}", *words], check=True)


def planar(sets):
    pictures = RESULTS / "planar"
    words = [str(RESULTS / "planar.csv"), str(pictures), sets, FAMILIES, "1", str(PLANAR_SECONDS)]
    java("planar.Planar", *words)


def growth():
    folder = HERE / "peers" / ".data"
    folder.mkdir(exist_ok=True)
    path = folder / "columns64-seed1.f32"
    if not path.exists():
        data.write(path, 64, 1)
    java("Growth", str(RESULTS / "growth.csv"), str(IMAGES / "growth.png"), str(path))


def page(tier):
    parts = [
        (HERE / "flows-intro.md").read_text().strip(),
        "## Two-dimensional sets\n\n" + planar_table(tier),
        "## Fits beside other libraries'\n\n" + table(fidelity.main, [*tier["fidelity"]]),
        "## Speed beside other libraries\n\n"
        + "\n\n".join(table(compare.main, run) for run in tier["speed"]),
        "## How cost grows\n\n![Processor time a row](../images/growth.png)\n\n" + growth_table(),
        (HERE / "flows-notes.md").read_text().strip(),
    ]
    return "\n\n".join(parts) + "\n"


def table(tool, words):
    """What a driver prints when it runs nothing."""
    kept, sys.argv = sys.argv, ["table", "--table", *words]
    out = io.StringIO()
    try:
        with redirect_stdout(out):
            tool()
    finally:
        sys.argv = kept
    return out.getvalue().strip()


def rows(name):
    path = RESULTS / name
    if not path.exists():
        return []
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def planar_table(tier):
    done = {(row["set"], row["estimator"]): row for row in rows("planar.csv")}
    families = FAMILIES.split(",")
    names = ALL_SETS if tier["planar"] == "all" else tier["planar"]
    lines = ["| set | " + " | ".join(f"`{name}`" for name in families) + " |"]
    lines.append("|" + " --- |" * (len(families) + 1))
    for name in names.split(","):
        cells = []
        for family in families:
            row = done.get((name, family))
            if row is None:
                cells.append("owed")
            elif row["kl"]:
                cells.append(f"{float(row['kl']):.4f} ± {float(row['kl_standard_error']):.4f}")
            else:
                value, error = float(row["mean_log_density"]), float(row["standard_error"])
                cells.append(f"log-density {value:.3f} ± {error:.3f}")
        lines.append("| " + " | ".join([name, *cells]) + " |")
    return "\n".join(lines)


def growth_table():
    lines = ["| flow | changed | work | processor µs a row |", "| --- | --- | --- | --- |"]
    series = {}
    for row in rows("growth.csv"):
        key = (row["flow"], row["axis"], row["kind"])
        series.setdefault(key, []).append(f"{row['value']}: {float(row['microseconds_a_row']):.1f}")
    for (flow, axis, kind), points in series.items():
        lines.append(f"| {flow} | {axis} | {kind} | {', '.join(points)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
