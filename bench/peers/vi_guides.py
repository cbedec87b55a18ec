"""Processor seconds of NumPyro's and Pyro's guides to a good fit of the non-centred eight schools.

vi_guides.py OUT.csv SECONDS GUIDE [--draws 16] [--block 250] [--steps 5000]

A guide is trained in blocks of steps. After each block its lower bound is estimated with 4,000 fresh
draws and, once that is within 0.3 nats of the log evidence, k-hat with 5,000: the time of the first
block that passes both is the time to a good fit. It is counted from the start of the process, imports and
compilation included, in seconds of the processor, which other processes on the machine disturb less
than the clock; judgements are not counted. Adam's step size falls by a cosine over the most steps
that there can be.
"""
import argparse
import csv
import time

import numpy as np

Y = np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
SIGMA = np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])
EVIDENCE = -31.3113
NEAR = 0.3
K_HAT = 0.7


def k_hat(ratios):
    """The shape of the tail of importance ratios, by ArviZ."""
    import arviz

    return float(arviz.psislw(np.asarray(ratios, dtype=float), reff=1.0)[1])


class Clock:
    """Seconds that count."""

    def __init__(self):
        self.seconds = 0.0
        self.began = 0.0

    def stop(self):
        self.seconds += time.process_time() - self.began

    def go(self):
        self.began = time.process_time()


def judge(clock, limit, ratios):
    """None: go on. Else the row's numbers."""
    bound = float(np.mean(ratios(4000)))
    shape = k_hat(ratios(5000)) if bound > EVIDENCE - NEAR else float("nan")
    if shape < K_HAT or clock.seconds > limit:
        return clock.seconds, bound, shape
    return None


def numpyro_guide(name, limit, draws, block, steps):
    clock = Clock()
    import jax
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist
    from numpyro.infer import SVI, Trace_ELBO, autoguide
    from numpyro.infer.util import log_density

    def model():
        mu = numpyro.sample("mu", dist.Normal(0, 5))
        tau = numpyro.sample("tau", dist.HalfCauchy(5))
        with numpyro.plate("schools", 8):
            own = numpyro.sample("own", dist.Normal(0, 1))
            numpyro.sample("y", dist.Normal(mu + tau * own, SIGMA), obs=Y)

    guide = {"AutoNormal": autoguide.AutoNormal, "AutoIAFNormal": autoguide.AutoIAFNormal}[name](model)
    rate = 0.02 if name == "AutoNormal" else 0.005
    schedule = lambda i: rate * 0.5 * (1 + jnp.cos(jnp.pi * jnp.minimum(i / steps, 1.0)))
    svi = SVI(model, guide, numpyro.optim.Adam(schedule), Trace_ELBO(num_particles=draws))
    state = svi.init(jax.random.PRNGKey(1))
    run = jax.jit(lambda s: jax.lax.fori_loop(0, block, lambda i, t: svi.update(t)[0], s))

    def weigh(key, params):
        def one(k):
            with numpyro.handlers.seed(rng_seed=k):
                trace = numpyro.handlers.trace(numpyro.handlers.substitute(guide, params)).get_trace()
            logq = sum(jnp.sum(s["fn"].log_prob(s["value"])) for s in trace.values() if s["type"] == "sample")
            values = {n: s["value"] for n, s in trace.items() if s["type"] == "sample"}
            return log_density(model, (), {}, values)[0] - logq, values

        return jax.vmap(one)(jax.random.split(key, 5000))[0]

    weighed = jax.jit(weigh)
    count = 0
    while True:
        state = jax.block_until_ready(run(state))
        count += 1
        clock.stop()
        params = svi.get_params(state)

        def ratios(n):
            key = jax.random.PRNGKey(1000 + count * 7 + n)
            if name == "AutoNormal":
                return np.array(weighed(key, params))[:n]
            return np.array(iaf_ratios(key, params, guide, model))[:n]

        found = judge(clock, limit, ratios)
        if found or count * block >= steps:
            return found or (clock.seconds, float(np.mean(ratios(4000))), k_hat(ratios(5000)))
        clock.go()


