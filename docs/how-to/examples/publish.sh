#!/bin/sh
# Builds a podcast and copies it to a web server, so that no feed ever names a file that is not there.
#
#   publish.sh PROJECT TARGET     PROJECT: folder with config.yaml, in full
#                                 TARGET:  what rsync takes, as web@radio.podfeed.example:/srv/radio
#
# PODFEED and RSYNC name the programs, where cron does not find them.
set -eu

project=${1:?the project folder is missing}
target=${2:?the target is missing}
public=$project/public

# 1: a show was left as it was, or a file is faulty. The folder is whole all the same, and the rest goes out.
code=0
"${PODFEED:-podfeed}" build --quiet -C "$project" --out "$public" || code=$?
[ "$code" -le 1 ] || exit "$code"
[ -e "$public/.podfeed-build.json" ] || exit "$code"

copy() {
    "${RSYNC:-rsync}" --archive --delay-updates --exclude='.*' "$@" "$public/" "$target/"
}

# First what feeds name, then the feeds. The second pass leaves all else as it is.
copy --exclude='*.xml'
copy

exit "$code"
