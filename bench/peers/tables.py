"""Real tables for the comparison of fits, read with the standard library only.

They lie in the directory that THALWEG_DATA names, else in ../shared/data beside the repository.
Every reader gives columns of numbers; the driver removes repeated rows, splits and standardises.
"""

import array
import ast
import csv
import gzip
import os
import random
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("THALWEG_DATA", HERE.parents[2] / "shared" / "data"))


def npy(name):
    """A two-dimensional array of float64, as rows."""
    with open(HOME / name, "rb") as file:
        if file.read(6) != b"\x93NUMPY":
            raise ValueError(f"{name} is no .npy file")
        major = file.read(2)[0]
        length = int.from_bytes(file.read(2 if major == 1 else 4), "little")
        head = ast.literal_eval(file.read(length).decode("latin1"))
        if head["descr"] != "<f8":
            raise ValueError(f"{name} holds {head['descr']}, not float64")
        values = array.array("d", file.read())
    if sys.byteorder == "big":
        values.byteswap()
    rows, columns = head["shape"]
    if head["fortran_order"]:
        return [[values[j * rows + i] for j in range(columns)] for i in range(rows)]
    return [list(values[i * columns : (i + 1) * columns]) for i in range(rows)]


def uci(name):
    with gzip.open(HOME / "uci-regression" / f"{name}.data.csv.gz", "rt", newline="") as file:
        return [[float(word) for word in row] for row in csv.reader(file)]


def power():
    """As POWER is made: no date, no reactive power, no intensity, the time of day as a number, and
    every rounded column spread over its step by uniform noise (here of a fixed seed)."""
    name = "household_power_minute_20061216_20061230.csv.gz"
    source = random.Random("power")
    out = []
    with gzip.open(HOME / "power-sample" / name, "rt", newline="") as file:
        for row in csv.DictReader(file):
            words = [row[k] for k in ("Global_active_power", "Voltage")]
            words += [row[f"Sub_metering_{i}"] for i in (1, 2, 3)]
            if "" in words:
                continue
            hours, minutes, _ = row["Datetime"].split()[1].split(":")
            steps = [1.0, 0.002, 0.01, 1.0, 1.0, 1.0]
            values = [60.0 * int(hours) + int(minutes), *map(float, words)]
            out.append([v + s * (source.random() - 0.5) for v, s in zip(values, steps)])
    return out


TABLES = {
    "white": lambda: npy("density-deconvolution/white_no_discrete_no_corr_0.98.npy"),
    "protein": lambda: uci("protein"),
    "red": lambda: npy("density-deconvolution/red_no_discrete_no_corr_0.98.npy"),
    "kin40k": lambda: uci("kin40k"),
    "miniboone": lambda: npy("miniboone-sample/miniboone_first1523.npy"),
    "power": power,
}


def write(path, name, seed):
    """Shuffles, standardises by all but the test rows, and writes little-endian float32.

    Returns (columns, rows to fit on, test rows): a tenth is for the test, repeated rows were left
    out, so that no row is on both sides.
    """
    table = [list(row) for row in dict.fromkeys(map(tuple, TABLES[name]()))]
    random.Random(f"{name}/{seed}").shuffle(table)
    test = len(table) // 10
    fit = len(table) - test
    columns = list(zip(*table))
    for j, column in enumerate(columns):
        mean = sum(column[:fit]) / fit
        scale = (sum((x - mean) ** 2 for x in column[:fit]) / fit) ** 0.5
        columns[j] = [(x - mean) / scale for x in column]
    values = array.array("f", (x for row in zip(*columns) for x in row))
    if sys.byteorder == "big":
        values.byteswap()
    part = path.with_suffix(".part")
    part.write_bytes(values.tobytes())
    part.rename(path)
    return len(columns), fit, test
