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


class Results:
    """Rows by their key; the file is replaced whole, so that a stop leaves the last good one."""

    def __init__(self, path):
        self.path = path
        self.rows = {}
        if path.exists():
            with open(path, newline="") as file:
                for row in csv.DictReader(file):
                    self.rows[key(row)] = row

    def owe(self, row):
        self.rows.setdefault(key(row), {**row, "status": "owed"})

    def put(self, row, facts):
        self.rows[key(row)] = {**row, **{name: short(value) for name, value in facts.items()}}

    def status(self, row):
        return self.rows.get(key(row), {}).get("status", "owed")

    def get(self, row):
        return self.rows[key(row)]

    def save(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_suffix(".part")
        with open(part, "w", newline="") as file:
            writer = csv.DictWriter(file, KEY + FACTS, restval="")
            writer.writeheader()
            writer.writerows(self.rows.values())
        part.rename(self.path)


def key(row):
    return tuple(str(row[name]) for name in KEY)


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
            cells += [ratio(row["cpu_ratio"]), row["pairs"]]
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
