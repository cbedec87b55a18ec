"""A worker process of one side, ours or a peer's, as the driver sees it."""

import json
import os
import subprocess
import threading
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


# Seconds that a cell may take beyond the time.
GRACE = 25


class Failed(Exception):
    """A worker that could not do what it was asked."""


class Unavailable(Failed):
    """A side that cannot be used here at all."""

    def __init__(self, name, reason):
        super().__init__(reason)
        self.name = name


class TimeOver(Failed):
    """A worker that was ended because the time was over."""


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
        simulated = ["-Dthalweg.gpu.simulated=true"] if options.simulate else []
        main = ["-cp", jars(), "org.thalweg.bench.Worker"]
        return [java(), *JVM, *simulated, *options.java_opts.split(), *main]
    kind = "jax" if name == "flowjax" else "torch"
    python = Path(getattr(options, f"venv_{kind}")).absolute()
    if python.is_dir():
        python = python / "bin" / "python"
    if not python.exists():
        reason = f"{python} is missing: make it from requirements-{kind}.txt, see README.md"
        raise Unavailable(name, reason)
    return [str(python), str(HERE / f"{name}_worker.py")]


def java():
    """THALWEG_JAVA and THALWEG_JARS name a runtime and a class path that were packed."""
    home = os.environ.get("JAVA_HOME")
    return os.environ.get("THALWEG_JAVA", f"{home}/bin/java" if home else "java")


def jars():
    if "THALWEG_JARS" in os.environ:
        return os.environ["THALWEG_JARS"]
    jar = TARGET / f"thalweg-bench-{version()}.jar"
    if not jar.exists():
        reason = f"{jar} is missing: mvn -B -Pfast,bench -DskipTests -pl bench -am package"
        raise Unavailable("thalweg", reason)
    return f"{jar}:{TARGET}/lib/*"


def version():
    pom = (HERE.parent.parent / "pom.xml").read_text()
    return pom.split("<version>")[1].split("</version>")[0]


def environment(name, threads, options):
    out = dict(os.environ)
    count = str(threads)
    gpu = options.engine == "gpu" and not options.simulate
    if gpu:
        # Nobody's products are rounded, whatever the shell that this was started from says.
        out.pop("TORCH_ALLOW_TF32_CUBLAS_OVERRIDE", None)
        out.update(NVIDIA_TF32_OVERRIDE="0")
    if name == "thalweg":
        out.update(MALLOC, OPT_OUT_TRACKING="true", OMP_NUM_THREADS="1")
        return out
    out.update(OMP_NUM_THREADS=count, MKL_NUM_THREADS=count)
    if gpu:
        # JAX would take three quarters of the memory before it is asked for anything.
        out.update(JAX_PLATFORMS="cuda", XLA_PYTHON_CLIENT_PREALLOCATE="false")
        return out
    out.update(JAX_PLATFORMS="cpu", NPROC=count)
    if threads == 1:
        out["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    if options.peer_malloc:
        out.update(MALLOC)
    return out


class Worker:
    """A process that answers requests; a context manager."""

    def __init__(self, name, threads, options):
        self.name, self.threads = name, threads
        self.deadline = options.deadline + GRACE
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
        if self.deadline < float("inf"):
            left = max(0.0, self.deadline - time.monotonic())
            self.timer = threading.Timer(left, self.process.kill)
            self.timer.daemon = True
            self.timer.start()

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
            if time.monotonic() >= self.deadline:
                raise TimeOver(f"{self.name} was ended, the time is over")
            ended = f"{self.name} ended while it was asked for '{command}'{self.last_words()}"
            raise Failed(f"{ended}; see {self.log}")
        answer = json.loads(line)
        if "error" in answer:
            raise Failed(f"{self.name}, '{command}': {answer['error']}; see {self.log}")
        return answer

    def last_words(self):
        lines = self.log.read_text(errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return f": {last}" if last else ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.deadline < float("inf"):
            self.timer.cancel()
        self.process.kill()
        self.process.wait()
