"""nflows (Durkan and others): flows as in the experiments of Neural Spline Flows."""

import torch
from nflows import distributions, flows, transforms
from nflows.nn.nets import ResidualNet
from nflows.utils import create_alternating_binary_mask

from protocol import serve
from torch_session import SPLINE_SLOPE, TorchSession, near, spline_identity


class GeneralAffine(transforms.AffineCouplingTransform):
    """With the scale of its autoregressive twin: its own, sigmoid(u + 2), cannot exceed 1."""

    def _scale_and_shift(self, parameters):
        shift = parameters[:, : self.num_transform_features, ...]
        free = parameters[:, self.num_transform_features :, ...]
        return torch.nn.functional.softplus(free) + 1e-3, shift


def identity(cdf):
    """Starts the splines of the other half where those of the nets start, not at random."""
    with torch.no_grad():
        cdf.unnormalized_widths.zero_()
        cdf.unnormalized_heights.zero_()
        cdf.unnormalized_derivatives.fill_(SPLINE_SLOPE)


class Nflows(TorchSession):
    def flow(self, job):
        parts = []
        for n in range(job.layers):
            transform, last, identity = self.transform(job, n)
            near(last, identity)
            parts += [self.linear(job), transform]
        parts.append(self.linear(job))
        return flows.Flow(
            transforms.CompositeTransform(parts), distributions.StandardNormal([job.columns])
        )

    def linear(self, job):
        return transforms.CompositeTransform(
            [
                transforms.RandomPermutation(features=job.columns),
                transforms.LULinear(job.columns, using_cache=True, identity_init=True),
            ]
        )

    def transform(self, job, n):
        """A transform, its net's last layer and the outputs that make it the identity."""
        spline = {"num_bins": job.bins, "tails": "linear", "tail_bound": 3.0}
        if job.conditioner == "autoregressive":
            net = {
                "features": job.columns,
                "hidden_features": job.hidden,
                "num_blocks": job.blocks,
                "use_residual_blocks": True,
            }
            if job.univariate == "affine":
                made = transforms.MaskedAffineAutoregressiveTransform(**net)
                return made, made.autoregressive_net.final_layer, [SPLINE_SLOPE, 0.0]
            made = transforms.MaskedPiecewiseRationalQuadraticAutoregressiveTransform(
                **net, **spline
            )
            return made, made.autoregressive_net.final_layer, spline_identity(job.bins)

        def net(inputs, outputs):
            return ResidualNet(
                inputs, outputs, hidden_features=job.hidden, num_blocks=job.blocks
            )

        mask = create_alternating_binary_mask(job.columns, even=(n % 2 == 1))
        if job.univariate == "affine":
            made = GeneralAffine(mask, net)
            # Outputs are shifts first where a mask is split, one scale for each after them.
            half = made.transform_net.final_layer.bias.numel() // 2
            return made, made.transform_net.final_layer, [0.0] * half + [SPLINE_SLOPE] * half
        made = transforms.PiecewiseRationalQuadraticCouplingTransform(
            mask, net, apply_unconditional_transform=job.rest == "free", **spline
        )
        # What it divides widths and heights by the root of: they would learn more slowly.
        made.transform_net.hidden_features = 1
        if made.unconditional_transform is not None:
            identity(made.unconditional_transform)
        return made, made.transform_net.final_layer, spline_identity(job.bins)

    def log_prob(self, x):
        return self.module.log_prob(x)

    def draw(self, n):
        return self.module.sample(n)


serve(lambda job: (Nflows(job), f"nflows 0.14, torch {torch.__version__}"))
