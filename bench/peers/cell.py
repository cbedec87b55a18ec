"""One cell of the grid: the checks, then blocks of work in alternation."""

import math
import statistics
import time
from contextlib import ExitStack

import device
from worker import SIDES, Failed, TimeOver, Unavailable, Worker

KINDS = ("train", "score", "sample")


def measure(cell, job, options, say):
    """Runs a cell and yields a row for each kind of work."""
    with ExitStack() as stack:
        sides, fits = zip(*begin(stack, cell, job, options))
        facts = check(cell, fits, options, say)
        for kind in options.kinds:
            pairs = alternate(kind, sides, options)
            yield kind, {**facts, **summary(pairs, job["batch"])}, pairs


def begin(stack, cell, job, options):
    """Ours and the peer's worker, each after a whole fit on the same rows for as many steps.

    Ours on several threads may be compared with ours on one.
    """
    peer_threads = 1 if cell["peer"] == "thalweg" else cell["threads"]
    names = ("thalweg", cell["threads"]), (cell["peer"], peer_threads)
    workers = (stack.enter_context(Worker(*name, options)) for name in names)
    if options.engine == "gpu":
        # The peer loads its library while ours fits. It takes no device before it is set up.
        workers = list(workers)
    job = {**job, **SIDES[cell["peer"]].architecture(cell["conditioner"], cell["univariate"])}
    for worker in workers:
        yield worker, fit(worker, job, options)


def fit(worker, job, options):
    before = device.used_mb() if options.engine == "gpu" else None
    try:
        runtime = worker.ask("setup", **job, threads=worker.threads).get("runtime")
    except TimeOver:
        raise
    except Failed as failure:
        raise Unavailable(worker.name, str(failure)) from failure
    startup = time.perf_counter() - worker.started
    fitted = worker.ask("fit", count=options.check_steps)
    memory = worker.ask("memory")
    after = device.used_mb() if before is not None else None
    return {
        "parameters": fitted["parameters"],
        "test_log_density": fitted["test_log_density"],
        "startup_s": startup,
        "first_step_s": fitted["first_step_seconds"],
        "peak_mb": memory["peak_mb"],
        # Of the whole process, its context and what its allocator keeps.
        "device_mb": "" if after is None else after - before,
        "allocated_mb": or_blank(memory.get("device_mb")),
        "runtime": runtime,
    }


def or_blank(value):
    return "" if value is None else value


def check(cell, fits, options, say):
    """Numbers of parameters and log-densities must agree."""
    ours, theirs = fits
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
    peers = {f"peer_{name}": fact for name, fact in theirs.items()}
    return {**ours, **peers, "losses_agree": "yes" if agreed else "no"}


def alternate(kind, sides, options):
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
    side.work(kind, 1)  # what it compiles counts neither as warm nor as a measure of a block
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
