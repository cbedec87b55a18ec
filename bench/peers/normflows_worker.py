"""normflows (Stimper and others). Its flows lead from noise to data."""

import normflows as nf
import torch

from protocol import serve
from torch_session import TorchSession, near, spline_identity


class Normflows(TorchSession):
    def flow(self, job):
        parts = [self.linear(job)]
        for n in range(job.layers):
            parts += [self.transform(job, n), self.linear(job)]
        return nf.NormalizingFlow(nf.distributions.DiagGaussian(job.columns, trainable=False), parts)

    def linear(self, job):
        return nf.flows.LULinearPermute(job.columns)

    def transform(self, job, n):
        if job.univariate == "rational-quadratic":
            spline = {"num_bins": job.bins, "tail_bound": 3.0}
            if job.conditioner == "autoregressive":
                return nf.flows.AutoregressiveRationalQuadraticSpline(
                    job.columns, job.blocks, job.hidden, **spline
                )
            made = nf.flows.CoupledRationalQuadraticSpline(
                job.columns, job.blocks, job.hidden, reverse_mask=n % 2 == 1, **spline
            )
            near(made.prqct.transform_net.final_layer, spline_identity(job.bins))
            return made
        if job.conditioner == "autoregressive":
            made = nf.flows.MaskedAffineAutoregressive(
                job.columns, job.hidden, num_blocks=job.blocks
            )
            near(made.autoregressive_net.final_layer, [0.0])
            # Reversed, so that densities take one pass and samples D, as in the paper.
            return nf.flows.Reverse(made)
        kept = (job.columns + 1) // 2
        net = nf.nets.ResidualNet(
            kept, 2 * (job.columns - kept), hidden_features=job.hidden, num_blocks=job.blocks
        )
        near(net.final_layer, [0.0])
        return nf.flows.AffineCouplingBlock(net)

    def log_prob(self, x):
        return self.module.log_prob(x)

    def draw(self, n):
        return self.module.sample(n)[0]


serve(lambda job: (Normflows(job), f"normflows 1.7.3, torch {torch.__version__}"))
