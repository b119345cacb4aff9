"""The authors' repository as a library: its modules, and the functions that its scripts and notebooks define inside a main() or a
cell and that cannot be imported. The clone is given by path and its files are used as they are. Needs jax and simple-pytree."""
import ast
import json
import pathlib
import sys

import jax
import jax.numpy as jnp


def source(path):
    """A script's text, or a notebook's code without its magic."""
    text = path.read_text()
    if path.suffix == ".ipynb":
        cells = [line for c in json.loads(text)["cells"] if c["cell_type"] == "code" for line in ["\n", *c["source"]]]
        text = "".join("\n" if line.startswith("%") else line for line in cells)
    return text


def definitions(path, names, given):
    """Those functions of a script or notebook, defined among what is given; of several of one name the last."""
    tree = ast.parse(source(path))
    found = {n.name: n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name in names}
    if set(names) - set(found):
        sys.exit(f"{path}: no function {', '.join(sorted(set(names) - set(found)))}")
    exec(compile(ast.Module([found[n] for n in names], []), str(path), "exec"), given)
    return given


def folder(argument):
    path = pathlib.Path(argument)
    if not (path / "catformer.py").is_file():
        sys.exit(f"{argument}: want the folder of a clone of the authors' repository, with catformer.py in it")
    return path


def load(folder):
    """catformer.py, problems.py, and loss and step of single_parent.py."""
    sys.path.insert(0, str(folder))
    import catformer
    import problems

    add = lambda tree, scale, other: jax.tree.map(lambda a, b: a + scale * b, tree, other)  # jaxopt's, which util.py imports
    given = {"jax": jax, "jnp": jnp, "jr": jax.random, "jit": jax.jit, "vmap": jax.vmap, "tree_map": jax.tree.map, "tree_add_scalar_mul": add}
    return catformer, problems, definitions(folder / "single_parent.py", ["criterion", "loss_fn", "step_fn"], given)
