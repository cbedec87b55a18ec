"""What the peers on PyTorch have in common: the loop that their documentation shows."""

import torch

from protocol import Session, rows


class TorchSession(Session):
    """A job of a peer on PyTorch, which says how a flow is built and used.

    flow(job)        a torch module
    log_prob(x)      its log-densities
    draw(n)          n rows
    """

    def __init__(self, job):
        super().__init__(job)
        torch.set_num_threads(job.threads)
        train, test = rows(job)
        self.train_rows, self.test = torch.from_numpy(train.copy()), torch.from_numpy(test.copy())

    def build(self):
        torch.manual_seed(self.job.seed)
        self.module = self.flow(self.job)
        trainable = [p for p in self.module.parameters() if p.requires_grad]
        self.parameters = sum(p.numel() for p in trainable)
        # One kernel for all parameters: the fastest of PyTorch's forms of Adam on a processor.
        self.adam = torch.optim.Adam(trainable, lr=self.job.learning_rate, fused=True)

    def step(self, index):
        self.module.train()
        loss = -self.log_prob(self.train_rows[torch.from_numpy(index)]).mean()
        self.adam.zero_grad(set_to_none=True)
        loss.backward()
        self.adam.step()
        return loss.detach()

    @torch.no_grad()
    def score(self, start, stop):
        self.module.eval()
        return self.log_prob(self.test[start:stop]).mean()

    @torch.no_grad()
    def sample(self):
        self.module.eval()
        return self.draw(self.job.batch)
