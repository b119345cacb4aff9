"""An adapter to be filled in: causalgrad conform -- python3 NAME

Each function below answers one kind of question; its arguments and answer are those of the protocol, in which everything is
0-based, S is the number of tokens, T the length of a sequence, N the number of sequences, and flat lists run through the last index
fastest. A function that is not written yet, or that does not cover what it is asked, raises Unsupported: the draw then counts
neither for it nor against it. Take away what you will never write, and say in main what you cover."""


def sample(task, n, seed):
    """task: {"tokens": S, "length": T, "parents": [T-1 parents, -1 a root] or "dag": [T+1 lists of parents], and the prior: "alpha"
    and perhaps "gamma", or "chain"}. Return {"count": n, "tokens": S, "length": T, "sequences": [n T tokens], "targets": [n S
    probabilities], "chains": [n S S], which may be left out}, the same for the same seed from 0 to 2^64-1."""
    raise Unsupported("sample is not written yet")


def stationary(chain):
    """chain: S rows of S probabilities, chain[a][b] = P(b | a). Return its stationary distribution, S numbers."""
    raise Unsupported("stationary is not written yet")


def information(parents, chain):
    """parents: T-1 parents, -1 a root. Return {"signal": g, "information": chi2}, both (T-1) x (T-1), [i][k], 0 for k > i."""
    raise Unsupported("information is not written yet")


def first_step(parents, chain, eps=0.0):
    """Return the exact first-step gradient -d2L/(dA1 dbeta0) at 0, T x T, 0 above the diagonal."""
    raise Unsupported("first_step is not written yet")


def estimate(task, batch, alpha):
    """batch: {"count": N, "tokens": S, "length": T, "sequences": [N T], "targets": [N S]}. Return the count estimator, [N S]."""
    raise Unsupported("estimate is not written yet")


def evaluate(model, params, batch):
    """model: {"kind": "disentangled", "tokens": S, "length": T, "heads": [1, 1]}, {"kind": "reduced", ..., "eps": 0.01} or
    {"kind": "transformer", ..., "layers": 2}; layout(model) names the blocks of the flat params and split(model, params) cuts an array
    into them. Return {"loss": -sum y log f, a mean over sequences, "predictions": f, [N S], "gradient": of the loss, [P]}."""
    raise Unsupported("evaluate is not written yet")


def attend(model, params, batch):
    """Return the first layer's attention weights, [N heads T T], 0 above the diagonal."""
    raise Unsupported("attend is not written yet")


def optimize(optimizer, params, gradients):
    """optimizer: {"kind": "sgd" or "adamw", "schedule": "constant" or "cosine", "lr": 1, "decay": 0, "steps": 10}. Return the
    parameters after each step, one a gradient."""
    raise Unsupported("optimize is not written yet")


def train(model, task, optimizer, batch, steps, seed, params, only="", workers=1):
    """batch: the number of fresh sequences a step; only: the one block that is trained, "" for all. Return {"params": [P],
    "losses": [the loss before each step]}."""
    raise Unsupported("train is not written yet")


def measure(batch, predictions):
    """Return the means over sequences {"loss": -sum y log f, "irreducible": -sum y log y, "sup_error": max |f - y|}, 0 log 0 = 0."""
    raise Unsupported("measure is not written yet")


def main():
    serve(
        "NAME",
        OPERATIONS,
        roundoff=2.0**-53,  # of float64; 2.0**-24 of float32
        scope={
            # "models": ["disentangled", "reduced", "transformer"], "priors": ["dirichlet", "floor", "chain"], "graphs": ["forest", "dag"],
            # "max_parents": 2, "min_tokens": 2, "max_tokens": 10, "min_length": 3, "max_length": 64,
        },
    )


if __name__ == "__main__":
    main()
