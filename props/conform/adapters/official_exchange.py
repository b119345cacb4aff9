"""Weights both ways with the authors' code: official_exchange.py DIR PROGRAM FOLDER

DIR is a clone of the authors' repository, PROGRAM is bin/causalgrad. Either program trains a few steps and writes its weights to FOLDER,
the authors' as numpy.savez of their pytree, ours as train --weights-layout official does; exchange.json holds sequences and the authors'
loss of both on them. golden/reference/testdata/exchange was made so. Needs jax and simple-pytree."""
import json
import pathlib
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import official_clone

S, T, PARENTS, N = 3, 4, [-1, 0, 0], 64
SIXTYFOURTHS = 64  # targets are multiples of 1/64, which every precision holds
FLAGS = ["--graph", "parents:" + ",".join(map(str, PARENTS)), "--tokens", str(S), "--steps", "8", "--batch", "256", "--test-sequences", "2"]
MODELS = {
    "disentangled": (lambda key: catformer.CatFormer(T, S, [2, 1]), ["--heads", "2,1", "--init-scale", "0.5"]),
    "transformer": (lambda key: catformer.Transformer(T, S, [1, 1], key), ["--model", "transformer"]),
}


def theirs(new):
    """Eight of their steps from random leaves: from zeros all heads stay alike."""
    key, *keys = jax.random.split(jax.random.PRNGKey(0), 9)
    m = new(key)
    leaves, tree = jax.tree.flatten(m)
    m = jax.tree.unflatten(tree, [0.3 * jax.random.normal(jax.random.fold_in(key, i), leaf.shape) for i, leaf in enumerate(leaves)])
    for k in keys:
        m = official["step_fn"](m, jax.vmap(problem.sample)(jax.random.split(k, 256)), lr=0.1, wd=0.0)
    return m


def filled(m, arrays):
    """Their model with our weights, named as weights-layout official names them."""
    A = [arrays[f"A{l}"] for l in range(len(m.A))]
    if not hasattr(m, "mlps"):
        return m.replace(A=A, W=arrays["W"])
    mlps = []
    for l, mlp in enumerate(m.mlps):
        linear = [layer.replace(W=arrays[f"mlp{l}.W{i}"], b=arrays[f"mlp{l}.b{i}"]) for i, layer in enumerate(mlp.layers)]
        mlps.append(mlp.replace(layers=linear))
    return m.replace(A=A, V=[arrays[f"V{l}"] for l in range(len(m.A))], mlps=mlps, wte=arrays["wte"], wpe=arrays["wpe"], W=arrays["W"])


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    clone, program, folder = official_clone.folder(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    catformer, problems, official = official_clone.load(clone)
    problem = problems.InContextTree(S, jnp.array(PARENTS), 1.0)
    x, y = map(np.array, jax.vmap(problem.sample)(jax.random.split(jax.random.PRNGKey(1), N)))
    y = np.floor(y * SIXTYFOURTHS)
    y[:, 0] += SIXTYFOURTHS - y.sum(1)
    document = {"tokens": S, "length": T, "x": x.tolist(), "y64": y.astype(int).tolist(), "losses": {}}
    loss = lambda m: float(official["loss_fn"](m, (x, jnp.array(y / SIXTYFOURTHS, jnp.float32))))
    for name, (new, flags) in MODELS.items():
        m = theirs(new)
        np.savez(folder / f"{name}-official.npz", *jax.tree.leaves(m))
        ours = folder / f"{name}-causalgrad.npz"
        command = [program, "train", *FLAGS, *flags, "--weights-out", ours, "--weights-layout", "official"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        arrays = {k: jnp.array(v, jnp.float32) for k, v in np.load(ours).items()}
        document["losses"][name] = {"official": loss(m), "causalgrad": loss(filled(m, arrays))}
    text = json.dumps(document, allow_nan=False).replace('], "', '],\n"').replace(', "losses"', ',\n"losses"')
    (folder / "exchange.json").write_text(text + "\n")
