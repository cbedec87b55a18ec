"""What a worker of a peer speaks: one JSON object a line on stdin, one a line in answer.

setup   the job; answers the versions. engine "gpu" means that the rows stay on the job's device,
        which is "cuda", or "cpu" where a GPU is only simulated
fit N   a fresh model, N steps of Adam; answers parameters, seconds, the first step's seconds, the
        mean loss of the last tenth and the mean log-density of the rows that were not trained on
train N N more steps; answers seconds and mean loss
score N, sample N   N batches; answer seconds
operations (ours alone) answers how many operations a step is made of; count PATH does for a peer's
        trace
trace PATH (PyTorch's alone) writes what libtorch's profiler sees in a step
memory  answers the peak of the resident memory in MB, and of a GPU's where the library knows it
estimate  a whole fit as a user makes it: cosine, clipped gradients, early stopping on validation
        rows, a time limit; answers steps and seconds, and writes the log-density of every test row
partition (ours alone) which of the rows our own fit keeps for validation; the peers get the same

The twin of this file is bench/src/main/java/org/thalweg/bench/Worker.java.
"""

import json
import os
import sys
import time
import traceback
from types import SimpleNamespace

import numpy as np


def rows(job):
    """The rows to train on and the others, float32."""
    values = np.fromfile(job.data, dtype="<f4").reshape(-1, job.columns)
    return values[: job.train_rows], values[job.train_rows : job.train_rows + job.test_rows]


def peak_megabytes():
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return float("nan")


class Shuffled:
    """The indices of batches; every row once in each pass. permute(n) gives a pass's order."""

    def __init__(self, rows, batch, permute):
        self.rows, self.batch = rows, batch
        self.permute = permute
        self.order, self.next = None, rows

    def __call__(self):
        if self.next + self.batch > self.rows:
            self.order, self.next = self.permute(self.rows), 0
        self.next += self.batch
        return self.order[self.next - self.batch : self.next]


CLIP_NORM = 5.0
HOST = {"engine": "cpu", "device": "cpu"}


class Session:
    """The work of a job. A peer says how a model is built and used.

    build()      makes a fresh model; self.parameters is then the number of its trainable numbers
    shuffled()   gives batches, one a call: indices of rows unless a peer overrides it
    step(batch)  one step of Adam on some rows; returns something that float() makes the loss
    score(from, to)  log-densities of some of the other rows, as something that float() takes the
                     mean of
    sample()     draws a batch
    wait(x)      returns when x has been computed

    For whole fits:
    rate(x)      sets the step size
    log_densities(rows)  of given rows, as an array
    weights(), restore(w)  a copy of all weights, and back
    """

    def __init__(self, job):
        self.job = job
        self.calls = 0
        self.clip_norm = 0  # no clipping

    def wait(self, value):
        pass

    def device_megabytes(self):
        """The most of a GPU's memory that arrays have taken; None where that is not known."""
        return None

    def permute(self):
        return np.random.default_rng(self.job.seed).permutation

    def shuffled(self):
        return Shuffled(self.job.train_rows, self.job.batch, self.permute())

    def fit(self, steps):
        start = time.perf_counter()
        self.batches = self.shuffled()
        self.build()
        losses = [self.step(self.batches())]
        self.wait(losses[0])
        first = time.perf_counter() - start
        losses += [self.step(self.batches()) for _ in range(steps - 1)]
        self.wait(losses[-1])
        last = [float(loss) for loss in losses[-max(1, steps // 10) :]]
        return {
            "seconds": time.perf_counter() - start,
            "parameters": self.parameters,
            "first_step_seconds": first,
            "loss": sum(last) / len(last),
            "test_log_density": float(self.score(0, self.job.test_rows)),
        }

    def train(self, steps):
        start = time.perf_counter()
        losses = [self.step(self.batches()) for _ in range(steps)]
        self.wait(losses[-1])
        seconds = time.perf_counter() - start
        return {"seconds": seconds, "loss": sum(float(loss) for loss in losses) / steps}

    def score_batches(self, count):
        available = self.job.test_rows // self.job.batch
        start = time.perf_counter()
        for _ in range(count):
            row = self.calls % available * self.job.batch
            last = self.score(row, row + self.job.batch)
            if self.job.engine == "cpu":
                self.wait(last)
            self.calls += 1
        self.wait(last)  # a device goes on working while the next batch is being asked for
        return {"seconds": time.perf_counter() - start}

    def sample_batches(self, count):
        start = time.perf_counter()
        for _ in range(count):
            self.wait(self.sample())
        return {"seconds": time.perf_counter() - start}

    def estimate(self, request):
        """Trains as our own loop does: the best weights by the validation rows are kept."""
        train_rows, test_rows = rows(self.job)
        chosen = np.asarray(request["validation"])
        kept = np.setdiff1d(np.arange(len(train_rows)), chosen)
        # Of the processor, so that what else the machine does costs no steps.
        start = time.process_time()
        self.clip_norm = CLIP_NORM
        self.build()
        batches = Shuffled(len(kept), min(self.job.batch, len(kept)), self.permute())
        best, best_step, weights, since, step = -np.inf, 0, self.weights(), 0, 0
        while step < request["steps"] and since < request["patience"]:
            if time.process_time() - start > request["seconds"]:
                break
            self.rate(self.job.learning_rate * 0.5 * (1 + np.cos(np.pi * step / request["steps"])))
            self.wait(self.step(kept[batches()]))
            step += 1
            if step % request["every"] == 0 or step == request["steps"]:
                score = float(np.mean(self.log_densities(train_rows[chosen])))
                better = score > best
                since = 0 if better else since + 1
                if better:
                    best, best_step, weights = score, step, self.weights()
        seconds = time.process_time() - start
        self.restore(weights)
        densities = np.asarray(self.log_densities(test_rows), dtype="<f8")
        densities.tofile(request["out"])
        return {
            "parameters": self.parameters,
            "steps": step,
            "best_step": best_step,
            "seconds": seconds,
            "validation": best,
        }


def serve(make):
    """Answers until the input ends. make(job) gives a Session and its versions."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    session = None
    for line in sys.stdin:
        try:
            request = json.loads(line)
            command, count = request["command"], request.get("count", 0)
            if command == "setup":
                session, runtime = make(SimpleNamespace(**{**HOST, **request}))
                answer = {"runtime": runtime}
            elif command == "fit":
                answer = session.fit(count)
            elif command == "estimate":
                answer = session.estimate(request)
            elif command == "train":
                answer = session.train(count)
            elif command == "score":
                answer = session.score_batches(count)
            elif command == "sample":
                answer = session.sample_batches(count)
            elif command == "trace":
                session.trace(request["path"])
                answer = {}
            elif command == "memory":
                answer = {"peak_mb": peak_megabytes(), "device_mb": session.device_megabytes()}
            else:
                answer = {"error": f"There is no command '{command}'."}
        except Exception as failure:  # the driver says what became of the cell
            traceback.print_exc()
            answer = {"error": f"{type(failure).__name__}: {failure}"}
        print(json.dumps(answer), file=out, flush=True)
