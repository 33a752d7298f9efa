#!/bin/sh
# Tests the HTML page in headless Chromium, without a network. Run from anywhere:
#
#     crates/apidrift/tests-browser/run.sh
#
# Needs `chromium` (or CHROMIUM=/path/to/it) and cargo. The page is opened in a frame of a page of
# checks; what they find is read from the document Chromium leaves behind.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
chromium=${CHROMIUM:-chromium}
command -v "$chromium" >/dev/null || { echo "chromium is not installed: install it, or set CHROMIUM" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$here/../../.."
cargo run --quiet --package apidrift -- --format html \
    "$here/old.json" "$here/new.json" >"$work/page.html"
cp "$here/checks.html" "$work/checks.html"

# No name resolves and no proxy responses: whatever the page tried to load would fail.
"$chromium" --headless --no-sandbox --disable-gpu --allow-file-access-from-files \
    --user-data-dir="$work/profile" --host-resolver-rules='MAP * ~NOTFOUND' \
    --virtual-time-budget=10000 --dump-dom "file://$work/checks.html" >"$work/dom.html" 2>"$work/log"

sed -n '/<pre id="results">/,/<\/pre>/p' "$work/dom.html" | sed 's/<[^>]*>//g; /^$/d' >"$work/results"
cat "$work/results"
if grep -q '^done' "$work/results" && ! grep -q '^not ok' "$work/results"; then
    echo "the page works"
else
    echo "the page does not work; what Chromium said:" >&2
    tail -20 "$work/log" >&2
    exit 1
fi
