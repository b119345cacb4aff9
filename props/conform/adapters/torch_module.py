"""A PyTorch module of your own under the laws:

    import torch, torch_module

    class Mine(torch.nn.Module):
        def __init__(self, tokens, length, heads): ...
        def forward(self, x): ...  # (N, T) tokens -> (N, S) log probabilities

    torch_module.serve("mine", "disentangled", lambda m: Mine(m["tokens"], m["length"], m["heads"]))

    causalgrad conform -- python3 mine.py

The module's parameters must be the blocks of protocol.layout, A0.0, A0.1, ..., W, in this order; parameters() may have another one, and
then blocks lists them. The gradient is autodiff's, and the loss is -sum y log f, a mean over sequences, unless you give your own. This file is an example by itself:
python3 torch_module.py serves the class at its end."""
import math

import protocol
import torch


def serve(name, kind, build, blocks=None, log=True, loss=None, attention=None, scope=None, dtype=torch.float64):
    """build(model) is the module of a MODEL of the protocol, which has "tokens", "length" and "heads", "eps" or "layers"; log says that it
    gives log probabilities instead of probabilities; blocks(module) lists the parameters; loss(output, targets, model) replaces the loss; attention(module, x) gives
    the first layer's weights (N, heads, T, T), without it the laws of attention are not applicable. Sizes and settings that the
    module does not cover belong in scope, as {"max_length": 32}."""
    torch.set_default_dtype(dtype)
    loss = loss or (cross_entropy_of_logs if log else cross_entropy)

    def loaded(model, params, batch):
        module = build(model)
        flat, own = torch.tensor(params, dtype=dtype), list(blocks(module) if blocks else module.parameters())
        if [tuple(p.shape) for p in own] != list(protocol.layout(model).values()):
            raise ValueError(f"the module's parameters are {[tuple(p.shape) for p in own]}, want {protocol.layout(model)}")
        with torch.no_grad():
            for p, part in zip(own, flat.split([p.numel() for p in own])):
                p.copy_(part.reshape(p.shape))
        return module, own, torch.tensor(batch["sequences"]).reshape(batch["count"], batch["length"])

    def evaluate(model, params, batch):
        module, own, x = loaded(model, params, batch)
        y = torch.tensor(batch["targets"], dtype=dtype).reshape(batch["count"], -1)
        output = module(x)
        value = loss(output, y, model)
        gradient = torch.autograd.grad(value, own, allow_unused=True)
        flat = torch.cat([(torch.zeros_like(p) if g is None else g).ravel() for p, g in zip(own, gradient)])
        return {"loss": value.item(), "predictions": (output.exp() if log else output).detach().ravel(), "gradient": flat}

    def attend(model, params, batch):
        module, _, x = loaded(model, params, batch)
        with torch.no_grad():
            return attention(module, x).ravel()

    operations = {"evaluate": evaluate} | ({"attend": attend} if attention else {})
    protocol.serve(name, operations, torch.finfo(dtype).eps / 2, {"models": [kind]} | (scope or {}))


def cross_entropy_of_logs(log_f, y, model):
    """A target of 0 costs nothing, also where log f is -inf."""
    return -(y * torch.where(y > 0, log_f, 0)).sum() / len(y)


def cross_entropy(f, y, model):
    """With the reduced model's eps; an impossible target costs infinity and has no gradient."""
    p = f + model.get("eps", 0)
    value = -(y * torch.where((y > 0) & (p > 0), p, 1).log()).sum() / len(y)
    return value + math.inf if bool(((y > 0) & (p == 0)).any()) else value


class Disentangled(torch.nn.Module):
    """The example: the disentangled transformer."""

    def __init__(self, tokens, length, heads):
        super().__init__()
        self.tokens, self.heads, d = tokens, heads, tokens + length
        self.A = torch.nn.ParameterList()
        for m in heads:
            self.A.extend(torch.nn.Parameter(torch.zeros(d, d)) for _ in range(m))
            d *= 1 + m
        self.W = torch.nn.Parameter(torch.zeros(d, tokens))

    def weights(self, h, a):
        return (h @ self.A[a] @ h.mT).masked_fill(torch.ones(h.shape[1], h.shape[1]).triu(1).bool(), -math.inf).softmax(-1)

    def embed(self, x):
        return torch.cat([torch.eye(self.tokens)[x], torch.eye(x.shape[1]).expand(len(x), -1, -1)], -1)

    def forward(self, x):
        h, a = self.embed(x), 0
        for m in self.heads:
            h, a = torch.cat([h, *(self.weights(h, b) @ h for b in range(a, a + m))], -1), a + m
        return (h[:, -1] @ self.W).log_softmax(-1)

    def attention(self, x):
        return torch.stack([self.weights(self.embed(x), a) for a in range(self.heads[0])], 1)


if __name__ == "__main__":
    torch.set_num_threads(1)
    serve("torch module", "disentangled", lambda m: Disentangled(m["tokens"], m["length"], m["heads"]), blocks=lambda module: [*module.A, module.W],
          attention=Disentangled.attention)
