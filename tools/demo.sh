#!/bin/sh
# Audits three of the lab's worlds: before the migration, after it, and after one that was left half done; then moves one
# inline with guide, plan and apply, accepts it and finds a drift, and rolls the last part back. Keeps the reports.
set -eu

cd "$(dirname "$0")/.."
demo=$PWD/demo
rm -rf "$demo"
mkdir -p "$demo"

audit() { # SCENARIO PHASE EXPECTED-EXIT-CODE
    echo
    echo "== seppcheck lab $1 -- seppcheck $2 --html report-$1.html"
    code=0
    seppcheck lab "$1" --dir "$demo/$1" -- seppcheck "$2" --html "$demo/report-$1.html" || code=$?
    if [ "$code" -ne "$3" ]; then
        echo "make demo: the $2 of '$1' ended with exit code $code; $3 was expected" >&2
        exit 1
    fi
    if [ ! -s "$demo/report-$1.html" ]; then
        echo "make demo: the $2 of '$1' left no report" >&2
        exit 1
    fi
}

audit parallel readiness 1
audit inline verification 0
audit half-migrated verification 1
echo
echo "== a whole migration: guide, plan, apply, verification, drift, and a rollback"
seppcheck lab ready --dir "$demo/migrated" -- python "$PWD/tools/demo_night.py" || {
    echo "make demo: the migration did not end as it should" >&2
    exit 1
}
echo
echo "Exit codes were 1 (nothing is prepared), 0 (finished) and 1 (half done), as they should be; then a gateway was moved inline,"
echo "verified, accepted, found changed (1), and its clean-up rolled back. The reports, for a browser:"
for report in parallel inline half-migrated migrated; do
    echo "    $demo/report-$report.html"
done
echo "What had drifted: $demo/drift.md"
echo "The plans and their journals: $demo/migrated/*.json*"
