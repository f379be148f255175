#!/bin/sh
# Usage: venv.sh run | dev
# Makes .venv, or brings it up to date, with seppcheck installed from this checkout; `dev` adds the tools of the tests.
set -eu

cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "seppcheck needs Python 3.11 or newer; $python is $("$python" --version 2>&1). Name another: make PYTHON=python3.12" >&2
    exit 2
fi
if ! .venv/bin/python -c 'import pip' 2>/dev/null; then # none yet, or its Python is gone
    echo "Making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
fi
install() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@"
}
install 'pip>=25.1' # the first that knows dependency groups
case $1 in
    run) install --editable . ;;
    dev) install --editable . --group dev ;;
esac
