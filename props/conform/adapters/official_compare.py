"""The authors' code and this program side by side: official_compare.py DIR PROGRAM OUT WEIGHTS [--seeds 8] [--until HH:MM]
[--only runs|speed] (make compare-official)

DIR is a clone of the authors' repository, PROGRAM is bin/causalgrad. Both train on the same four graphs, as many_graphs.ipynb does
(gradient descent at the constant rate 1, 1024 sequences a step, float32 there), and all weights are scored by one yardstick, the
authors' own loss on sequences of their own sampler. --only speed measures the time of a step instead, alternating blocks of both programs.
OUT, a JSON document, is rewritten after each run, and the next start goes on from it and from the weights in the folder WEIGHTS. The
verdicts are causalgrad report's. Needs jax, simple-pytree and optax."""
import argparse
import datetime
import importlib.metadata
import itertools
import json
import os
import pathlib
import resource
import subprocess
import time

import jax
import jax.numpy as jnp
import numpy as np
import official_clone
import optax

BATCH, EPOCH = 1024, 128  # sequences a step; steps whose sequences are drawn at once, their max_size / batch_size
STEPS = [1024, 4096]  # the rate is constant, so that the longer run contains the shorter one
TEST = 2**17  # sequences behind a loss
S, T = 3, 20
FORESTS = {
    "chain": list(range(-1, 18)),
    "icl": [-1] + [i - 1 if i % 2 else -1 for i in range(1, 19)],
    "forest-0": [-1, -1, 0, 2, -1, 1, -1, -1, 6, 5, -1, 8, -1, 10, -1, -1, 7, -1, -1],  # of the published trials
    "forest-15": [-1, -1, -1, 0, 0, -1, -1, -1, 1, -1, -1, 2, -1, 1, -1, 0, 15, 10, -1],
}


class Document:
    """What was measured, in a file that is whole at any time."""

    def __init__(self, path, head):
        old = json.loads(path.read_text()) if path.exists() else {}
        self.path, self.data = path, head | {key: old.get(key, none) for key, none in (("machine", ""), ("runs", []), ("speed", []))}

    def add(self, kind, entry):
        self.data[kind].append(entry)
        many = lambda v: "[" + ",".join("\n  " + json.dumps(x) for x in v) + "\n]"
        lines = [f'"{k}": {many(v) if k in ("runs", "speed") else json.dumps(v)}' for k, v in self.data.items()]
        temporary = self.path.with_suffix(".tmp")
        temporary.write_text("{\n" + ",\n".join(lines) + "\n}\n")
        temporary.replace(self.path)
        print(datetime.datetime.now().strftime("%H:%M:%S"), json.dumps(entry), flush=True)

    def has(self, run):
        return any(run.items() <= {k: v for k, v in r.items() if k != "edges"}.items() for r in self.data["runs"])


def saved(path, m):
    temporary = path.with_suffix(".tmp.npz")
    np.savez(temporary, *m.A, m.W)
    temporary.replace(path)


def loaded(path):
    """Weights of either program: their leaves in order, or by name."""
    arrays = np.load(path)
    names = ["A0", "A1", "W"] if "W" in arrays else ["arr_0", "arr_1", "arr_2"]
    *A, W = (jnp.array(arrays[name], jnp.float32) for name in names)
    return catformer.CatFormer(T, S, [1, 1]).replace(A=A, W=W)


def batches(problem, key, epoch):
    """Their batch_iterator; sample_fn is theirs too, in a statement that cannot be taken out."""
    given = dict(official, batch_size=BATCH, epoch_len=epoch)
    given["sample_fn"] = jax.jit(lambda k: jax.vmap(problem.sample)(jax.random.split(k, epoch * BATCH)))
    return official_clone.definitions(clone / "single_parent.py", ["batch_iterator"], given)["batch_iterator"](key)


