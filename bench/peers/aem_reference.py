#!/usr/bin/env python3
"""The work of the plugin `aem` in PyTorch, written as one writes it there.

The architecture and the loss of Durkan and Nash (2019), sections 2 to 3 and appendix B: a ResMADE
that gives each column a context vector and a mixture of Gaussians, one energy net over all columns,
an importance-sampled normaliser; every evaluation of the energy net is one row of one big batch.
It prints one JSON object: processor seconds a training step, and a scored row.

    aem_reference.py --columns 2 --batch 256 --threads 1
"""

import argparse
import json
import math
import time

import torch
from torch import nn
from torch.nn import functional as F


class MaskedLinear(nn.Linear):
    def __init__(self, inputs, outputs):
        super().__init__(len(inputs), len(outputs))
        mask = torch.tensor(outputs)[:, None] >= torch.tensor(inputs)[None, :]
        self.register_buffer("mask", mask.float())

    def forward(self, x):
        return F.linear(x, self.weight * self.mask, self.bias)


class Block(nn.Module):
    def __init__(self, make, dropout):
        super().__init__()
        self.first, self.second = make(), make()
        nn.init.uniform_(self.second.weight, -1e-3, 1e-3)
        nn.init.uniform_(self.second.bias, -1e-3, 1e-3)
        self.dropout = nn.Dropout(dropout)

    def forward(self, h):
        return h + self.second(self.dropout(F.relu(self.first(F.relu(h)))))


class ResMade(nn.Module):
    def __init__(self, columns, hidden, blocks, outputs, dropout):
        super().__init__()
        self.shape = (columns, outputs)
        degrees = [k % max(1, columns - 1) + 1 for k in range(hidden)]
        self.first = MaskedLinear(list(range(1, columns + 1)), degrees)
        self.blocks = nn.Sequential(
            *[Block(lambda: MaskedLinear(degrees, degrees), dropout) for _ in range(blocks)]
        )
        out = [d for d in range(columns) for _ in range(outputs)]
        self.last = MaskedLinear(degrees, out)

    def forward(self, x):
        return self.last(self.blocks(self.first(x))).view(-1, *self.shape)


class EnergyNet(nn.Module):
    def __init__(self, inputs, hidden, blocks, dropout):
        super().__init__()
        self.first = nn.Linear(inputs, hidden)
        self.blocks = nn.Sequential(
            *[Block(lambda: nn.Linear(hidden, hidden), dropout) for _ in range(blocks)]
        )
        self.last = nn.Linear(hidden, 1)

    def forward(self, rows):
        return -F.softplus(self.last(F.relu(self.blocks(self.first(rows)))))


class Aem(nn.Module):
    def __init__(self, a):
        super().__init__()
        self.components, self.context = a.components, a.context
        self.made = ResMade(
            a.columns, a.hidden, a.blocks, a.context + 3 * a.components, a.dropout
        )
        self.energy = EnergyNet(1 + a.context, a.energy_hidden, a.energy_blocks, a.dropout)

    def proposal(self, parameters):
        logits, means, scales = parameters.split(self.components, -1)
        return torch.distributions.MixtureSameFamily(
            torch.distributions.Categorical(logits=logits, validate_args=False),
            torch.distributions.Normal(means, 1e-3 + F.softplus(scales), validate_args=False),
            validate_args=False,
        )

    def forward(self, x, samples):
        out = self.made(x)
        contexts, parameters = out[..., : self.context], out[..., self.context :]
        log_q = self.proposal(parameters).log_prob(x)
        with torch.no_grad():
            q = self.proposal(parameters.detach())
            drawn = q.sample((samples,))
            log_q_drawn = q.log_prob(drawn)
        points = torch.cat([x[None], drawn])  # [S + 1, N, D]
        repeated = contexts[None].expand(samples + 1, -1, -1, -1)
        rows = torch.cat([points[..., None], repeated], -1).reshape(-1, 1 + self.context)
        energies = self.energy(rows).view(points.shape)
        log_z = torch.logsumexp(energies[1:] - log_q_drawn, 0) - math.log(samples)
        return (energies[0] - log_z).sum(-1), log_q.sum(-1)


def timed(work, seconds):
    work()
    work()
    times = []
    end = time.perf_counter() + seconds
    while len(times) < 5 or time.perf_counter() < end:
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return sorted(times)[len(times) // 2]


def main():
    parser = argparse.ArgumentParser()
    for name, default in [
        ("columns", 2), ("batch", 256), ("samples", 20), ("hidden", 256), ("blocks", 4),
        ("energy-hidden", 128), ("energy-blocks", 4), ("context", 64), ("components", 10),
        ("threads", 1), ("score-rows", 64), ("score-samples", 1000), ("seed", 1),
    ]:
        parser.add_argument("--" + name, type=int, default=default)
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--seconds", type=float, default=10)
    a = parser.parse_args()
    torch.manual_seed(a.seed)
    torch.set_num_threads(a.threads)
    model = Aem(a)
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-4)
    x = torch.randn(a.batch, a.columns)

    def step():
        optimiser.zero_grad()
        log_p, log_q = model(x, a.samples)
        loss = -(log_p + log_q).mean()
        loss.backward()
        optimiser.step()

    some = torch.randn(a.score_rows, a.columns)

    def score():
        with torch.no_grad():
            model(some, a.score_samples)

    out = {
        "parameters": sum(p.numel() for p in model.parameters()),
        "step_seconds": timed(step, a.seconds),
    }
    model.eval()
    out["score_seconds_a_row"] = timed(score, a.seconds) / a.score_rows
    print(json.dumps(out))


if __name__ == "__main__":
    main()
