"""What every adapter needs of the protocol of `causalgrad conform`, which `go doc causalgrad/props/conform` describes: the loop
that answers requests, and the layout of the parameters. No library is needed."""
import json
import math
import sys


class Unsupported(Exception):
    """Raised by an operation that does not cover what it is asked: the draw then counts neither for it nor against it."""


def serve(name, operations, roundoff=2.0**-53, scope=None):
    """Answer the requests on standard input until it ends. operations maps names of the protocol to functions of their arguments;
    roundoff is 2^-53 for float64 and 2^-24 for float32; scope says what is covered, as in {"models": ["reduced"]}."""
    out, sys.stdout = sys.stdout, sys.stderr  # what anybody prints must not stand among the replies
    hello = {"protocol": 1, "name": name, "roundoff": roundoff, "capabilities": list(operations), "scope": scope or {}}
    for line in sys.stdin:
        request = json.loads(line)
        reply = {"id": request["id"]}
        try:
            reply["result"] = hello if request["op"] == "hello" else operations[request["op"]](**request["args"])
        except Unsupported as reason:
            reply["unsupported"] = str(reason)
        except Exception as error:  # a refusal: one line, and the next request is answered
            reply["error"] = f"{type(error).__name__}: {error}"
        print(json.dumps(reply, default=lambda v: v.tolist()), file=out, flush=True)


def layout(model):
    """Names and shapes of a model's parameter blocks, in the order of the flat vector, each row-major."""
    S, T = model["tokens"], model["length"]
    d, blocks = S + T, {}
    if model["kind"] == "reduced":
        return {"A1": (T, T), "A2": (S, S)}
    if model["kind"] == "transformer":
        blocks = {"wte": (S, d), "wpe": (T, d)}
        for l in range(model["layers"]):
            blocks |= {f"A{l}": (d, d), f"V{l}": (d, d), f"mlp{l}.W0": (d, d), f"mlp{l}.b0": (d,), f"mlp{l}.W1": (d, d), f"mlp{l}.b1": (d,)}
    for l, heads in enumerate(model.get("heads", ())):
        blocks |= {f"A{l}.{h}": (d, d) for h in range(heads)}
        d *= 1 + heads
    return blocks | {"W": (d, S)}


def split(model, params):
    """The blocks of a flat vector, by name; params is an array of any library."""
    blocks, at = {}, 0
    for name, shape in layout(model).items():
        blocks[name], at = params[at : at + math.prod(shape)].reshape(shape), at + math.prod(shape)
    if at != len(params):
        raise ValueError(f"params has {len(params)} numbers, want {at}")
    return blocks
