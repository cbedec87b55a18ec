"""python3 -m unittest: the driver against workers that only pretend to compute."""

import csv
import io
import sys
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import compare
import worker

FAKE = """
import json, sys
name, slowness, density = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
for line in sys.stdin:
    request = json.loads(line)
    command, count = request["command"], request.get("count", 0)
    answer = {"seconds": slowness * count, "loss": 1.0}
    if command == "fit":
        answer.update(parameters=100, first_step_seconds=0.1, test_log_density=density)
    elif command == "memory":
        answer = {"peak_mb": 10}
    elif command == "sample" and name == "zuko":
        answer = {"error": "no samples today"}
    print(json.dumps(answer), flush=True)
"""


class CompareTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.out = Path(self.folder.name) / "results.csv"
        self.densities = {}
        self.started = []

    def tearDown(self):
        self.folder.cleanup()

    def command(self, name, options):
        self.started.append(name)
        slowness = "0.01" if name == "thalweg" else "0.03"
        density = str(self.densities.get(name, -1.0))
        return [sys.executable, "-c", FAKE, name, slowness, density]

    def run_compare(self, *arguments):
        words = ["compare.py", "--columns", "2", "--conditioners", "coupling"]
        words += ["--univariates", "affine", "--warmup", "0", "--pairs", "3", "--no-pin"]
        words += ["--out", str(self.out), *arguments]
        table = io.StringIO()
        with mock.patch.object(worker, "command", self.command):
            with mock.patch.object(sys, "argv", words):
                with redirect_stdout(table), redirect_stderr(io.StringIO()):
                    compare.main()
        return table.getvalue()

    def rows(self):
        with open(self.out, newline="") as file:
            return {(row["peer"], row["kind"]): row for row in csv.DictReader(file)}

    def test_the_ratio_is_the_peers_time_over_ours(self):
        table = self.run_compare("--peers", "nflows")
        row = self.rows()["nflows", "train"]
        self.assertAlmostEqual(float(row["ratio"]), 3)
        self.assertEqual((row["pairs"], row["losses_agree"]), ("3", "yes"))
        self.assertIn("**3**", table)

    def test_what_is_done_is_not_run_again(self):
        self.run_compare("--peers", "nflows", "--kinds", "train")
        self.started.clear()
        self.run_compare("--peers", "nflows", "--kinds", "train")
        self.assertEqual(self.started, [])
        self.run_compare("--peers", "nflows", "--kinds", "train", "--again")
        self.assertEqual(self.started, ["thalweg", "nflows"])

    def test_a_failure_is_kept_with_its_reason_and_the_rest_goes_on(self):
        self.run_compare("--peers", "zuko,nflows")
        rows = self.rows()
        self.assertEqual(rows["zuko", "train"]["status"], "done")
        self.assertIn("no samples today", rows["zuko", "sample"]["status"])
        self.assertEqual(rows["nflows", "sample"]["status"], "done")

    def test_rows_that_were_not_run_are_owed(self):
        self.run_compare("--peers", "nflows", "--batches", "64,512", "--kinds", "train", "--table")
        self.assertFalse(self.out.exists())
        self.run_compare("--peers", "nflows,zuko", "--kinds", "train")
        self.assertEqual(self.rows()["zuko", "train"]["status"], "done")
        self.assertIn("owed", self.run_compare("--peers", "normflows", "--table"))

    def test_losses_that_differ_are_marked(self):
        self.densities["nflows"] = -2.5  # a gain of 0.3 over a normal density, ours of 1.8
        self.assertIn("losses differ", self.run_compare("--peers", "nflows"))
        self.assertEqual(self.rows()["nflows", "score"]["losses_agree"], "no")


if __name__ == "__main__":
    unittest.main()
