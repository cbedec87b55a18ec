"""The table of results: a CSV with a row for each cell and kind of work, done, failed or owed."""

import csv

KEY = ["peer", "conditioner", "univariate", "columns", "batch", "threads", "kind", "seed"]
FACTS = [
    "status",
    "ratio",
    "ratio_low",
    "ratio_high",
    "cpu_ratio",
    "pairs",
    "rows_per_s",
    "peer_rows_per_s",
    "ms_per_batch",
    "peer_ms_per_batch",
    "cores",
    "peer_cores",
    "parameters",
    "peer_parameters",
    "test_log_density",
    "peer_test_log_density",
    "losses_agree",
    "first_step_s",
    "peer_first_step_s",
    "startup_s",
    "peer_startup_s",
    "peak_mb",
    "peer_peak_mb",
    "when",
    "seconds",
    "load",
    "commit",
]


# Which GPU, or that it was simulated. What processors are busy with says nothing of a device.
DEVICE_KEY = ["card", *KEY]
HOST = {"cpu_ratio", "cores", "peer_cores", "startup_s", "peer_startup_s"}
DEVICE_FACTS = [name for name in FACTS if name not in HOST]
DEVICE_FACTS += ["device_mb", "peer_device_mb", "peer_allocated_mb", "runtime", "peer_runtime"]


class Results:
    """Rows by their key; the file is replaced whole, so that a stop leaves the last good one.

    What is owed of a GPU is not kept: any machine may be asked for it.
    """

    def __init__(self, path, engine="cpu"):
        self.path = path
        self.unkept = {"owed"} if engine == "gpu" else set()
        self.names, self.facts = (KEY, FACTS) if engine == "cpu" else (DEVICE_KEY, DEVICE_FACTS)
        self.rows = {}
        if path.exists():
            with open(path, newline="") as file:
                for row in csv.DictReader(file):
                    self.rows[self.key(row)] = row

    def key(self, row):
        return tuple(str(row[name]) for name in self.names)

    def owe(self, row):
        self.rows.setdefault(self.key(row), {**row, "status": "owed"})

    def put(self, row, facts):
        kept = {name: short(facts[name]) for name in self.facts if name in facts}
        self.rows[self.key(row)] = {**row, **kept}

    def status(self, row):
        return self.rows.get(self.key(row), {}).get("status", "owed")

    def get(self, row):
        return self.rows[self.key(row)]

    def save(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_suffix(".part")
        with open(part, "w", newline="") as file:
            writer = csv.DictWriter(file, self.names + self.facts, restval="")
            writer.writeheader()
            writer.writerows(r for r in self.rows.values() if r["status"] not in self.unkept)
        part.rename(self.path)


def short(value):
    return f"{value:.5g}" if isinstance(value, float) else value


def table(rows):
    """What was measured, for people."""
    head = "| flow | D | batch | threads | peer | work | ratio [range] | by CPU time | pairs "
    head += "| rows/s ours | peer | first step s | peer | peak MB | peer |"
    out = [head, "|" + " --- |" * head.count(" | ") + " --- |"]
    for row in rows:
        family = ("RQ " if row["univariate"] == "rational-quadratic" else "affine ")
        family += "AR" if row["conditioner"] == "autoregressive" else "coupling"
        cells = [family, row["columns"], row["batch"], row["threads"], row["peer"], row["kind"]]
        if row["status"] == "done":
            mark = "" if row["losses_agree"] == "yes" else " (losses differ)"
            cells.append(
                f"**{ratio(row['ratio'])}** [{ratio(row['ratio_low'])}, {ratio(row['ratio_high'])}]"
                + mark
            )
            cells += [ratio(row["cpu_ratio"]) if "cpu_ratio" in row else "", row["pairs"]]
            cells += [f"{float(row[name]):,.0f}" for name in ("rows_per_s", "peer_rows_per_s")]
            cells += [f"{float(row[name]):.1f}" for name in ("first_step_s", "peer_first_step_s")]
            cells += [f"{float(row[name]):.0f}" for name in ("peak_mb", "peer_peak_mb")]
        else:
            cells += [row["status"], *[""] * 8]
        out.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(out)


def ratio(value):
    number = float(value)
    return f"{number:.0f}" if number >= 100 else f"{number:.3g}"
