"""The authors' own code under the laws: causalgrad conform --timeout 60s -- python3 official.py DIR [--float32]

DIR is a clone of their repository; its files are used as they are: both models of catformer.py, both problems and Bayes of
problems.py, and loss and step as single_parent.py defines them. --float32 is the precision that they ran in.
Supplied here: parameters from the flat vector, the loop of training and its schedule, AdamW (optax's, as in their notebooks), the first
layer's weights read off attn()'s average of the position one-hots, and the chain of a sequence, caught as it is drawn. They have no
reduced model, no signal, no first-step gradient, no priors but Dirichlet's. Needs jax, simple-pytree and optax."""
import functools
import sys

import jax
import jax.numpy as jnp
import numpy as np
import official_clone
import optax
import protocol
from protocol import Unsupported

jax.config.update("jax_enable_x64", "--float32" not in sys.argv)
REAL = np.float32 if "--float32" in sys.argv else np.float64

# Thousands of small models, of which compiling takes the time; samplers are few and draw much.
quickly = functools.partial(
    jax.jit,
    compiler_options={"xla_backend_optimization_level": 0, "xla_cpu_use_fusion_emitters": False, "xla_cpu_parallel_codegen_split_count": 1},
)


def built(model, params):
    """Their model with the parameters of the flat vector, traceable."""
    p = protocol.split(model, params)
    S, T, kind = model["tokens"], model["length"], model["kind"]
    if kind == "disentangled":
        m = catformer.CatFormer(T, S, model["heads"])
        stacks = [jnp.stack([p[f"A{l}.{h}"] for h in range(heads)]) for l, heads in enumerate(model["heads"])]
        return m.replace(A=stacks, W=p["W"])
    m = catformer.Transformer(T, S, [1] * model["layers"], jax.random.PRNGKey(0))
    mlps = []
    for l, mlp in enumerate(m.mlps):
        linear = [layer.replace(W=p[f"mlp{l}.W{i}"], b=p[f"mlp{l}.b{i}"]) for i, layer in enumerate(mlp.layers)]
        mlps.append(mlp.replace(layers=linear))
    layers = range(model["layers"])
    return m.replace(A=[p[f"A{l}"][None] for l in layers], V=[p[f"V{l}"] for l in layers], mlps=mlps, wte=p["wte"], wpe=p["wpe"], W=p["W"])


def frozen(model):
    return tuple(sorted((k, tuple(v) if isinstance(v, list) else v) for k, v in model.items()))


@functools.lru_cache(maxsize=None)
def compiled(items):
    model = {k: list(v) if isinstance(v, tuple) else v for k, v in items}
    S, T = model["tokens"], model["length"]

    def loss(params, x, y):
        f = built(model, params)(x)
        return official["loss_fn"].__wrapped__(lambda x: f, (x, y)), f  # not compiled by itself, so that f need not be computed twice

    def weights(params, x):
        m = built(model, params)
        h = m.embed(x)
        return jnp.stack([m.attn(h, A)[..., S : S + T] for A in m.A[0]], 1)

    return quickly(jax.value_and_grad(loss, has_aux=True)), quickly(weights)


def arrays(model, params, batch):
    x = np.reshape(batch["sequences"], (batch["count"], batch["length"])).astype(int)
    return np.array(params, REAL), x, np.reshape(np.array(batch["targets"], REAL), (batch["count"], batch["tokens"]))


def evaluate(model, params, batch):
    (value, f), g = compiled(frozen(model))[0](*arrays(model, params, batch))
    return {"loss": number(value), "predictions": numbers(f), "gradient": numbers(g)}


def attend(model, params, batch):
    if model["kind"] != "disentangled":
        raise Unsupported("the weights of catformer.Transformer cannot be read off its output")
    params, x, _ = arrays(model, params, batch)
    return numbers(compiled(frozen(model))[1](params, x))


def number(v):
    v = float(v)
    return v if np.isfinite(v) else str(v)


def numbers(v):
    return [number(x) for x in np.ravel(v)]


def key(seed):
    return jax.random.fold_in(jax.random.PRNGKey(seed >> 32), seed & 0xFFFFFFFF)


class Spy:
    """jax.random for problems.py, which also keeps the chain that a sampler draws and does not return."""

    def __getattr__(self, name):
        return getattr(jax.random, name)

    def dirichlet(self, *args):
        self.drawn = jax.random.dirichlet(*args)
        return self.drawn


