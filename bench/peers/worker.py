"""A worker process of one side, ours or a peer's, as the driver sees it."""

import json
import os
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "target"

# As app/src/distribution/bin/thalweg starts a user's JVM.
JVM = [
    "-XX:+UseSerialGC",
    "-XX:MaxRAMPercentage=50",
    "-Djava.awt.headless=true",
    "-Dai.djl.pytorch.num_threads=1",
    "-Dai.djl.pytorch.num_interop_threads=1",
]
MALLOC = {
    "MALLOC_ARENA_MAX": "4",
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_TRIM_THRESHOLD_": "1073741824",
    "MALLOC_TOP_PAD_": "67108864",
}


class Failed(Exception):
    """A worker that could not do what it was asked."""


class Side:
    """How one side is started.

    linear and rest say which of our architectures is the peer's: what mixes the columns, and what
    a spline coupling does to the other columns.
    """

    def __init__(self, name, linear, rest):
        self.name = name
        self.linear, self.rest = linear, rest

    def architecture(self, conditioner, univariate):
        return {
            "conditioner": conditioner,
            "univariate": univariate,
            "linear": self.linear[conditioner],
            "rest": self.rest if univariate == "rational-quadratic" else "fixed",
        }


BOTH_LU = {"autoregressive": "lu", "coupling": "lu"}
SIDES = {
    "nflows": Side("nflows", BOTH_LU, "free"),
    "normflows": Side("normflows", BOTH_LU, "free"),
    # zuko masks a random order, or alternating halves, without mixing columns otherwise.
    "zuko": Side("zuko", {"autoregressive": "permutation", "coupling": "none"}, "fixed"),
    "flowjax": Side("flowjax", {"autoregressive": "permutation", "coupling": "permutation"}, "fixed"),
    # Ours on one thread, as the peer of ours on several.
    "thalweg": Side("thalweg", BOTH_LU, "free"),
}


def command(name, options):
    if name == "thalweg":
        jar = TARGET / f"thalweg-bench-{version()}.jar"
        if not jar.exists():
            raise Failed(f"{jar} is missing: mvn -B -Pfast,bench -DskipTests -pl bench -am package")
        home = os.environ.get("JAVA_HOME")
        java = f"{home}/bin/java" if home else "java"
        main = ["-cp", f"{jar}:{TARGET}/lib/*", "org.thalweg.bench.Worker"]
        return [java, *JVM, *options.java_opts.split(), *main]
    kind = "jax" if name == "flowjax" else "torch"
    python = Path(getattr(options, f"venv_{kind}")).absolute() / "bin" / "python"
    if not python.exists():
        raise Failed(f"{python} is missing: make it from requirements-{kind}.txt, see README.md")
    return [str(python), str(HERE / f"{name}_worker.py")]


def version():
    pom = (HERE.parent.parent / "pom.xml").read_text()
    return pom.split("<version>")[1].split("</version>")[0]


def environment(name, threads, options):
    out = dict(os.environ)
    count = str(threads)
    if name == "thalweg":
        out.update(MALLOC, OPT_OUT_TRACKING="true", OMP_NUM_THREADS="1")
        return out
    out.update(OMP_NUM_THREADS=count, MKL_NUM_THREADS=count, JAX_PLATFORMS="cpu", NPROC=count)
    if threads == 1:
        out["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    if options.peer_malloc:
        out.update(MALLOC)
    return out


class Worker:
    """A process that answers requests; a context manager."""

    def __init__(self, name, threads, options):
        self.name = name
        logs = HERE / ".logs"
        logs.mkdir(exist_ok=True)
        self.log = logs / f"{name}.log"
        cores = sorted(os.sched_getaffinity(0))[-threads:]
        started = time.perf_counter()
        self.process = subprocess.Popen(
            command(name, options),
            env=environment(name, threads, options),
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=open(self.log, "w"),
            text=True,
            preexec_fn=None if options.no_pin else lambda: os.sched_setaffinity(0, cores),
        )
        self.started = started

    def work(self, kind, count):
        """Seconds for each of some batches: by the clock, and of all threads on processors."""
        before = self.processor_seconds()
        seconds = self.ask(kind, count=count)["seconds"]
        spent = self.processor_seconds() - before
        return {"count": count, "seconds": seconds / count, "cpu_seconds": spent / count}

    def processor_seconds(self):
        # The kernel's number of the clock of a process (clock_getcpuclockid), which Python lacks.
        return time.clock_gettime((~self.process.pid << 3) | 2)

    def ask(self, command, **request):
        try:
            self.process.stdin.write(json.dumps({"command": command, **request}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise Failed(f"{self.name} ended while it was asked for '{command}'; see {self.log}")
        answer = json.loads(line)
        if "error" in answer:
            raise Failed(f"{self.name}, '{command}': {answer['error']}; see {self.log}")
        return answer

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
