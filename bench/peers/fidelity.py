#!/usr/bin/env python3
"""Fits the same flow to the same rows here and in another library, and compares the log-densities
of test rows, row by row.

Both sides have the same architecture (parameter counts agree within 5 %), the same rows for training,
validation and test, the same number of steps, Adam with the same cosine and clipping, and stop
early by the same rule; no fit takes more than three minutes of a core. A difference above 0 is in our
favour. A stopped command goes on where it was.
"""

import argparse
import array
import csv
import datetime
import math
import tempfile
from pathlib import Path

import tables
from compare import commit, say
from worker import HERE, SIDES, Failed, Worker

KEY = ["table", "conditioner", "univariate", "peer", "seed"]
FACTS = ["status", "difference", "standard_error", "rows", "log_density", "peer_log_density"]
FACTS += ["steps", "peer_steps", "seconds", "peer_seconds", "parameters", "peer_parameters"]
FACTS += ["when", "commit"]
SIZE = {"layers": 3, "hidden": 64, "blocks": 2, "bins": 8, "batch": 256, "learning_rate": 1e-3}
# FlowJAX does not alternate the larger half of an odd number of columns.
COUNT_TOLERANCE = 0.05
# Nats a row that do not count.
LOSS = 0.02
FIT = {"steps": 1500, "every": 50, "patience": 10, "seconds": 180}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    add = parser.add_argument
    add("--tables", default=",".join(tables.TABLES))
    add("--peers", default="nflows,zuko,flowjax", help=", ".join(SIDES))
    add("--conditioners", default="autoregressive,coupling")
    add("--univariates", default="rational-quadratic,affine")
    add("--seeds", default="1,2,3")
    add("--out", type=Path, default=HERE.parent / "results" / "fidelity.csv")
    add("--table", action="store_true", help="run nothing, print the table")
    add("--venv-torch", default=HERE / ".venv-torch")
    add("--venv-jax", default=HERE / ".venv-jax")
    options = parser.parse_args()
    vars(options).update(java_opts="", peer_malloc=False, no_pin=True)
    vars(options).update(engine="cpu", simulate=False, deadline=math.inf)
    for name, known in (("tables", tables.TABLES), ("peers", SIDES)):
        unknown = set(getattr(options, name).split(",")) - set(known)
        if unknown:
            parser.error(f"unknown {sorted(unknown)}; there are {', '.join(known)}")
    return options


def cells(options):
    """Seed by seed, so that a stopped run has all cells with fewer seeds."""
    for seed in options.seeds.split(","):
        for table in options.tables.split(","):
            for peer in options.peers.split(","):
                for conditioner in options.conditioners.split(","):
                    for univariate in options.univariates.split(","):
                        yield dict(zip(KEY, (table, conditioner, univariate, peer, seed)))


def read(path):
    if not path.exists():
        return {}
    with open(path, newline="") as file:
        return {tuple(row[k] for k in KEY): row for row in csv.DictReader(file)}


