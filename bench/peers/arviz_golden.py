#!/usr/bin/env python3
"""Golden numbers of the diagnostics of `toolkit.infer`, by ArviZ.

Every set is made from a linear congruential generator that the tests have too, so that only the
results are stored: psis.csv and chains.csv in the directory named. Beside them special.csv with
SciPy's special functions.

    arviz_golden.py ../../plugins/toolkit/src/test/resources/org/thalweg/toolkit/infer
"""

import csv
import math
import pathlib
import sys

import arviz
import numpy as np
import scipy
from scipy import special

# kind, parameter, draws: light tails first
WEIGHTS = [
    ("normal", 0.01, 1000),
    ("normal", 0.3, 400),
    ("normal", 1.0, 1000),
    ("normal", 1.0, 5000),
    ("normal", 2.0, 1000),
    ("normal", 4.0, 2000),
    ("bounded", 0.5, 1000),
    ("bounded", 3.0, 1000),
    ("exponential", 1.0, 1000),
    ("pareto", 0.1, 1000),
    ("pareto", 0.3, 200),
    ("pareto", 0.5, 5000),
    ("pareto", 0.7, 100),
    ("pareto", 0.7, 1000),
    ("pareto", 0.9, 3000),
    ("pareto", 1.2, 1000),
    ("pareto", 2.0, 1000),
    ("pareto", 50.0, 1000),
    ("rounded", 0.5, 1000),
    ("normal", 1.0, 30),
]

# kind, autocorrelation, chains, draws
CHAINS = [
    ("plain", 0.0, 4, 1000),
    ("plain", 0.5, 4, 500),
    ("plain", 0.9, 4, 1001),
    ("plain", 0.99, 2, 700),
    ("plain", -0.6, 4, 400),
    ("plain", 0.3, 2, 20),
    ("shifted", 0.3, 4, 300),
    ("scaled", 0.3, 4, 300),
    ("cauchy", 0.2, 4, 501),
    ("rounded", 0.7, 3, 400),
]

GAMMA = [1e-8, 0.01, 0.5, 1, 1.4616321449683623, 2, 3.7, 11.99, 12, 150, 1e7]


class Generator:
    """Knuth's constants; the upper 53 bits."""

    def __init__(self, seed):
        self.state = seed

    def uniform(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return ((self.state >> 11) + 0.5) / 2**53

    def normal(self):
        """Nearly, and with the same bits everywhere: a sum of twelve uniform numbers."""
        total = 0.0
        for _ in range(12):
            total += self.uniform()
        return total - 6


def log_ratio(kind, parameter, g):
    if kind == "normal":
        return parameter * g.normal()
    if kind == "bounded":
        return parameter * math.log(g.uniform())
    if kind == "exponential":
        return math.log(-parameter * math.log(g.uniform()))
    if kind == "pareto":
        return -parameter * math.log(g.uniform())
    if kind == "rounded":
        return math.floor(-parameter * math.log(g.uniform()) * 100 + 0.5) / 100
    raise ValueError(kind)


def chain(kind, correlation, index, draws, g):
    out = []
    state = g.normal()
    for _ in range(draws):
        state = correlation * state + math.sqrt(1 - correlation**2) * g.normal()
        if kind == "plain":
            out.append(state)
        elif kind == "shifted":
            out.append(state + 0.2 * index)
        elif kind == "scaled":
            out.append(state * (1 + 0.5 * index))
        elif kind == "cauchy":
            out.append(state / (abs(g.normal()) + 1e-3))
        elif kind == "rounded":
            out.append(math.floor(state * 4 + 0.5) / 4)
        else:
            raise ValueError(kind)
    return out


def psis(path):
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["arviz", "kind", "parameter", "draws", "seed", "k_hat", "ess", "largest", "mean"]
        )
        for seed, (kind, parameter, draws) in enumerate(WEIGHTS, 1):
            g = Generator(seed)
            ratios = np.array([log_ratio(kind, parameter, g) for _ in range(draws)])
            smoothed, k = arviz.psislw(ratios)
            weights = np.exp(smoothed)
            writer.writerow(
                [arviz.__version__, kind, parameter, draws, seed, repr(float(k)),
                 repr(float(1 / np.sum(weights**2))), repr(float(smoothed.max())),
                 repr(float(np.sum(weights * ratios)))]
            )


def chains(path):
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["arviz", "kind", "correlation", "chains", "draws", "seed", "r_hat", "bulk", "tail"]
        )
        for seed, (kind, correlation, count, draws) in enumerate(CHAINS, 101):
            g = Generator(seed)
            x = np.array([chain(kind, correlation, i, draws, g) for i in range(count)])
            writer.writerow(
                [arviz.__version__, kind, correlation, count, draws, seed,
                 repr(float(arviz.rhat(x))), repr(float(arviz.ess(x, method="bulk"))),
                 repr(float(arviz.ess(x, method="tail")))]
            )


def functions(path):
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["scipy", "function", "at", "value"])
        for name, function, points in [
            ("normal-quantile", special.ndtri,
             [1e-300, 1e-12, 1e-5, 0.02, 0.0749, 0.0751, 0.3, 0.5, 0.6, 0.93, 0.9999]),
            ("log-gamma", special.gammaln, GAMMA), ("digamma", special.digamma, GAMMA)]:
            for at in points:
                writer.writerow([scipy.__version__, name, at, repr(float(function(at)))])


if __name__ == "__main__":
    directory = pathlib.Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    psis(directory / "psis.csv")
    chains(directory / "chains.csv")
    functions(directory / "special.csv")
