#!/bin/sh
# Usage: packages.sh demo | test
# Sees to it that the system has what tools/packages.txt lists for that purpose. As root on Debian it installs what is
# missing and starts no service; otherwise it names the one command that does, and exits 2.
set -eu

purpose=$1
list=$(dirname "$0")/packages.txt
python=${PYTHON:-python3}
PATH=$PATH:/usr/sbin:/sbin

there() {
    case $1 in
        ensurepip) "$python" -c 'import ensurepip, venv' 2>/dev/null ;;
        /*) [ -e "$1" ] ;;
        *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

missing=
while read -r whom package probe _; do
    case $whom in
        demo | "$purpose") there "$probe" || missing="$missing $package" ;;
    esac
done <"$list"
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "make $purpose needs programs that are not here. Debian's packages with them are:$missing" >&2
    echo "Install their like with your system's package manager, then run make $purpose again." >&2
    exit 2
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "make $purpose needs Debian packages that are missing. Install them, then run it again:" >&2
    echo "    sudo apt-get install -y --no-install-recommends$missing" >&2
    exit 2
fi

# The tests start servers of their own: Debian must not start its own ones, nor ask how to set them up.
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi
echo "Installing$missing"
apt-get update -q
echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
# shellcheck disable=SC2086 # one word for each package
apt-get install -y -q --no-install-recommends $missing
