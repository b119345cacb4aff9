"""The models in JAX, with autodiff's gradients: causalgrad conform -- python3 jax_models.py [--float32] [--fault NAME]
Theory, sampler and metrics are numpy_theory.py's. --fault plants a mistake that the laws must name: "future" (attention sees one
position ahead), "stopped" (no gradient through the first layer's keys), "uncorrected" (AdamW without bias corrections)."""
import functools
import os
import sys

os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0")  # many small models: compiling is what takes time
import jax
import jax.numpy as jnp
import numpy as np
import numpy_theory
import protocol
from numpy_theory import REAL

jax.config.update("jax_enable_x64", REAL == np.float64)
FAULT = sys.argv[sys.argv.index("--fault") + 1] if "--fault" in sys.argv else ""


def causal_softmax(z):
    return jax.nn.softmax(jnp.where(jnp.tri(*z.shape, k=int(FAULT == "future"), dtype=bool), z, -jnp.inf))


def forward(spec, params, x, eps):
    """log(f + eps), f and the first layer's weights (heads, T, T) of one sequence; eps is the reduced model's."""
    kind, S, T, heads, layers = spec
    p = protocol.split({"kind": kind, "tokens": S, "length": T, "heads": heads, "layers": layers}, params)
    token = jax.nn.one_hot(x, S, dtype=REAL)
    if kind == "reduced":
        first = causal_softmax(p["A1"])[None]
        z = first[0] @ p["A2"][x[-1]][x]
        z -= jax.lax.stop_gradient(z.max())  # near 0 where the mass is: the logarithms below lose no digits
        here = token.sum(0) > 0  # where() keeps -inf out of gradients: 0 times infinity would be NaN
        mass = jax.nn.logsumexp(jnp.where(token > 0, z[:, None], jnp.where(here, -jnp.inf, 0)), axis=0) - jax.nn.logsumexp(z)
        log_eps = jnp.log(jnp.where(eps > 0, eps, 1))
        absent = jnp.where(eps > 0, log_eps, -jnp.inf)
        log_f = jnp.where(here, jnp.where(eps > 0, jnp.logaddexp(mass, log_eps), mass), absent)
        return log_f, jnp.where(here, jnp.exp(mass), 0), first
    if kind == "transformer":
        h = p["wte"][x] + p["wpe"]
        for l in range(layers):
            weights = causal_softmax(scores(h, p[f"A{l}"], l))
            first = weights[None] if l == 0 else first
            hidden = jax.nn.relu(weights @ h @ p[f"V{l}"] @ p[f"mlp{l}.W0"] + (S + T) ** 0.5 * p[f"mlp{l}.b0"])
            h = h + hidden @ p[f"mlp{l}.W1"] + (S + T) ** 0.5 * p[f"mlp{l}.b1"]
    else:
        h = jnp.concatenate([token, jnp.eye(T, dtype=REAL)], axis=1)
        for l, m in enumerate(heads):
            weights = jnp.stack([causal_softmax(scores(h, p[f"A{l}.{a}"], l)) for a in range(m)])
            first = weights if l == 0 else first
            h = jnp.concatenate([h, *(weights @ h)], axis=1)
    log_f = jax.nn.log_softmax(h[-1] @ p["W"])
    return log_f, jnp.exp(log_f), first


def scores(h, A, layer):
    keys = A @ h.T
    return h @ (jax.lax.stop_gradient(keys) if FAULT == "stopped" and layer == 0 else keys)


@functools.partial(jax.jit, static_argnums=0)
@functools.partial(jax.value_and_grad, argnums=1, has_aux=True)
def gradients(spec, params, x, y, eps, count):
    """Mean loss over count sequences, with predictions and weights; rows whose target is 0 only fill the batch up."""
    log_f, f, first = jax.vmap(lambda x: forward(spec, params, x, eps))(x)
    return -(y * jnp.where(y > 0, log_f, 0)).sum() / count, (f, first)


def spec_of(model):
    return model["kind"], model["tokens"], model["length"], tuple(model.get("heads", ())), model.get("layers", 0)


def call(model, params, batch):
    """The batch is filled up to a power of 16, since every shape is compiled anew."""
    n, S, T = batch["count"], model["tokens"], model["length"]
    full = 16 ** max(1, int(np.ceil(np.log(n) / np.log(16))))
    x, y = np.zeros((full, T), int), np.zeros((full, S), REAL)
    x[:n], y[:n] = np.reshape(batch["sequences"], (n, T)), np.reshape(batch["targets"], (n, S))
    return gradients(spec_of(model), np.array(params, REAL), x, y, REAL(model.get("eps", 0)), REAL(n))


def evaluate(model, params, batch):
    (loss, (f, _)), gradient = call(model, params, batch)
    return {"loss": float(loss), "predictions": f[: batch["count"]].ravel(), "gradient": gradient}


def attend(model, params, batch):
    return call(model, params, batch)[0][1][1][: batch["count"]].ravel()


def stepper(optimizer, params):
    """The function that takes a gradient and returns the next parameters."""
    p, k, m, v, b1, b2 = np.array(params, REAL), 0, REAL(0), REAL(0), REAL(0.9), REAL(0.999)
    lr, decay, cosine = REAL(optimizer["lr"]), REAL(optimizer.get("decay", 0)), optimizer["schedule"] == "cosine"

    def step(g):
        nonlocal p, k, m, v
        rate = lr * REAL(0.5 * (1 + np.cos(np.pi * min(k / optimizer["steps"], 1)))) if cosine else lr
        k, g = k + 1, np.array(g, REAL)
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        c1, c2 = (1, 1) if FAULT == "uncorrected" else (1 - b1**k, 1 - b2**k)
        p = p - rate * ((g if optimizer["kind"] == "sgd" else m / c1 / (np.sqrt(v / c2) + REAL(1e-8))) + decay * p)
        return p

    return step


def optimize(optimizer, params, gradients):
    return list(map(stepper(optimizer, params), gradients))


def train(model, task, optimizer, batch, steps, seed, params, only="", workers=1):
    at, part = 0, slice(None)
    for name, shape in protocol.layout(model).items():
        part, at = slice(at, at + np.prod(shape)) if name == only else part, at + np.prod(shape)
    params, losses, step = np.array(params, REAL), [], stepper(optimizer, params[part])
    for k in range(steps):
        answer = evaluate(model, params, numpy_theory.sample(task, batch, [seed, k]))
        params[part], losses = step(answer["gradient"][part]), losses + [answer["loss"]]
    return {"params": params, "losses": losses}


if __name__ == "__main__":
    if FAULT not in ("", "future", "stopped", "uncorrected"):
        sys.exit(f"--fault {FAULT}: want future, stopped or uncorrected")
    np.seterr(divide="ignore")
    name = "jax" + (" float32" if REAL == np.float32 else "") + (f" with fault {FAULT}" if FAULT else "")
    protocol.serve(name, numpy_theory.OPERATIONS | {f.__name__: f for f in (evaluate, attend, optimize, train)}, numpy_theory.ROUNDOFF)
