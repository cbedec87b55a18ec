"""The rows that all sides train on: skewed, bimodal, and each column a curve of another.

x_1 = e_1,  x_d = 0.8 sin(2 x_{d-1}) + 0.4 x_{d-1} + 0.5 e_d,

with e from a mixture of two normals; columns shuffled, then standardised. Standard library only.
"""

import array
import math
import random
import sys

TRAIN_ROWS = 16384  # whole batches of every size of the grid, so that nobody compiles twice
TEST_ROWS = 4096


def noise(source):
    return source.gauss(-0.4, 0.3) if source.random() < 0.7 else source.gauss(0.93, 0.5)


def write(path, columns, seed, rows=TRAIN_ROWS + TEST_ROWS):
    """Little-endian float32, row after row."""
    source = random.Random(f"{columns}/{seed}")
    place = list(range(columns))
    source.shuffle(place)
    table = [[0.0] * rows for _ in range(columns)]
    for i in range(rows):
        x = 0.0
        for d in range(columns):
            e = noise(source)
            x = e if d == 0 else 0.8 * math.sin(2 * x) + 0.4 * x + 0.5 * e
            table[place[d]][i] = x
    for column in table:
        mean = math.fsum(column) / rows
        scale = math.sqrt(math.fsum((x - mean) ** 2 for x in column) / rows)
        column[:] = [(x - mean) / scale for x in column]
    values = array.array("f", (x for row in zip(*table) for x in row))
    if sys.byteorder == "big":
        values.byteswap()
    part = path.with_suffix(".part")
    part.write_bytes(values.tobytes())
    part.rename(path)
