"""The first GPU, as NVIDIA's own tool tells of it; None where there is no such tool."""

import subprocess

NAMES = "name,driver_version,memory.total"


def ask(query, *form):
    words = ["nvidia-smi", f"--query-gpu={query}", ",".join(["--format=csv", "noheader", *form])]
    try:
        done = subprocess.run([*words, "--id=0"], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def card():
    """As GpuBench calls it: the card and its driver."""
    return (ask(NAMES) or "GPU").replace(",", ";")


def used_mb():
    """The memory that all processes together hold."""
    try:
        return float(ask("memory.used", "nounits"))
    except (TypeError, ValueError):
        return None
