"""python3 -m unittest: the driver against workers that only pretend to compute."""

import csv
import io
import os
import sys
import tempfile
import time
import unittest
from argparse import Namespace
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import compare
import device
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
    elif command == "setup" and name == "flowjax":
        answer = {"error": "no such device"}
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
        table, self.said = io.StringIO(), io.StringIO()
        with mock.patch.object(worker, "command", self.command):
            with mock.patch.object(sys, "argv", words):
                with redirect_stdout(table), redirect_stderr(self.said):
                    compare.main()
        return table.getvalue()

    def run_gpu(self, *arguments):
        return self.run_compare("--engine", "gpu", "--batches", "512", *arguments)

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

    def test_on_a_gpu_the_card_is_named_and_processors_are_not(self):
        memory = iter([1000, 1700, 1700, 2600])
        with mock.patch.object(device, "ask", lambda *_: "X, 570.1, 80 MiB"):
            with mock.patch.object(device, "used_mb", lambda: next(memory)):
                table = self.run_gpu("--peers", "nflows")
        row = self.rows()["nflows", "train"]
        self.assertEqual(row["card"], "X; 570.1; 80 MiB")
        self.assertEqual((row["device_mb"], row["peer_device_mb"]), ("700", "900"))
        self.assertNotIn("cpu_ratio", row)
        self.assertAlmostEqual(float(row["ratio"]), 3)
        self.assertIn("X; 570.1; 80 MiB", table)

    def test_what_is_simulated_is_marked_and_is_no_row_of_a_gpu(self):
        with mock.patch.object(device, "ask", lambda *_: "X"):
            table = self.run_gpu("--peers", "nflows", "--simulate")
            self.assertEqual(self.rows()["nflows", "train"]["card"], "simulated")
            self.assertIn("no figures of a GPU", table)
            self.assertIn("owed", self.run_gpu("--peers", "nflows", "--table"))

    def test_a_peer_that_cannot_start_is_left_out_and_owed(self):
        self.run_gpu("--peers", "flowjax,nflows", "--simulate", "--conditioners", "coupling,autoregressive")
        self.assertEqual([peer for peer, _ in self.rows()], ["nflows", "nflows"])
        self.assertEqual(self.started.count("flowjax"), 1)
        self.assertIn("Left out: flowjax. flowjax, 'setup': no such device", self.said.getvalue())

    def test_without_our_own_side_nothing_is_measured(self):
        def command(name, options):
            raise worker.Unavailable(name, "there is no libtorch")

        self.command = command
        with self.assertRaisesRegex(SystemExit, "there is no libtorch"):
            self.run_gpu("--peers", "nflows", "--simulate")

    def test_when_the_time_is_over_the_rest_is_owed(self):
        self.run_gpu("--peers", "nflows", "--simulate", "--seconds", "0")
        self.assertEqual((self.started, self.rows()), ([], {}))

    def test_a_worker_that_does_not_come_back_is_ended(self):
        self.command = lambda *_: [sys.executable, "-c", "import time; time.sleep(60)"]
        start = time.monotonic()
        with mock.patch.object(worker, "GRACE", 0.2):
            self.run_gpu("--peers", "nflows", "--simulate", "--seconds", "0.3")
        self.assertLess(time.monotonic() - start, 20)
        self.assertEqual(self.rows(), {})
        self.assertIn("the time is over", self.said.getvalue())

    def test_what_matters_most_comes_first(self):
        options = {"engine": "gpu", "simulate": True, "threads": "1", "columns": "6", "seed": 1}
        options.update(univariates="rational-quadratic,affine", conditioners="autoregressive,coupling")
        wanted = compare.cells(Namespace(**options, batches="4096,512,65536", peers="nflows,zuko"))
        order = [(cell["batch"], cell["univariate"]) for cell in wanted]
        self.assertEqual(len(order), 24)
        self.assertEqual(order[:4], [(4096, "rational-quadratic")] * 4)
        self.assertEqual(order[4:8], [(512, "rational-quadratic")] * 4)
        self.assertTrue(all(batch == 65536 for batch, _ in order[16:]))

    def test_there_are_rows_for_two_large_batches(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(compare, "HERE", Path(folder)):
            options = Namespace(engine="gpu", simulate=False, **compare.SIZE)
            job = compare.job({"columns": 1, "batch": 16384, "seed": 1}, options)
            self.assertEqual((job["train_rows"], job["test_rows"]), (32768, 16384))
            self.assertEqual(Path(job["data"]).stat().st_size, 4 * (32768 + 16384))
            self.assertEqual(job["device"], "cuda")
            small = compare.job({"columns": 1, "batch": 512, "seed": 1}, options)
            self.assertEqual((small["train_rows"], small["test_rows"]), (16384, 4096))
            self.assertNotEqual(small["data"], job["data"])

    def test_a_gpu_is_asked_for_full_products_and_jax_for_no_more_than_it_needs(self):
        options = Namespace(engine="gpu", simulate=False, peer_malloc=False)
        with mock.patch.dict(os.environ, {"TORCH_ALLOW_TF32_CUBLAS_OVERRIDE": "1"}):
            for name in ("thalweg", "nflows", "flowjax"):
                found = worker.environment(name, 1, options)
                self.assertEqual(found["NVIDIA_TF32_OVERRIDE"], "0")
                self.assertNotIn("TORCH_ALLOW_TF32_CUBLAS_OVERRIDE", found)
        self.assertEqual(found["JAX_PLATFORMS"], "cuda")
        self.assertEqual(found["XLA_PYTHON_CLIENT_PREALLOCATE"], "false")
        options.simulate = True
        self.assertEqual(worker.environment("flowjax", 1, options)["JAX_PLATFORMS"], "cpu")


def missing():
    """What a cell with real workers lacks here."""
    options = Namespace(venv_torch=worker.HERE / ".venv-torch", java_opts="", simulate=True)
    try:
        worker.command("thalweg", options)
        worker.command("zuko", options)
    except worker.Failed as failure:
        return str(failure)
    return ""


@unittest.skipIf(missing(), missing())
class SimulatedTest(unittest.TestCase):
    """A cell with real workers: ours on the simulated device, zuko on the processor."""

    def test_both_sides_are_the_same_on_the_way_of_a_device(self):
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "peers-gpu.csv"
            words = ["compare.py", "--engine", "gpu", "--simulate", "--peers", "zuko"]
            words += ["--conditioners", "coupling", "--univariates", "affine", "--batches", "512"]
            words += ["--columns", "2", "--warmup", "0", "--pairs", "1", "--budget", "0"]
            words += ["--block-seconds", "0.01", "--check-steps", "100", "--out", str(out)]
            with mock.patch.object(sys, "argv", words):
                with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                    compare.main()
            with open(out, newline="") as file:
                rows = list(csv.DictReader(file))
        self.assertEqual([row["status"] for row in rows], ["done", "done"])
        for row in rows:
            self.assertEqual(row["parameters"], row["peer_parameters"])
            self.assertEqual(row["losses_agree"], "yes")


if __name__ == "__main__":
    unittest.main()
