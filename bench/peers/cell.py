"""One cell of the grid: the checks, then blocks of work in alternation."""

import math
import statistics
import time
from contextlib import ExitStack

from worker import SIDES, Failed, Worker

KINDS = ("train", "score", "sample")


def measure(cell, job, options, say):
    """Runs a cell and yields a row for each kind of work."""
    with ExitStack() as stack:
        sides = start(stack, cell, job, options)
        facts = check(cell, sides, options, say)
        for kind in options.kinds:
            pairs = alternate(kind, sides, job["batch"], options)
            yield kind, {**facts, **summary(pairs, job["batch"])}, pairs


def start(stack, cell, job, options):
    """Ours and the peer's worker, ready; ours on several threads may be compared with ours on 1."""
    peer_threads = 1 if cell["peer"] == "thalweg" else cell["threads"]
    architecture = SIDES[cell["peer"]].architecture(cell["conditioner"], cell["univariate"])
    out = []
    for name, threads in (("thalweg", cell["threads"]), (cell["peer"], peer_threads)):
        worker = stack.enter_context(Worker(name, threads, options))
        worker.ask("setup", **job, **architecture, threads=threads)
        worker.startup = time.perf_counter() - worker.started
        out.append(worker)
    return out


def check(cell, sides, options, say):
    """Both fit the same rows for as many steps: counts and log-densities must agree."""
    ours, theirs = (side.ask("fit", count=options.check_steps) for side in sides)
    memory = [side.ask("memory")["peak_mb"] for side in sides]
    count = ours["parameters"], theirs["parameters"]
    off = abs(count[0] - count[1]) / count[1]
    if off > options.count_tolerance:
        raise Failed(f"parameters: {count[0]} of ours, {count[1]} of {cell['peer']}'s")
    densities = ours["test_log_density"], theirs["test_log_density"]
    if not all(map(math.isfinite, densities)):
        raise Failed(f"log-densities: {densities[0]} of ours, {densities[1]} of {cell['peer']}'s")
    normal = -0.5 * cell["columns"] * (math.log(2 * math.pi) + 1)
    gains = [density - normal for density in densities]
    agreed = min(gains) >= (1 - options.loss_tolerance) * max(gains)
    say(
        f"  parameters {count[0]} and {count[1]}"
        + ("" if count[0] == count[1] else f" ({100 * off:.2f} % apart)")
        + f"; test log-density {densities[0]:.3f} and {densities[1]:.3f} nats after"
        + f" {options.check_steps} steps ({'agree' if agreed else 'DO NOT AGREE'})"
    )
    return {
        "parameters": count[0],
        "peer_parameters": count[1],
        "test_log_density": densities[0],
        "peer_test_log_density": densities[1],
        "losses_agree": "yes" if agreed else "no",
        "startup_s": sides[0].startup,
        "peer_startup_s": sides[1].startup,
        "first_step_s": ours["first_step_seconds"],
        "peer_first_step_s": theirs["first_step_seconds"],
        "peak_mb": memory[0],
        "peer_peak_mb": memory[1],
    }


def alternate(kind, sides, batch, options):
    """Blocks of about the same length, ours and the peer's in turn, who begins in turn as well."""
    counts = [warm(side, kind, options) for side in sides]
    deadline = time.perf_counter() + options.budget
    pairs = []
    while len(pairs) < options.pairs:
        if len(pairs) >= options.least_pairs and time.perf_counter() > deadline:
            break
        order = (0, 1) if len(pairs) % 2 == 0 else (1, 0)
        blocks = [None, None]
        for i in order:
            blocks[i] = sides[i].work(kind, counts[i])
        pairs.append(blocks)
    return pairs


def warm(side, kind, options):
    """Works until compilers have settled; says how much makes a block."""
    start = time.perf_counter()
    count = 1
    while True:
        seconds = side.work(kind, count)["seconds"]
        count = max(1, round(options.block_seconds / max(seconds, 1e-9)))
        if time.perf_counter() - start > options.warmup:
            return count


def summary(pairs, batch):
    ratios = [theirs["seconds"] / ours["seconds"] for ours, theirs in pairs]
    cpu = [theirs["cpu_seconds"] / ours["cpu_seconds"] for ours, theirs in pairs]
    median = statistics.median
    return {
        "ratio": median(ratios),
        "ratio_low": min(ratios),
        "ratio_high": max(ratios),
        "cpu_ratio": median(cpu),
        "pairs": len(pairs),
        "ms_per_batch": 1e3 * median(ours["seconds"] for ours, _ in pairs),
        "peer_ms_per_batch": 1e3 * median(theirs["seconds"] for _, theirs in pairs),
        "rows_per_s": batch / median(ours["seconds"] for ours, _ in pairs),
        "peer_rows_per_s": batch / median(theirs["seconds"] for _, theirs in pairs),
        "cores": median(ours["cpu_seconds"] / ours["seconds"] for ours, _ in pairs),
        "peer_cores": median(theirs["cpu_seconds"] / theirs["seconds"] for _, theirs in pairs),
    }
