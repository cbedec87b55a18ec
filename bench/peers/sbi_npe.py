#!/usr/bin/env python3
"""The peer's side of sbi_compare.py: sbi's NPE on a task of the benchmark, in one process.

    sbi_npe.py TASK OBSERVATION_FILE SIMULATIONS ESTIMATOR SEED THREADS DRAWS.csv

Everything but the estimator's name is the package's default. Simulators are batched.
"""

import json
import math
import sys
import time

start, processor = time.time(), time.process_time()
import numpy as np  # noqa: E402
import torch  # noqa: E402
from sbi.inference import NPE  # noqa: E402
from sbi.utils import BoxUniform  # noqa: E402

started, started_processor = time.time(), time.process_time()


def two_moons(theta):
    angle = math.pi * (torch.rand(len(theta)) - 0.5)
    radius = 0.1 + 0.01 * torch.randn(len(theta))
    total = (theta[:, 0] + theta[:, 1]) / math.sqrt(2)
    difference = (theta[:, 1] - theta[:, 0]) / math.sqrt(2)
    return torch.stack(
        [radius * torch.cos(angle) + 0.25 - total.abs(), radius * torch.sin(angle) + difference], 1
    )


def slcp(theta):
    s1, s2, rho = theta[:, 2] ** 2, theta[:, 3] ** 2, torch.tanh(theta[:, 4])
    l11 = (s1**2 + 1e-6).sqrt()
    l21 = rho * s1 * s2 / l11
    l22 = (s2**2 + 1e-6 - l21**2).clamp(min=0).sqrt()
    u, v = torch.randn(2, len(theta), 4)
    first = theta[:, :1] + l11[:, None] * u
    second = theta[:, 1:2] + l21[:, None] * u + l22[:, None] * v
    return torch.stack([first, second], 2).reshape(-1, 8)


TASKS = {"two_moons": (two_moons, 2, 1.0), "slcp": (slcp, 5, 3.0)}


def main():
    task, observation, simulations, estimator, seed, threads, out = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.manual_seed(int(seed))
    simulate, dimension, bound = TASKS[task]
    prior = BoxUniform(-bound * torch.ones(dimension), bound * torch.ones(dimension))
    theta = prior.sample((int(simulations),))
    x = simulate(theta)
    inference = NPE(prior, density_estimator=estimator, show_progress_bars=False)
    inference.append_simulations(theta, x).train()
    posterior = inference.build_posterior()
    observed = torch.tensor(np.loadtxt(observation, delimiter=",", skiprows=1), dtype=torch.float32)
    draws = posterior.sample((10_000,), x=observed, show_progress_bars=False)
    np.savetxt(out, draws.numpy(), delimiter=",")
    result = {
        "seconds": time.time() - started,
        "processor_seconds": time.process_time() - started_processor,
        "import_seconds": started - start,
        "epochs": inference.summary["epochs_trained"][-1],
    }
    # On a line of its own: sbi's progress does not end with one.
    print("\n" + json.dumps(result))


if __name__ == "__main__":
    main()
