"""FlowJAX (Ward), compiled. Plain nets: 2 blocks + 1 hidden layers have as many weights."""

from functools import cache, partial

import equinox as eqx
import flowjax
import jax
import jax.numpy as jnp
import jax.random as jr
import optax
import paramax
from flowjax.bijections import Chain, RationalQuadraticSpline
from flowjax.distributions import Normal
from flowjax.flows import coupling_flow, masked_autoregressive_flow
from flowjax.train.losses import MaximumLikelihoodLoss
from flowjax.train.train_utils import step

from protocol import Session, rows, serve


def not_trained(leaf):
    return isinstance(leaf, paramax.NonTrainable)


FLOOR = 1e-3


def slopes(inner):
    """Slopes at all knots, with those of the tails, 1, at both ends."""
    ends = [(0, 0)] * (inner.ndim - 1) + [(1, 1)]
    return jnp.pad(jax.nn.softplus(inner) + FLOOR, ends, constant_values=1.0)


def spline(bins):
    """FlowJAX's spline, whose slopes at both ends would be parameters too: 2 of 3 K + 1."""
    whole = RationalQuadraticSpline(knots=bins - 1, interval=3, min_derivative=FLOOR)
    inner = jnp.full(bins - 1, jnp.log(jnp.expm1(1 - FLOOR)))
    return eqx.tree_at(lambda s: s.derivatives, whole, paramax.Parameterize(slopes, inner))


def last_layer(flow):
    transform = flow.bijection.bijection.bijection
    transform = transform.bijections[0] if isinstance(transform, Chain) else transform
    net = getattr(transform, "masked_autoregressive_mlp", None)
    return (net or transform.conditioner).layers[-1]


def near_identity(layer):
    """Starts the nets as ours do: FlowJAX's families are the identity where the net gives 0."""
    return jax.tree.map(lambda leaf: 1e-2 * leaf if eqx.is_inexact_array(leaf) else leaf, layer)


@eqx.filter_jit
def mean_log_prob(flow, x):
    return flow.log_prob(x).mean()


@eqx.filter_jit
def log_probs(flow, x):
    return flow.log_prob(x)


@eqx.filter_jit
def draws(flow, key, n):
    return flow.sample(key, (n,))


@partial(jax.jit, static_argnums=2)
def one_pass(key, rows, batch):
    """All batches of a pass at once, as FlowJAX's own loop shuffles and cuts: on the device."""
    mixed = jr.permutation(key, rows)
    return [mixed[start : start + batch] for start in range(0, len(rows) - batch + 1, batch)]


class Resident:
    """Batches of rows that lie on the device."""

    def __init__(self, rows, batch, key):
        self.rows, self.batch, self.key = rows, batch, key
        self.left = []

    def __call__(self):
        if not self.left:
            self.key, key = jr.split(self.key)
            self.left = one_pass(key, self.rows, self.batch)
        return self.left.pop()


def find(device):
    try:
        jax.devices(device)
    except (AssertionError, RuntimeError) as failure:  # the first says nothing
        cure = "install jax[cuda12] in place of jax[cpu], and the driver"
        raise RuntimeError(f"JAX has no '{device}': {cure}. {failure}") from failure


class Flowjax(Session):
    def __init__(self, job):
        super().__init__(job)
        find(job.device)
        train, test = rows(job)
        self.on_device = job.engine == "gpu"
        self.train_rows, self.test = train, jnp.asarray(test)
        self.key = jr.key(job.seed)
        self.test_rows = lambda start, stop: self.test[start:stop]
        if self.on_device:
            # Products in float32, as ours are: a GPU would round their factors.
            jax.config.update("jax_default_matmul_precision", "highest")
            self.train_rows = jnp.asarray(train)
            self.test_rows = cache(self.test_rows)

    def shuffled(self):
        if self.on_device:
            return Resident(self.train_rows, self.job.batch, jr.key(self.job.seed))
        return super().shuffled()

    def device_megabytes(self):
        facts = jax.devices()[0].memory_stats()
        return facts["peak_bytes_in_use"] / 2**20 if facts else None

    def build(self):
        job = self.job
        make = (
            masked_autoregressive_flow if job.conditioner == "autoregressive" else coupling_flow
        )
        # None: FlowJAX's affine map.
        transformer = spline(job.bins) if job.univariate == "rational-quadratic" else None
        flow = make(
            jr.key(job.seed),
            base_dist=paramax.non_trainable(Normal(jnp.zeros(job.columns))),
            transformer=transformer,
            flow_layers=job.layers,
            nn_width=job.hidden,
            nn_depth=2 * job.blocks + 1,
        )
        flow = eqx.tree_at(last_layer, flow, replace_fn=near_identity)
        self.params, self.static = eqx.partition(flow, eqx.is_inexact_array, is_leaf=not_trained)
        self.parameters = sum(leaf.size for leaf in jax.tree.leaves(self.params))
        self.optimizer = self.adam()
        self.state = self.optimizer.init(self.params)
        self.loss = MaximumLikelihoodLoss()

    def adam(self):
        if self.clip_norm == 0:
            return optax.adam(self.job.learning_rate)

        def clipped(learning_rate):
            clip = optax.clip_by_global_norm(self.clip_norm)
            return optax.chain(clip, optax.adam(learning_rate))

        return optax.inject_hyperparams(clipped)(self.job.learning_rate)

    def rate(self, value):
        self.state.hyperparams["learning_rate"] = jnp.asarray(value, jnp.float32)

    def log_densities(self, x):
        return log_probs(self.flow, jnp.asarray(x))

    def weights(self):
        return self.params

    def restore(self, weights):
        self.params = weights

    @property
    def flow(self):
        return eqx.combine(self.params, self.static)

    def step(self, batch):
        # Of the host's rows, their indices.
        batch = batch if self.on_device else self.train_rows[batch]
        self.params, self.state, loss = step(
            self.params,
            self.static,
            batch,
            optimizer=self.optimizer,
            opt_state=self.state,
            loss_fn=self.loss,
        )
        return loss

    def score(self, start, stop):
        return mean_log_prob(self.flow, self.test_rows(start, stop))

    def sample(self):
        self.key, key = jr.split(self.key)
        return draws(self.flow, key, self.job.batch)

    def wait(self, value):
        jax.block_until_ready(value)


serve(lambda job: (Flowjax(job), f"flowjax {flowjax.__version__}, jax {jax.__version__}"))