def theirs(problem, seed, steps, weights):
    """The weights after steps steps, from those of a shorter run where they are kept."""
    m, done, key = catformer.CatFormer(T, S, [1, 1]), 0, jax.random.PRNGKey(seed)
    for shorter in STEPS[: STEPS.index(steps)]:
        if weights(shorter).exists():
            m, done = loaded(weights(shorter)), shorter
    for _ in range(done // EPOCH):
        key = jax.random.split(key)[0]  # as batch_iterator goes on
    iterator = batches(problem, key, EPOCH)
    for _ in range(steps - done):
        m = official["step_fn"](m, next(iterator), lr=1.0, wd=0.0)
    saved(weights(steps), m)


def ours(arguments, weights=None):
    command = [program, "train", "--test-sequences", "2", "--format", "json", "--out", os.devnull, *arguments]
    subprocess.run(command + (["--weights-out", weights, "--weights-layout", "official"] if weights else []), check=True)


def late(until):
    return until and datetime.datetime.now().strftime("%H:%M") >= until


def runs(document, folder, seeds, until):
    """All graphs with one seed come before the next seed, so that a stopped run has as many seeds of each."""
    folder.mkdir(parents=True, exist_ok=True)
    for steps, seed, graph, code in itertools.product(STEPS, range(1, seeds + 1), FORESTS, ("causalgrad", "official")):
        run = {"graph": graph, "seed": seed, "code": code, "steps": steps}
        if document.has(run):
            continue
        if late(until):
            return
        weights = lambda steps: folder / f"{graph}-{seed}-{code}-{steps}.npz"
        problem = problems.InContextTree(S, jnp.array(FORESTS[graph]), 0.1)
        if code == "official":
            theirs(problem, seed, steps, weights)
        else:
            ours(["--graph", "parents:" + ",".join(map(str, FORESTS[graph])), "--seed", str(seed), "--steps", str(steps)], weights(steps))
        document.add("runs", run | score(loaded(weights(steps)), problem))


def score(m, problem):
    """Their loss, and the positions' softmax on the edges, as many_graphs.ipynb takes it."""
    sample = jax.jit(jax.vmap(problem.sample))
    keys = jax.random.split(jax.random.PRNGKey(2**31 - 1), TEST).reshape(8, TEST // 8, -1)  # no training's seed
    losses = [float(official["loss_fn"](m, sample(k))) for k in keys]
    scores = m.A[0][0][S:, S:]
    softmax = jax.nn.softmax(jnp.where(jnp.tri(T), scores, -jnp.inf))
    edges = [round(float(softmax[i, p]), 6) for i, p in enumerate(problem.dag) if p >= 0]
    return {"loss": round(float(np.mean(losses)), 6), "edges": edges}


TRIGRAMS = [[], []] + [[(i - 1) // 2, i - 1] for i in range(2, 33)]  # of multi_parent.ipynb
CONFIGURATIONS = {  # name: tokens, length, heads, graph
    "S=3,T=20,heads=1-1": (3, 20, [1, 1], FORESTS["chain"]),
    "S=10,T=20,heads=1-1": (10, 20, [1, 1], FORESTS["chain"]),
    "S=5,T=32,heads=2-1": (5, 32, [2, 1], TRIGRAMS),
}
OUR_STEPS, THEIR_STEPS = 1024, 32  # of a block


def official_block(S, T, heads, graph):
    """A function that trains THEIR_STEPS steps, compiled."""
    m = catformer.CatFormer(T, S, heads)
    if graph == TRIGRAMS:
        problem, opt = problems.InContextDAG(S, graph, 0.1), optax.adamw(1e-2, weight_decay=1e-4)
        step = official_clone.definitions(clone / "multi_parent.ipynb", ["step_fn"], dict(official, optax=optax, opt=opt))["step_fn"]
        state = (m, opt.init(m))
    else:
        problem, state = problems.InContextTree(S, jnp.array(graph), 0.1), (m,)
        step = lambda m, batch: (official["step_fn"](m, batch, lr=1.0, wd=0.0),)
    iterator = batches(problem, jax.random.PRNGKey(0), THEIR_STEPS)

    def block():
        nonlocal state
        for _ in range(THEIR_STEPS):
            state = step(state[0], next(iterator), *state[1:])
        jax.block_until_ready(state)

    block()
    return block


def processor():
    """Seconds of this process and of those that it started."""
    return sum(t for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN) for t in resource.getrusage(who)[:2])


def speed(document, blocks, until):
    """Time of alternating blocks of both codes. Ours has a start of the program in it, theirs no compiling."""
    document.data |= {"machine": machine(), "speed": []}  # a measurement is of one time and machine
    for name, (S, T, heads, graph) in CONFIGURATIONS.items():
        flags = ["--tokens", str(S), "--length", str(T), "--heads", ",".join(map(str, heads)), "--steps", str(OUR_STEPS)]
        if graph == TRIGRAMS:
            flags += "--graph trigram-half --optimizer adamw --lr 0.01 --weight-decay 1e-4 --init-scale 1e-4".split()
        theirs = official_block(S, T, heads, graph)
        for _ in range(blocks):
            for code, steps, block in (("causalgrad", OUR_STEPS, lambda: ours(flags)), ("official", THEIR_STEPS, theirs)):
                if late(until):
                    return
                cpu, wall = processor(), time.monotonic()
                block()
                times = {"cpu_seconds": round(processor() - cpu, 3), "wall_seconds": round(time.monotonic() - wall, 3)}
                document.add("speed", {"configuration": name, "code": code, "steps": steps, **times, "load": round(os.getloadavg()[0], 1)})


def machine():
    lines = dict(line.split(":", 1) for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if ":" in line)
    lines = {k.strip(): v.strip() for k, v in lines.items()}
    return f"{lines['model name']} (family {lines['cpu family']}, model {lines['model']}), {os.cpu_count()} processors"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clone")
    parser.add_argument("program")
    parser.add_argument("out")
    parser.add_argument("weights")
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--blocks", type=int, default=8)
    parser.add_argument("--until", default="", help="stop before the next run at this time of the day, HH:MM")
    parser.add_argument("--only", choices=["runs", "speed"])
    a = parser.parse_args()
    clone, program = official_clone.folder(a.clone), a.program
    catformer, problems, official = official_clone.load(clone)
    commit = subprocess.run(["git", "-C", str(clone), "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    out = pathlib.Path(a.out)
    document = Document(out, {"schema": "causalgrad/official/1", "commit": commit,
        "versions": {name: importlib.metadata.version(name) for name in ("jax", "jaxlib", "optax")}, "test_sequences": TEST, "graphs": FORESTS})
    if a.only != "speed":
        runs(document, pathlib.Path(a.weights), a.seeds, a.until)
    if a.only != "runs":
        speed(document, a.blocks, a.until)
