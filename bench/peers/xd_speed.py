#!/usr/bin/env python3
"""Least wall seconds of an EM step of extreme deconvolution here, in pyGMMis and in astroML.

    xd_speed.py CLASSPATH OUT.csv [--rows 10000,100000,1000000] [--components 8,64]

Same rows, same number of Gaussians, three columns, a full covariance of errors for each row, one
thread, in turn; the least of 12 steps here and in astroML of three, in pyGMMis of two means over three,
as it tells no single steps apart. Needs an environment with requirements-deconvolution.txt. Rows of OUT.csv that are there are
not measured again.
"""
import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

D = 3
JAVA = [
    "java", "-XX:+UseSerialGC", "-Xmx3g", "-Dai.djl.pytorch.num_threads=1",
    "-Dai.djl.pytorch.num_interop_threads=1", "-cp",
]
MAIN = "org.thalweg.bench.deconvolution.XdSpeed"


def peer(name, file, n, k, steps):
    """Runs in a process of its own, so that its memory is its own."""
    import numpy as np

    data = np.fromfile(file)
    x = data[: n * D].reshape(n, D)
    s = data[n * D :].reshape(n, D, D)
    rng = np.random.RandomState(1)
    if name == "astroML":
        from astroML.density_estimation import XDGMM

        model = XDGMM(k, max_iter=1, tol=0)
        model.mu = x[rng.choice(n, k, replace=False)]
        model.alpha = np.full(k, 1 / k)
        model.V = np.tile(np.cov(x.T), (k, 1, 1))
        least = float("inf")
        for _ in range(steps):
            start = time.perf_counter()
            model._EMstep(x, s)
            least = min(least, time.perf_counter() - start)
    else:
        import pygmmis

        # What one more step adds to a fit is a step.
        def fit(count):
            gmm = pygmmis.GMM(K=k, D=D)
            gmm.amp[:] = 1 / k
            gmm.mean[:] = x[np.random.RandomState(1).choice(n, k, replace=False)]
            gmm.covar[:] = np.cov(x.T)
            start = time.perf_counter()
            pygmmis.fit(
                gmm, x, covar=s, init_method="none", maxiter=count, tol=0, cutoff=None,
                rng=np.random.RandomState(1),
            )
            return time.perf_counter() - start

        least = float("inf")
        for _ in range(2):
            least = min(least, (fit(1 + steps) - fit(1)) / steps)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("%.5f %.0f" % (least, memory))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("classpath")
    parser.add_argument("out")
    parser.add_argument("--rows", default="10000,100000,1000000")
    parser.add_argument("--components", default="8,64")
    parser.add_argument("--steps", type=int, default=3)
    options = parser.parse_args()
    done = {}
    if os.path.exists(options.out):
        with open(options.out) as f:
            lines = [line.split(",") for line in f.read().splitlines()[1:]]
            done = {tuple(line[:3]): line[3] for line in lines if line[3] != "failed"}
    else:
        with open(options.out, "w") as f:
            f.write("code,rows,Gaussians,seconds_a_step,MB,times_ours\n")
    for n in options.rows.split(","):
        with tempfile.NamedTemporaryFile() as file:
            subprocess.run(
                JAVA + [options.classpath, MAIN, "rows", n, file.name], check=True,
                stderr=subprocess.DEVNULL,
            )
            for k in options.components.split(","):
                cell(options, file.name, n, k, done)


def cell(options, file, n, k, done):
    ours = None
    for code in ("thalweg", "astroML", "pygmmis"):
        if (code, n, k) in done:
            ours = float(done[code, n, k]) if code == "thalweg" else ours
            continue
        if code == "thalweg":
            command = JAVA + [options.classpath, MAIN, "time", n, k, str(4 * options.steps)]
        else:
            command = [sys.executable, __file__, "--peer", code, file, n, k, str(options.steps)]
        ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if ran.returncode:
            print(code, n, k, ran.stderr[-300:], file=sys.stderr)
            with open(options.out, "a") as f:
                f.write(",".join([code, n, k, "failed", "", ""]) + "\n")
            continue
        seconds, memory = ran.stdout.split()[-2:]
        ours = float(seconds) if code == "thalweg" else ours
        times = "" if ours is None else "%.1f" % (float(seconds) / ours)
        with open(options.out, "a") as f:
            f.write(",".join([code, n, k, seconds, memory, times]) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peer"]:
        peer(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]), int(sys.argv[6]))
    else:
        main()