def iaf_ratios(key, params, guide, model):
    import jax
    import numpyro
    from numpyro.infer.util import log_density

    posterior = guide.get_posterior(params)
    latent, intermediates = posterior.sample_with_intermediates(key, (5000,))
    logq = posterior.log_prob(latent, intermediates)

    def joint(z):
        values = guide._unpack_and_constrain(z, params)
        return log_density(model, (), {}, values)[0] + jax.numpy.log(values["tau"])

    return jax.vmap(joint)(latent) - logq


def pyro_planar(name, limit, draws, block, steps):
    clock = Clock()
    import torch
    import pyro
    import pyro.distributions as dist
    from pyro.infer import SVI, Trace_ELBO
    from pyro.infer.autoguide import AutoNormalizingFlow
    from pyro.distributions.transforms import ComposeTransformModule, planar
    from pyro.optim import PyroOptim

    torch.set_num_threads(1)
    pyro.set_rng_seed(1)
    y, sigma = torch.tensor(Y, dtype=torch.float32), torch.tensor(SIGMA, dtype=torch.float32)

    def model():
        mu = pyro.sample("mu", dist.Normal(0.0, 5.0))
        tau = pyro.sample("tau", dist.HalfCauchy(5.0))
        with pyro.plate("schools", 8, dim=-1):
            own = pyro.sample("own", dist.Normal(0.0, 1.0))
            pyro.sample("y", dist.Normal(mu + tau * own, sigma), obs=y)

    guide = AutoNormalizingFlow(model, lambda d: ComposeTransformModule([planar(d) for _ in range(16)]))
    optimiser = pyro.optim.CosineAnnealingLR(
        {"optimizer": torch.optim.Adam, "optim_args": {"lr": 0.01}, "T_max": steps}
    )
    svi = SVI(model, guide, optimiser, Trace_ELBO(num_particles=draws, max_plate_nesting=1, vectorize_particles=True))
    count = 0
    while True:
        for _ in range(block):
            svi.step()
            optimiser.step()
        count += 1
        clock.stop()

        def ratios(n):
            with torch.no_grad():
                posterior = guide.get_posterior()
                z = posterior.sample((n,))
                logq = posterior.log_prob(z)
                own, mu, log = z[:, 2:], z[:, 0], z[:, 1]
                tau = log.exp()
                joint = dist.Normal(0.0, 5.0).log_prob(mu) + dist.HalfCauchy(5.0).log_prob(tau) + log
                joint = joint + dist.Normal(0.0, 1.0).log_prob(own).sum(1)
                joint = joint + dist.Normal(mu[:, None] + tau[:, None] * own, sigma).log_prob(y).sum(1)
                return (joint - logq).numpy()

        found = judge(clock, limit, ratios)
        if found or count * block >= steps:
            return found or (clock.seconds, float(np.mean(ratios(4000))), k_hat(ratios(5000)))
        clock.go()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("seconds", type=float)
    parser.add_argument("guide", choices=["AutoNormal", "AutoIAFNormal", "AutoNormalizingFlow"])
    parser.add_argument("--draws", type=int, default=16)
    parser.add_argument("--block", type=int, default=250)
    parser.add_argument("--steps", type=int, default=5000)
    options = parser.parse_args()
    fit = pyro_planar if options.guide == "AutoNormalizingFlow" else numpyro_guide
    found = fit(options.guide, options.seconds, options.draws, options.block, options.steps)
    with open(options.out, "a", newline="") as file:
        numbers = (f"{number:.5g}" for number in found)
        csv.writer(file).writerow([options.guide, options.draws, options.steps, *numbers])
    print(options.guide, *found, flush=True)


if __name__ == "__main__":
    main()
