"""python3 -m unittest: the comparison of fits, with workers that only pretend to fit."""

import array
import csv
import io
import math
import random
import sys
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import fidelity
import tables
import worker

FAKE = """
import array, json, sys
name, gain = sys.argv[1], float(sys.argv[2])
for line in sys.stdin:
    request = json.loads(line)
    command = request["command"]
    if command == "setup":
        rows = request["test_rows"]
        answer = {}
    elif command == "partition":
        answer = {"validation": [0, 2]}
    else:
        assert request["validation"] == [0, 2], request
        values = array.array("d", [gain + 0.01 * (i % 3) * (name == "thalweg") for i in range(rows)])
        with open(request["out"], "wb") as file:
            file.write(values.tobytes())
        answer = {"parameters": 100, "steps": 10, "seconds": 1, "validation": gain}
    print(json.dumps(answer), flush=True)
"""


def rows(count, columns=2):
    source = random.Random(1)
    return [[source.gauss(5, 2) for _ in range(columns)] for _ in range(count)]


class FidelityTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.out = Path(self.folder.name) / "results.csv"
        self.gains = {"thalweg": 1.0, "nflows": 0.5}
        self.started = 0

    def tearDown(self):
        self.folder.cleanup()

    def command(self, name, options):
        self.started += 1
        return [sys.executable, "-c", FAKE, name, str(self.gains[name])]

    def run_fidelity(self, *arguments):
        words = ["fidelity.py", "--tables", "white", "--peers", "nflows", "--seeds", "1,2"]
        words += ["--conditioners", "coupling", "--univariates", "affine"]
        words += ["--out", str(self.out), *arguments]
        table = io.StringIO()
        with mock.patch.object(worker, "command", self.command):
            with mock.patch.dict(tables.TABLES, {"white": lambda: rows(90)}):
                with mock.patch.object(sys, "argv", words):
                    with redirect_stdout(table), redirect_stderr(io.StringIO()):
                        fidelity.main()
        return table.getvalue()

    def test_a_difference_above_zero_is_ours(self):
        table = self.run_fidelity()
        with open(self.out, newline="") as file:
            done = list(csv.DictReader(file))
        self.assertEqual([row["status"] for row in done], ["done", "done"])
        self.assertAlmostEqual(float(done[0]["difference"]), 0.51, places=5)
        self.assertIn("| met |", table)

    def test_what_is_done_is_not_run_again(self):
        self.run_fidelity()
        self.run_fidelity()
        self.assertEqual(self.started, 4)

    def test_a_loss_beyond_its_error_is_said(self):
        self.gains["nflows"] = 1.1
        self.assertIn("**missed**", self.run_fidelity())

    def test_fits_that_agree_on_a_loss_miss_though_their_rows_scatter(self):
        verdict = fidelity.verdict(self.fits(-0.30, -0.31, -0.29, rows=0.5))
        self.assertEqual(verdict, "**missed**")

    def test_fits_that_differ_are_judged_by_how_they_differ(self):
        verdict = fidelity.verdict(self.fits(-0.141, 0.234, -0.387, rows=0.016))
        self.assertEqual(verdict, "within 2 s.e. over seeds")

    def test_one_fit_knows_nothing_of_its_luck(self):
        verdict = fidelity.verdict(self.fits(-0.05, rows=0.5))
        self.assertEqual(verdict, "one seed: owed")

    def test_what_is_no_worse_is_met(self):
        self.assertEqual(fidelity.verdict(self.fits(-0.01, -0.02, rows=0.001)), "met")
        self.assertEqual(fidelity.verdict(self.fits(0.3, -0.1, rows=0.001)), "met")

    @staticmethod
    def fits(*differences, rows):
        return [{"difference": str(d), "standard_error": str(rows), "rows": "100"} for d in differences]

    def test_a_density_that_is_not_finite_fails(self):
        self.gains["nflows"] = float("nan")
        self.assertIn("failed", self.run_fidelity())

    def test_pooled_moments_are_those_of_all_rows(self):
        source = random.Random(2)
        groups = [[source.gauss(m, 1) for _ in range(n)] for m, n in ((0, 10), (1, 30), (-2, 5))]
        parts = []
        for group in groups:
            mean, error = fidelity.moments(group)
            parts.append({"rows": len(group), "difference": mean, "standard_error": error})
        mean, error = fidelity.pooled(parts)
        expected = fidelity.moments([x for group in groups for x in group])
        self.assertTrue(math.isclose(mean, expected[0]) and math.isclose(error, expected[1]))


class TablesTest(unittest.TestCase):
    def test_repeated_rows_go_and_the_others_are_standardised_without_the_test(self):
        table = rows(50) + rows(50)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.f32"
            with mock.patch.dict(tables.TABLES, {"white": lambda: table}):
                columns, fit, test = tables.write(path, "white", 1)
            self.assertEqual((columns, fit, test), (2, 45, 5))
            values = array.array("f", path.read_bytes())
            first = values[0 : 2 * fit : 2]
            self.assertAlmostEqual(sum(first) / fit, 0, places=5)
            self.assertAlmostEqual(sum(x * x for x in first) / fit, 1, places=5)


if __name__ == "__main__":
    unittest.main()
