"""A JAX function of your own under the laws:

    import jax_function

    def predict(p, x, model): ...  # blocks by name, (T,) tokens -> (S,) probabilities

    jax_function.serve("mine", "reduced", predict)

    causalgrad conform -- python3 mine.py

p has the blocks of protocol.layout, {"A1": (T, T), "A2": (S, S)} for the reduced model. The gradient is autodiff's, and the loss is
-sum y log(f + eps), a mean over sequences. This file is an example by itself: python3 jax_function.py serves the function at its end."""
import os

os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0")  # many small models: compiling is what takes time
import functools

import jax
import jax.numpy as jnp
import numpy as np
import protocol


def serve(name, kind, predict, log=False, attention=None, scope=None, dtype=np.float64):
    """predict(p, x, model) is the prediction for one sequence, a log probability each if log; attention(p, x, model) gives the first
    layer's weights (heads, T, T), without it the laws of attention are not applicable. Sizes and settings that the function does not
    cover belong in scope, as {"max_length": 32}."""
    jax.config.update("jax_enable_x64", dtype == np.float64)

    @functools.lru_cache(maxsize=None)
    def compiled(items):
        model = dict(items)

        def loss(params, x, y, full, count):
            f = jax.vmap(lambda x: predict(protocol.split(full, params), x, full))(x)
            return cross_entropy(f, y, full.get("eps", 0), log) / count, jnp.exp(f) if log else f

        full = model | {"heads": list(model.get("heads", ()))}
        gradients = jax.jit(jax.value_and_grad(functools.partial(loss, full=full), has_aux=True))
        weights = attention and jax.jit(jax.vmap(lambda params, x: attention(protocol.split(full, params), x, full), (None, 0)))
        return gradients, weights

    def call(model, params, batch):
        """The batch is filled up to a power of 16, since every shape is compiled anew; targets of 0 cost nothing."""
        n, S, T = batch["count"], model["tokens"], model["length"]
        rows = 16 ** max(1, int(np.ceil(np.log(n) / np.log(16))))
        x, y = np.zeros((rows, T), int), np.zeros((rows, S), dtype)
        x[:n], y[:n] = np.reshape(batch["sequences"], (n, T)), np.reshape(np.array(batch["targets"], dtype), (n, S))
        key = tuple(sorted((k, tuple(v) if isinstance(v, list) else v) for k, v in model.items()))
        return *compiled(key), np.array(params, dtype), x, y, n

    def evaluate(model, params, batch):
        gradients, _, params, x, y, n = call(model, params, batch)
        (value, f), gradient = gradients(params, x, y, count=n)
        return {"loss": float(value), "predictions": f[:n].ravel(), "gradient": gradient}

    def attend(model, params, batch):
        _, weights, params, x, _, n = call(model, params, batch)
        return weights(params, x)[:n].ravel()

    operations = {"evaluate": evaluate} | ({"attend": attend} if attention else {})
    protocol.serve(name, operations, float(np.finfo(dtype).eps) / 2, {"models": [kind]} | (scope or {}))


def cross_entropy(f, y, eps, log):
    """The sum over sequences. A target of 0 costs nothing; an impossible one costs infinity and has no gradient."""
    if log:
        return -(y * jnp.where(y > 0, f, 0)).sum()
    p = f + eps
    value = -(y * jnp.log(jnp.where((y > 0) & (p > 0), p, 1))).sum()
    return value + jnp.where(((y > 0) & (p == 0)).any(), jnp.inf, 0)


def attention(p, x, model):
    T = model["length"]
    return jax.nn.softmax(jnp.where(jnp.tri(T, dtype=bool), p["A1"], -jnp.inf))[None]


def reduced(p, x, model):
    """The example: the reduced model."""
    second = jax.nn.softmax(attention(p, x, model)[0] @ p["A2"][x[-1]][x])
    return second @ jax.nn.one_hot(x, model["tokens"], dtype=second.dtype)


if __name__ == "__main__":
    serve("jax function", "reduced", reduced, attention=attention)
