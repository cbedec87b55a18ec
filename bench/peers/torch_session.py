"""What the peers on PyTorch have in common: the loop that their documentation shows."""

import math

import torch

from protocol import Session, rows


SPLINE_SLOPE = math.log(math.expm1(1 - 1e-3))  # softplus of it and the floor of 1e-3 make 1


def near(layer, pattern):
    """Starts a net's last layer next to a pattern, as ours does: else the libraries' different
    starts would be what the comparison of their losses compares."""
    torch.nn.init.uniform_(layer.weight, -1e-3, 1e-3)
    with torch.no_grad():
        layer.bias.copy_(torch.tensor(pattern).repeat(layer.bias.numel() // len(pattern)))


def spline_identity(bins):
    return [0.0] * (2 * bins) + [SPLINE_SLOPE] * (bins - 1)


class TorchSession(Session):
    """A job of a peer on PyTorch, which says how a flow is built and used.

    flow(job)        a torch module
    log_prob(x)      its log-densities
    draw(n)          n rows
    """

    def __init__(self, job):
        super().__init__(job)
        torch.set_num_threads(job.threads)
        # Products in float32, as ours are.
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False
        self.device = torch.device(job.device)
        self.train_rows, self.test = (self.tensor(part) for part in rows(job))

    def tensor(self, values):
        return torch.from_numpy(values.copy()).to(self.device)

    def wait(self, value):
        if self.device.type == "cuda":
            torch.cuda.synchronize()

    def device_megabytes(self):
        if self.device.type == "cuda":
            return torch.cuda.max_memory_allocated() / 2**20
        return None

    def permute(self):
        """On a device the order is drawn there: indices of the host are copied at each step, and
        waited for."""
        if self.job.engine == "cpu":
            return super().permute()
        return lambda count: torch.randperm(count, device=self.device)

    def build(self):
        torch.manual_seed(self.job.seed)
        self.module = self.flow(self.job).to(self.device)
        trainable = [p for p in self.module.parameters() if p.requires_grad]
        self.parameters = sum(p.numel() for p in trainable)
        # One kernel for all parameters: the fastest of PyTorch's forms of Adam on either device.
        self.adam = torch.optim.Adam(trainable, lr=self.job.learning_rate, fused=True)

    def training(self, wanted):
        if self.module.training != wanted:
            self.module.train(wanted)

    def step(self, index):
        self.training(True)
        loss = -self.log_prob(self.train_rows[torch.as_tensor(index)]).mean()
        self.adam.zero_grad(set_to_none=True)
        loss.backward()
        if self.clip_norm > 0:
            torch.nn.utils.clip_grad_norm_(self.module.parameters(), self.clip_norm)
        self.adam.step()
        return loss.detach()

    def trace(self, path):
        """After a few steps that are not looked at, as the first make more than the later ones."""
        for _ in range(3):
            self.step(self.batches())
        self.wait(None)
        with torch.profiler.profile() as profiler:
            self.step(self.batches())
            self.wait(None)
        profiler.export_chrome_trace(path)

    @torch.no_grad()
    def score(self, start, stop):
        self.training(False)
        return self.log_prob(self.test[start:stop]).mean()

    @torch.no_grad()
    def sample(self):
        self.training(False)
        return self.draw(self.job.batch)

    def rate(self, value):
        for group in self.adam.param_groups:
            group["lr"] = value

    @torch.no_grad()
    def log_densities(self, x):
        self.training(False)
        pieces = self.tensor(x).split(2048)
        return torch.cat([self.log_prob(piece) for piece in pieces]).cpu().numpy()

    def weights(self):
        return {name: value.clone() for name, value in self.module.state_dict().items()}

    def restore(self, weights):
        self.module.load_state_dict(weights)
        self.module.train()  # drops what nflows has cached of the other weights