def save(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with open(part, "w", newline="") as file:
        writer = csv.DictWriter(file, KEY + FACTS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    part.rename(path)


def run(cell, options, folder):
    """Fits both sides, one after the other, and compares them row by row."""
    data = Path(folder) / f"{cell['table']}-{cell['seed']}.f32"
    columns, fit_rows, test_rows = tables.write(data, cell["table"], cell["seed"])
    job = {"columns": columns, "seed": int(cell["seed"]), "data": str(data), **SIZE}
    job.update(train_rows=fit_rows, test_rows=test_rows, threads=1)
    job.update(SIDES[cell["peer"]].architecture(cell["conditioner"], cell["univariate"]))
    answers, densities, validation = [], [], None
    for name in ("thalweg", cell["peer"]):
        out = Path(folder) / f"{name}.f64"
        with Worker(name, 1, options) as worker:
            worker.ask("setup", **job)
            validation = validation or worker.ask("partition")["validation"]
            answers.append(worker.ask("estimate", validation=validation, out=str(out), **FIT))
        densities.append(array.array("d", out.read_bytes()))
        out.unlink()
    ours, theirs = answers
    off = abs(ours["parameters"] - theirs["parameters"]) / theirs["parameters"]
    if off > COUNT_TOLERANCE:
        raise Failed(f"parameters: {ours['parameters']} and {theirs['parameters']}")
    if any(not math.isfinite(x) for side in densities for x in side):
        raise Failed("a log-density is not finite")
    mean, error = moments([a - b for a, b in zip(*densities)])
    return {
        "status": "done",
        "difference": f"{mean:.6g}",
        "standard_error": f"{error:.6g}",
        "rows": test_rows,
        "log_density": f"{moments(densities[0])[0]:.5f}",
        "peer_log_density": f"{moments(densities[1])[0]:.5f}",
        "parameters": f"{ours['parameters']:.0f}",
        "peer_parameters": f"{theirs['parameters']:.0f}",
        **{k: f"{ours[k]:.0f}" for k in ("steps", "seconds")},
        **{f"peer_{k}": f"{theirs[k]:.0f}" for k in ("steps", "seconds")},
        "when": datetime.datetime.now().isoformat(timespec="seconds"),
        "commit": commit(),
    }


def moments(values):
    """The mean and its standard error."""
    n = len(values)
    mean = math.fsum(values) / n
    return mean, math.sqrt(math.fsum((x - mean) ** 2 for x in values) / (n - 1) / n)


def pooled(rows):
    """All seeds' test rows as one sample: its mean and its standard error, from their moments."""
    n = [int(row["rows"]) for row in rows]
    means = [float(row["difference"]) for row in rows]
    squares = [(float(row["standard_error"]) ** 2 * k * (k - 1)) for row, k in zip(rows, n)]
    total = sum(n)
    mean = sum(k * m for k, m in zip(n, means)) / total
    spread = sum(s + k * (m - mean) ** 2 for s, k, m in zip(squares, n, means))
    return mean, math.sqrt(spread / (total - 1) / total)


def over_seeds(rows):
    """The standard error of the mean over fits: rows of one fit share its luck."""
    if len(rows) < 2:
        return 0.0
    return moments([float(row["difference"]) for row in rows])[1]


def verdict(rows):
    """Judged by fits, not by their rows: many rows of one fit do not say what the next fit does."""
    mean, _ = pooled(rows)
    if len(rows) < 2:
        return "one seed: owed"
    if mean >= -LOSS:
        return "met"
    return "within 2 s.e. over seeds" if mean >= -2 * over_seeds(rows) else "**missed**"


def table(wanted, done):
    head = "| table | flow | peer | seeds | ours, nats | peer | ours − peer, nats a row | s.e. over seeds | each seed"
    head += " | steps ours | peer | seconds ours | peer | verdict |"
    lines = [head, "|" + " --- |" * head.count(" | ") + " --- |"]
    for key in dict.fromkeys(tuple(cell[k] for k in KEY[:-1]) for cell in wanted):
        rows = [done.get((*key, cell["seed"])) for cell in wanted if tuple(cell.values())[:-1] == key]
        good = [row for row in rows if row and row["status"] == "done"]
        flow = ("RQ " if key[2] == "rational-quadratic" else "affine ") + (
            "AR" if key[1] == "autoregressive" else "coupling"
        )
        cells = [key[0], flow, key[3], f"{len(good)} of {len(rows)}"]
        if not good:
            cells += ["owed" if not any(rows) else "failed", *[""] * 9]
        else:
            mean, error = pooled(good)
            between = over_seeds(good)
            cells += [average(good, "log_density"), average(good, "peer_log_density")]
            cells += [f"{mean:+.3f} ± {error:.3f}", f"{between:.3f}" if len(good) > 1 else ""]
            cells += [", ".join(f"{float(row['difference']):+.3f}" for row in good)]
            cells += [average(good, k, 0) for k in ("steps", "peer_steps", "seconds", "peer_seconds")]
            cells += [verdict(good)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def average(rows, name, digits=3):
    return f"{sum(float(row[name]) for row in rows) / len(rows):.{digits}f}"


def main():
    options = arguments()
    wanted = list(cells(options))
    done = read(options.out)
    with tempfile.TemporaryDirectory() as folder:
        for cell in [] if options.table else wanted:
            key = tuple(cell.values())
            if done.get(key, {}).get("status") == "done":
                continue
            say(" ".join(key))
            try:
                facts = run(cell, options, folder)
                say(f"  {facts['difference']} ± {facts['standard_error']}")
            except Failed as failure:
                say(f"  failed: {failure}")
                facts = {"status": f"failed: {str(failure)[:200]}"}
            done[key] = {**cell, **facts}
            save(options.out, done.values())
    print(table(wanted, done))
    owed = sum(done.get(tuple(cell.values()), {}).get("status") != "done" for cell in wanted)
    if owed:
        say(f"{owed} of {len(wanted)} fits are owed or failed; the same command goes on with them.")


if __name__ == "__main__":
    main()
