"""The models in PyTorch, autodiff doing the gradients and torch.optim the steps: causalgrad conform -- python3 torch_models.py [--float32]

Theory, sampler and metrics are numpy_theory.py's."""
import math

import numpy as np
import numpy_theory
import protocol
import torch
from numpy_theory import REAL

torch.set_default_dtype(torch.float32 if REAL == np.float32 else torch.float64)
torch.set_num_threads(1)


def causal_softmax(scores):
    T = scores.shape[-1]
    return scores.masked_fill(torch.ones(T, T).triu(1).bool(), -math.inf).softmax(-1)


def forward(model, params, x):
    """Log predictions of the sequences x (N, T) and the first layer's weights (N, heads, T, T)."""
    S, T, p = model["tokens"], model["length"], protocol.split(model, params)
    token = torch.eye(S)[x]
    if model["kind"] == "reduced":
        first = causal_softmax(p["A1"]).expand(len(x), 1, T, T)
        z = (first[:, 0] @ p["A2"][x[:, -1:], x][..., None])[..., 0]
        z = z - z.amax(1, keepdim=True).detach()  # near 0 where the mass is: the logarithms below lose no digits
        # Over the positions that carry each token, none where it is absent: log f without an underflow.
        held = z[:, :, None].masked_fill(token == 0, -math.inf)
        top = held.amax(1, keepdim=True).detach().clamp(min=-1e300 if REAL == np.float64 else -1e30)
        mass = (held - top).exp().sum(1)
        log_f = mass.masked_fill(mass == 0, 1).log().masked_fill(mass == 0, -math.inf) + top[:, 0] - z.logsumexp(1, keepdim=True)
        return log_f, first
    if model["kind"] == "transformer":
        h, scale = p["wte"][x] + p["wpe"], math.sqrt(S + T)
        for l in range(model["layers"]):
            weights = causal_softmax(h @ p[f"A{l}"] @ h.mT)
            first = weights[:, None] if l == 0 else first
            hidden = (weights @ h @ p[f"V{l}"] @ p[f"mlp{l}.W0"] + scale * p[f"mlp{l}.b0"]).relu()
            h = h + hidden @ p[f"mlp{l}.W1"] + scale * p[f"mlp{l}.b1"]
    else:
        h = torch.cat([token, torch.eye(T).expand(len(x), T, T)], -1)
        for l, m in enumerate(model["heads"]):
            weights = torch.stack([causal_softmax(h @ p[f"A{l}.{a}"] @ h.mT) for a in range(m)], 1)
            first = weights if l == 0 else first
            h = torch.cat([h, *(weights @ h[:, None]).unbind(1)], -1)
    return (h[:, -1] @ p["W"]).log_softmax(-1), first


def differentiate(model, params, batch):
    """Mean loss of a batch and f; the gradient is in params.grad."""
    x = torch.tensor(np.reshape(batch["sequences"], (-1, model["length"])))
    y = torch.tensor(np.reshape(np.array(batch["targets"], REAL), (-1, model["tokens"])))
    log_f, _ = forward(model, params, x)
    f, eps = log_f.exp(), model.get("eps", 0)
    if model["kind"] == "reduced" and eps > 0:
        log_f = torch.where(f > eps, log_f + torch.log1p(eps / f.clamp(min=eps)), (f + eps).clamp(min=eps).log())
    # A target of 0 costs nothing, also where f is 0; an impossible target costs infinity and has no gradient.
    used = (y > 0) & (log_f > -math.inf)
    loss = -(y * torch.where(used, log_f, torch.zeros(()))).sum() / len(x)
    loss.backward()
    return loss.item() if bool((used | (y == 0)).all()) else math.inf, f.detach()


def variable(params):
    return torch.tensor(params, dtype=torch.get_default_dtype(), requires_grad=True)


def evaluate(model, params, batch):
    params = variable(params)
    loss, f = differentiate(model, params, batch)
    return {"loss": loss, "predictions": f.ravel(), "gradient": params.grad}


def attend(model, params, batch):
    with torch.no_grad():
        return forward(model, variable(params), torch.tensor(np.reshape(batch["sequences"], (-1, model["length"]))))[1].ravel()


def stepper(optimizer, params):
    kind = {"sgd": torch.optim.SGD, "adamw": torch.optim.AdamW}[optimizer["kind"]]
    o = kind([params], lr=optimizer["lr"], weight_decay=optimizer.get("decay", 0))
    n = optimizer.get("steps", 0)
    cosine = lambda k: 0.5 * (1 + math.cos(math.pi * min(k / n, 1)))
    s = torch.optim.lr_scheduler.LambdaLR(o, cosine if optimizer["schedule"] == "cosine" else lambda k: 1)
    return lambda: (o.step(), s.step())


def optimize(optimizer, params, gradients):
    params, path = variable(params), []
    step = stepper(optimizer, params)
    for g in gradients:
        params.grad = torch.tensor(g, dtype=params.dtype)
        step()
        path.append(params.tolist())
    return path


def train(model, task, optimizer, batch, steps, seed, params, only="", workers=1):
    params, shapes, losses = variable(params), protocol.layout(model), []
    sizes = [math.prod(s) for s in shapes.values()]
    blocks = {name: part.detach().clone().requires_grad_() for name, part in zip(shapes, params.split(sizes))}
    trained = blocks[only] if only else params
    step = stepper(optimizer, trained)
    for k in range(steps):
        whole = torch.cat(list(blocks.values())) if only else params
        whole.retain_grad()
        trained.grad = None
        losses.append(differentiate(model, whole, numpy_theory.sample(task, batch, [seed, k]))[0])
        step()
    return {"params": torch.cat(list(blocks.values())) if only else params, "losses": losses}


if __name__ == "__main__":
    np.seterr(divide="ignore")
    operations = numpy_theory.OPERATIONS | {f.__name__: f for f in (evaluate, attend, optimize, train)}
    protocol.serve("torch" + (" float32" if REAL == np.float32 else ""), operations, numpy_theory.ROUNDOFF)
