#!/usr/bin/env python3
"""The log-density of a diffusion's probability flow here and in PyTorch: the same weights, rows,
tolerance and threads.

    diffusion_likelihood.py MODEL.thalweg [--rows 512] [--threads 1] [--blocks 5]

The peer is written as in the reference implementation of Song and others (2021): the equation in x
and t, Dormand and Prince 5(4) with one step size for the batch (SciPy's control), here without its
copies to numpy, and the divergence by automatic differentiation. It has two forms, a
vector-Jacobian product for each column, and forward differentiation over all columns at once; the
faster one counts. Blocks alternate; the values are compared before anything is timed.
"""

import argparse
import json
import math
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zipfile

import numpy as np
import torch
from torch.func import jvp, vmap

C = (0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1)
A = (
    (),
    (1 / 5,),
    (3 / 40, 9 / 40),
    (44 / 45, -56 / 15, 32 / 9),
    (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    (35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
)
E = (71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)


def solve(f, t, end, y, tol):
    """scipy.integrate.solve_ivp's RK45 for the batch as one state; the number of evaluations too."""

    def norm(v, scale):
        return float((v / scale).square().mean().sqrt())

    k0 = f(t, y)
    scale = tol + tol * y.abs()
    d0, d1 = norm(y, scale), norm(k0, scale)
    h0 = 1e-6 if d0 < 1e-5 or d1 < 1e-5 else 0.01 * d0 / d1
    d2 = norm(f(t + h0, y + h0 * k0) - k0, scale) / h0
    h = min(100 * h0, (0.01 / max(d1, d2)) ** 0.2)
    count, rejected = 2, False
    while t < end:
        h = min(h, end - t)
        ks = [k0]
        for s in range(1, 7):
            step = y + h * sum(a * k for a, k in zip(A[s], ks) if a)
            ks.append(f(t + C[s] * h, step))
        count += 6
        error = h * sum(e * k for e, k in zip(E, ks) if e)
        size = norm(error, tol + tol * torch.maximum(y.abs(), step.abs()))
        factor = 0.9 * max(size, 1e-10) ** -0.2
        if size < 1:
            t, y, k0 = t + h, step, ks[6]
            h *= min(1 if rejected else 10, factor)
            rejected = False
        else:
            h *= max(0.2, factor)
            rejected = True
    return y, count


class Net(torch.nn.Module):
    """The net over tables, with the weights of a model file."""

    def __init__(self, weights):
        super().__init__()
        self.w = {k: torch.from_numpy(v.copy()) for k, v in weights.items()}
        self.blocks = sum(1 for k in weights if k.endswith(".gain.weight"))

    def dense(self, name, x):
        w = self.w
        return torch.nn.functional.linear(x, w[name + ".weight"], w[name + ".bias"])

    def forward(self, y, log_ratio):
        silu = torch.nn.functional.silu
        time_ = (0.25 * log_ratio).reshape(1, 1)
        angles = time_ @ self.w["score.time.frequencies"] * (2 * math.pi)
        told = torch.cat([time_, angles.sin(), angles.cos()], 1)
        told = silu(self.dense("score.time.second", silu(self.dense("score.time.first", told))))
        h = self.dense("score.first", y) + self.dense("score.told", told)
        for i in range(self.blocks):
            p = f"score.block{i}."
            inner = self.dense(p + "first", silu(h))
            inner = inner * (1 + self.dense(p + "gain", told)) + self.dense(p + "shift", told)
            h = h + self.dense(p + "second", silu(inner))
        return self.dense("score.last", silu(h))


class Peer:
    """VP, from a model file."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as z:
            manifest = json.loads(z.read("manifest.json"))
            raw = z.read("weights.safetensors")
        config = manifest["config"]
        if config["equation"] != "vp" or config["height"] != 0:
            sys.exit("The peer has the equation vp and the net over tables.")
        self.tolerance = config["tolerance"]
        self.start = config["start"] or 1e-5
        self.low, self.high = config["beta-min"], config["beta-max"]
        maps = find(manifest, "standardiser")["features"]
        self.shift = np.array([m["shift"] for m in maps])
        self.scale = np.array([m["scale"] for m in maps])
        length = struct.unpack("<Q", raw[:8])[0]
        header = json.loads(raw[8 : 8 + length])
        weights = {}
        for name, item in header.items():
            a, b = item["data_offsets"]
            flat = np.frombuffer(raw[8 + length + a : 8 + length + b], "<f4")
            weights[name] = flat.reshape(item["shape"])
        self.net = Net(weights)

    def score(self, x, t):
        b = t * (self.low + 0.5 * t * (self.high - self.low))
        m, s = math.exp(-0.5 * b), math.sqrt(-math.expm1(-b))
        return m / s * self.net(x, torch.tensor(math.log(s / m))) - x

    def drift(self, x, t):
        rate = self.low + t * (self.high - self.low)
        return -0.5 * rate * x - 0.5 * rate * self.score(x, t)

    def reverse(self, x, t):
        """The drift and its divergence, a vector-Jacobian product for each column."""
        with torch.enable_grad():
            x = x.requires_grad_(True)
            f = self.drift(x, t)
            total = 0
            for j in range(x.shape[1]):
                (g,) = torch.autograd.grad(f[:, j].sum(), x, retain_graph=j + 1 < x.shape[1])
                total = total + g[:, j]
        return f.detach(), total

    def forward(self, x, t):
        """The same by forward differentiation over all columns at once."""
        axes = torch.eye(x.shape[1])

        def along(axis):
            f, rate = jvp(lambda v: self.drift(v, t), (x,), (axis.expand_as(x),))
            return f, (rate * axis).sum(1)

        f, parts = vmap(along, out_dims=(None, 0))(axes)
        return f, parts.sum(0)

    def log_density(self, rows, form):
        z = torch.from_numpy(((rows - self.shift) / self.scale).astype(np.float32))
        d = z.shape[1]

        def field(t, y):
            f, divergence = form(y[:, :d].contiguous(), t)
            return torch.cat([f, divergence[:, None]], 1)

        begin = torch.cat([z, torch.zeros(len(z), 1)], 1)
        with torch.no_grad():
            end, count = solve(field, self.start, 1.0, begin, self.tolerance)
        noise = end[:, :d].double()
        out = -0.5 * noise.square().sum(1) - 0.5 * d * math.log(2 * math.pi) + end[:, d].double()
        return out.numpy() - np.log(self.scale).sum(), count


def find(tree, key):
    """The value of a key, wherever it stands."""
    if isinstance(tree, dict):
        if key in tree:
            return tree[key]
        for value in tree.values():
            found = find(value, key)
            if found is not None:
                return found
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("model")
    parser.add_argument("--rows", type=int, default=512)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--blocks", type=int, default=5)
    parser.add_argument("--classpath", default="bench/target/thalweg-bench-0.1.0.jar:bench/target/lib/*")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    peer = Peer(arguments.model)
    with tempfile.TemporaryDirectory() as directory:
        java = subprocess.Popen(
            ["java", "-XX:+UseSerialGC", "-Dai.djl.pytorch.num_threads=1",
             "-Dai.djl.pytorch.num_interop_threads=1", "-cp", arguments.classpath,
             "org.thalweg.bench.diffusion.LikelihoodSpeed", arguments.model,
             str(arguments.rows), str(arguments.threads), directory],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPT_OUT_TRACKING": "true"})
        if java.stdout.readline().strip() != "ready":
            sys.exit("The Java side did not start.")
        values = np.fromfile(os.path.join(directory, "values.f64"))
        rows = np.fromfile(os.path.join(directory, "rows.f64")).reshape(len(values), -1)
        forms = {"reverse": peer.reverse, "forward": peer.forward}
        for name, form in forms.items():
            theirs, count = peer.log_density(rows, form)
            gap = np.abs(theirs - values)
            print(f"{name}: largest difference {gap.max():.2e}, mean {gap.mean():.2e} nats; "
                  f"{count} evaluations of the net")

        def ours():
            before = cpu(java.pid)
            java.stdin.write("\n")
            java.stdin.flush()
            seconds = float(java.stdout.readline())
            return seconds, cpu(java.pid) - before

        def theirs(form):
            start, before = time.perf_counter(), time.process_time()
            peer.log_density(rows, form)
            return time.perf_counter() - start, time.process_time() - before

        ours()
        for name, form in forms.items():
            wall, processor = [], []
            for _ in range(arguments.blocks):
                mine, peers = ours(), theirs(form)
                wall.append(peers[0] / mine[0])
                processor.append(peers[1] / mine[1])
                print(f"{name}: ours {len(rows) / mine[0]:.1f} rows/s "
                      f"({len(rows) / mine[1]:.1f} by CPU time), "
                      f"PyTorch {len(rows) / peers[0]:.1f} ({len(rows) / peers[1]:.1f})")
            print(f"{name}: ratio of times {statistics.median(wall):.2f} "
                  f"({min(wall):.2f} to {max(wall):.2f}), by CPU time "
                  f"{statistics.median(processor):.2f} ({min(processor):.2f} to "
                  f"{max(processor):.2f})", flush=True)
        java.stdin.close()
        java.wait()


def cpu(pid):
    """Processor seconds of another process."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
