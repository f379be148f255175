#!/bin/sh
# Usage: as_root.sh COMMAND...
# Runs a command as root, or as the root of a user namespace of its own: Postfix has to start as root and then drops its
# privileges to another user, which a plain user cannot offer it.
set -eu

[ "$(id -u)" -ne 0 ] || exec "$@"
if ! unshare --map-root-user --map-auto true; then
    echo "The tests start a Postfix, which needs root or a user namespace with subordinate ids. Give yourself some:" >&2
    echo "    sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $(id -un)" >&2
    exit 2
fi
exec unshare --map-root-user --map-auto "$@"
