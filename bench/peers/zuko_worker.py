"""zuko (Rozet and others). Its masked nets can be residual, as ours are; those of couplings are
plain, where 2 blocks + 1 hidden layers have as many weights."""

from functools import partial

import torch
import zuko
from zuko.transforms import MonotonicRQSTransform

from protocol import serve
from torch_session import TorchSession, near


class Zuko(TorchSession):
    def flow(self, job):
        options = {"transforms": job.layers}
        if job.univariate == "rational-quadratic":
            options["univariate"] = partial(MonotonicRQSTransform, bound=3.0, slope=1e-3)
            options["shapes"] = [(job.bins,), (job.bins,), (job.bins - 1,)]
        if job.conditioner == "autoregressive":
            net = {"hidden_features": [job.hidden] * job.blocks, "residual": True}
            flow = zuko.flows.MAF(job.columns, randperm=True, **net, **options)
        else:
            net = {"hidden_features": [job.hidden] * (2 * job.blocks + 1)}
            flow = zuko.flows.NICE(job.columns, **net, **options)
        for transform in flow.transform.transforms:
            near(transform.hyper[-1], [0.0])  # its families are the identity at 0
        return flow

    def log_prob(self, x):
        return self.module().log_prob(x)

    def draw(self, n):
        return self.module().sample((n,))


serve(lambda job: (Zuko(job), f"zuko {zuko.__version__}, torch {torch.__version__}"))
