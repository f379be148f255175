#!/bin/sh
# Audits the lab's gateway twice, once where all is ready and once where much is broken, and keeps both reports.
set -eu

cd "$(dirname "$0")/.."
demo=$PWD/demo
rm -rf "$demo"
mkdir -p "$demo"

audit() { # SCENARIO EXPECTED-EXIT-CODE
    echo
    echo "== seppcheck lab $1 -- seppcheck readiness --html report-$1.html"
    code=0
    seppcheck lab "$1" --dir "$demo/$1" -- seppcheck readiness --html "$demo/report-$1.html" || code=$?
    if [ "$code" -ne "$2" ]; then
        echo "make demo: the audit of '$1' ended with exit code $code; $2 was expected" >&2
        exit 1
    fi
    if [ ! -s "$demo/report-$1.html" ]; then
        echo "make demo: the audit of '$1' left no report" >&2
        exit 1
    fi
}

audit ready 0
audit broken 1
echo
echo "Exit codes were 0 (ready) and 1 (broken), as they should be. The reports, for a browser:"
echo "    $demo/report-ready.html"
echo "    $demo/report-broken.html"