def problem(task, alpha, dag=None):
    if "dag" in task:
        return problems.InContextDAG(task["tokens"], task["dag"], alpha)
    tree = problems.InContextTree.__new__(problems.InContextTree)  # without the check of the graph, which cannot be compiled
    tree.vocab_size, tree.dag, tree.alpha = task["tokens"], jnp.array(task["parents"]) if dag is None else dag, alpha
    return tree


@functools.lru_cache(maxsize=None)
def tree_sampler(S):
    def one(k, dag, alpha):
        x, y = problem({"tokens": S}, alpha, dag).sample(k)
        return x, y, problems.jr.drawn

    return jax.jit(jax.vmap(one, (0, None, None)))


def draw(task, n, k):
    """Sequences, targets and, for forests, chains. A small batch is filled up, since every shape is compiled anew."""
    keys = jax.random.split(k, max(n, 512))
    if "dag" in task:  # not compiled as a whole, which every graph would be anew
        parts = jax.vmap(problem(task, task["alpha"]).sample)(keys)
    else:
        parts = tree_sampler(task["tokens"])(keys, np.array(task["parents"]), REAL(task["alpha"]))
    return tuple(part[:n] for part in parts)


def sample(task, n, seed):
    x, y, *chains = draw(task, n, key(seed))
    batch = {"count": n, "tokens": task["tokens"], "length": task["length"], "sequences": x.ravel(), "targets": numbers(y)}
    return batch | {"chains": numbers(chains[0])} if chains else batch


def stationary(chain):
    return numbers(problems.get_stationary(jnp.array(chain, REAL)))


def estimate(task, batch, alpha):
    x = jnp.array(batch["sequences"]).reshape(batch["count"], batch["length"])
    return numbers(jax.vmap(problem(task, alpha).bayes)(x))


def schedule(optimizer):
    return optax.cosine_decay_schedule(optimizer["lr"], optimizer["steps"]) if optimizer["schedule"] == "cosine" else lambda k: optimizer["lr"]


@functools.cache
def given_step():
    """step_fn on a loss whose gradient is the given one: the inner product with it."""
    rule = dict(official, loss_fn=lambda model, batch: model @ batch)
    return quickly(official_clone.definitions(folder / "single_parent.py", ["step_fn"], rule)["step_fn"])


def optimize(optimizer, params, gradients):
    rate, p, path, decay = schedule(optimizer), jnp.array(params, REAL), [], optimizer.get("decay", 0)
    if optimizer["kind"] == "sgd":
        step = lambda p, g, k: given_step()(p, g, REAL(rate(k)), REAL(decay))
    else:
        adamw = optax.adamw(rate, weight_decay=decay)
        state = adamw.init(p)

        def step(p, g, k):
            nonlocal state
            updates, state = adamw.update(g, state, p)
            return optax.apply_updates(p, updates)

    for k, g in enumerate(gradients):
        p = step(p, jnp.array(g, REAL), k)
        path.append(numbers(p))
    return path


def train(model, task, optimizer, batch, steps, seed, params, only="", workers=1):
    if only or optimizer["kind"] != "sgd":
        raise Unsupported("single_parent.py trains all blocks, by gradient descent")
    m, rate, losses = built(model, np.array(params, REAL)), schedule(optimizer), []
    for k in range(steps):
        data = draw(task, batch, jax.random.fold_in(key(seed), k))[:2]
        losses.append(number(loss(m, data)))
        m = descend(m, data, REAL(rate(k)), REAL(optimizer.get("decay", 0)))
    return {"params": numbers(flat(model, m)), "losses": losses}


def flat(model, m):
    if model["kind"] == "disentangled":
        return jnp.concatenate([*(A.ravel() for A in m.A), m.W.ravel()])
    blocks = [m.wte, m.wpe]
    for A, V, mlp in zip(m.A, m.V, m.mlps):
        blocks += [A, V, *(part for layer in mlp.layers for part in (layer.W, layer.b))]
    return jnp.concatenate([b.ravel() for b in [*blocks, m.W]])


if __name__ == "__main__":
    names = [a for a in sys.argv[1:] if not a.startswith("--")]
    if len(names) != 1:
        sys.exit("want one argument, the folder of a clone of the authors' repository")
    folder = official_clone.folder(names[0])
    catformer, problems, official = official_clone.load(folder)
    loss, descend = quickly(official["loss_fn"]), quickly(official["step_fn"])
    problems.jr = Spy()
    operations = {f.__name__: f for f in (stationary, sample, estimate, evaluate, attend, optimize, train)}
    scope = {"models": ["disentangled", "transformer"], "priors": ["dirichlet"]}
    protocol.serve("official" + (" float32" if REAL == np.float32 else ""), operations, float(np.finfo(REAL).eps) / 2, scope)
