"""The theory and the sampler in numpy: causalgrad conform -- python3 numpy_theory.py [--float32]

One request a line, one answer a line: the package comment of causalgrad/props/conform describes the protocol. Put your own
code behind the names in OPERATIONS and leave out what you lack: the laws that need it are then "not applicable".
"""
import sys

import numpy as np
import protocol

REAL = np.float32 if "--float32" in sys.argv else np.float64
ROUNDOFF = float(np.finfo(REAL).eps) / 2


def stationary(chain):
    """mu of a chain or of many, (..., S, S), by elimination without a subtraction (Grassmann, Taksar and Heyman)."""
    p, size = np.array(chain, REAL), np.shape(chain)[-1]
    for k in range(size - 1, 0, -1):
        p[..., :k, k] /= p[..., k, :k].sum(-1, keepdims=True)
        p[..., :k, :k] += p[..., :k, k, None] * p[..., k, None, :k]
    mu = np.ones(p.shape[:-1], REAL)
    for k in range(1, size):
        mu[..., k] = (mu[..., :k] * p[..., :k, k]).sum(-1)
    return mu / mu.sum(-1, keepdims=True)


def information(parents, chain):
    """The signal and the chi-square information from J[k, i] = P(s_k = a, s_i = b), one edge at a time."""
    pi, mu, n = np.array(chain, REAL), stationary(chain), len(parents)
    joint = np.empty((n, n) + pi.shape, REAL)
    for i, p in enumerate(parents):
        joint[:i, i] = mu[:, None] * mu if p < 0 else joint[:i, p] @ pi
        joint[i, :i] = joint[:i, i].swapaxes(-1, -2)
        joint[i, i] = np.diag(mu)
    signal = np.einsum("ab,kiab->ik", pi / mu, joint - mu[:, None] * mu)
    chi2 = np.einsum("kiab,ab->ik", joint**2, 1 / (mu[:, None] * mu)) - 1
    return {"signal": np.tril(signal), "information": np.tril(chi2)}


def first_step(parents, chain, eps=0.0):
    """-d2L/(dA1 dbeta0) at 0. With weight z on every token s the prefix is still a Markov tree; messages from the
    leaves to the roots sum over it with s_i = s and s_k = q held, and the Fourier transform over z tells N_s."""
    pi, mu, T, S = np.array(chain, REAL), stationary(chain), len(parents) + 1, len(chain)
    token, count, response = np.eye(S, dtype=REAL), np.arange(T, dtype=REAL), np.zeros((T, T, S), REAL)
    z = np.exp(-2j * np.pi * count / T).astype(np.result_type(REAL, 1j))[:, None]
    for s in range(S):
        message = np.ones((T - 1, T, T, S, T, S), z.dtype)  # position; i, k, q, z; its own token
        total = np.ones((T, T, S, T), z.dtype)
        for j in range(T - 2, -1, -1):
            message[j] *= np.where(token[s] > 0, z, 1)
            message[j, j] *= token[s]
            message[j, :, j] *= token[:, None, :]
            if parents[j] < 0:
                total *= message[j] @ mu
            else:
                message[parents[j]] *= message[j] @ pi.T
        law = np.fft.ifft(total).real  # P(N_s = n, s_i = s, s_k = q); i or k = T - 1 holds nothing
        frequency = (count + token[:, s, None]) / T  # [q, n]: s_T = q counts too
        weight = pi[:, s, None] / np.where(frequency > 0, frequency + REAL(eps), np.inf)
        mean = law[-1] * frequency
        law[-1] *= token[:, s, None]  # s_T = s
        response += ((law - mean) * weight).sum(-1)  # of E[c_i(q) 1[s_k = q] | s_T = q]
    response = response.sum(-1)
    below = count[:, None] + 1
    return np.tril(response - np.tril(response).sum(1, keepdims=True) / below) / (S * T * below)


def sample(task, n, seed):
    rng, S, T = np.random.default_rng(seed), task["tokens"], task["length"]
    each, x, gamma = np.arange(n), np.empty((n, T), int), task.get("gamma", 0)
    prior = lambda *shape: REAL(gamma / S) + REAL(1 - gamma) * rng.dirichlet(np.full(S, task["alpha"]), shape).astype(REAL)
    draw = lambda rows: (rng.random((n, 1)) >= rows.cumsum(-1)[:, :-1]).sum(-1)
    uniform, chains = np.full((n, S), 1 / S, REAL), None
    if "dag" in task:
        tables = {k: prior(n, S**k) for k in sorted({len(p) for p in task["dag"]}) if k}
        row = lambda p: tables[len(p)][each, x[:, p] @ S ** np.arange(len(p))] if p else uniform
        for i in range(T):
            x[:, i] = draw(row(task["dag"][i]))
        targets = row(task["dag"][T])
    else:
        chains = np.broadcast_to(np.array(task["chain"], REAL), (n, S, S)) if "chain" in task else prior(n, S)
        mu = stationary(chains)
        for i, p in enumerate(task["parents"]):
            x[:, i] = draw(mu if p < 0 else chains[each, x[:, p]])
        x[:, -1] = draw(uniform)
        targets = chains[each, x[:, -1]]
    batch = {"count": n, "tokens": S, "length": T, "sequences": x.ravel(), "targets": targets.ravel()}
    return batch if chains is None else batch | {"chains": chains.ravel()}


def estimate(task, batch, alpha):
    """Counts of what followed the target's context, plus alpha, normalised; roots do not count."""
    S, T = task["tokens"], task["length"]
    x = np.reshape(batch["sequences"], (batch["count"], T))
    lists = task.get("dag") or [[p] if p >= 0 else [] for p in task["parents"]] + [[], [T - 1]]
    counts = np.full((len(x), S), alpha, REAL)
    for i, parents in enumerate(lists[:T]):
        if parents and len(parents) == len(lists[T]):
            counts += np.eye(S, dtype=REAL)[x[:, i]] * (x[:, parents] == x[:, lists[T]]).all(1)[:, None]
    return (counts / counts.sum(1, keepdims=True)).ravel()


def measure(batch, predictions):
    y, f = (np.reshape(np.array(v, REAL), (batch["count"], -1)) for v in (batch["targets"], predictions))
    entropy = lambda p: -(y[y > 0] * np.log(p[y > 0])).sum() / len(y)
    return {"loss": entropy(f), "irreducible": entropy(y), "sup_error": abs(f - y).max(1).mean()}


OPERATIONS = {f.__name__: f for f in (stationary, information, first_step, sample, estimate, measure)}

if __name__ == "__main__":
    np.seterr(divide="ignore")  # a prediction of 0 has an infinite loss
    protocol.serve("numpy" + (" float32" if REAL == np.float32 else ""), OPERATIONS, ROUNDOFF)
