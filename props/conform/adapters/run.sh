#!/bin/sh
# Runs all laws on the adapters in this folder and prints laws by implementation.
# make test-adapters calls it from the top folder after building bin/causalgrad.
#
#   DRAWS=n                  draws of a cheap law, default 100
#   CAUSALGRAD_TORCH_PYTHON  an interpreter that can import torch and numpy;
#                            without it PyTorch is looked for in python3
#   OFFICIAL=DIR             a clone of the authors' repository; without it
#                            official.py is not run
set -eu
out=bin/adapters
adapters=props/conform/adapters
draws=${DRAWS:-100} shrinks=2000
mkdir -p "$out"

if [ ! -x "$out/venv/bin/python" ]; then
    python3 -m venv "$out/venv"
fi
"$out/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$adapters/requirements.txt"
python=$out/venv/bin/python

# Compiled models are kept, so that a second run is faster.
export JAX_COMPILATION_CACHE_DIR="$PWD/$out/jax" JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS=0 JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES=-1

# conform EXIT NAME COMMAND...: all laws must end with that exit code.
conform() {
    want=$1 name=$2
    shift 2
    start=$(date +%s) code=0
    bin/causalgrad conform --timeout 60s --draws "$draws" --shrinks "$shrinks" --format json -o "$out/$name.json" -- "$@" || code=$?
    echo "$name: exit code $code after $(($(date +%s) - start)) s"
    if [ "$code" -ne "$want" ]; then
        echo "test-adapters: $name: exit code $code, want $want" >&2
        bin/causalgrad conform --compare "$out/$name.json" >&2 || true
        exit 1
    fi
}

conform 0 numpy "$python" "$adapters/numpy_theory.py"
conform 0 numpy-float32 "$python" "$adapters/numpy_theory.py" --float32
conform 0 jax "$python" "$adapters/jax_models.py"
conform 0 jax-float32 "$python" "$adapters/jax_models.py" --float32
conform 0 jax-function "$python" "$adapters/jax_function.py"
set -- "$out/numpy.json" "$out/numpy-float32.json" "$out/jax.json" "$out/jax-float32.json" "$out/jax-function.json"

torch=
for candidate in ${CAUSALGRAD_TORCH_PYTHON:-} python3 /usr/bin/python3; do
    if "$candidate" -c 'import torch, numpy' 2>/dev/null; then
        torch=$candidate
        break
    fi
done
if [ -n "$torch" ]; then
    conform 0 torch "$torch" "$adapters/torch_models.py"
    conform 0 torch-float32 "$torch" "$adapters/torch_models.py" --float32
    conform 0 torch-module "$torch" "$adapters/torch_module.py"
    set -- "$@" "$out/torch.json" "$out/torch-float32.json" "$out/torch-module.json"
else
    echo "PyTorch: skipped: no interpreter can import torch and numpy; CAUSALGRAD_TORCH_PYTHON names one (Debian: python3-torch)"
fi

if [ -n "${OFFICIAL:-}" ]; then
    conform 1 official "$python" "$adapters/official.py" "$OFFICIAL" # findings are expected: the comparison below names them
    set -- "$@" "$out/official.json"
else
    echo "official: skipped: OFFICIAL names no clone of the authors' repository"
fi

bin/causalgrad conform --format json -o "$out/builtin.json" --draws "$draws"
bin/causalgrad conform --compare "$out/builtin.json" "$@" || [ -n "${OFFICIAL:-}" ]

# Planted mistakes: the laws must name them; a small case is not worth minutes.
draws=$(((draws + 3) / 4)) shrinks=40
for fault in future stopped uncorrected; do
    conform 1 "jax-$fault" "$python" "$adapters/jax_models.py" --fault "$fault"
done
bin/causalgrad conform --compare --failed "$out/jax-future.json" "$out/jax-stopped.json" "$out/jax-uncorrected.json" || [ $? -eq 1 ]
