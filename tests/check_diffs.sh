#!/bin/sh
# Holds the steps against each other, because the diff between two of them is the lesson:
#
#   tests/check_diffs.sh
#
# What is no part of a lesson is the same file in every step that has it, and no step changes
# more lines of the one before than its budget allows.
set -eu
cd "$(dirname "$0")/.."

failed=0
complain() {
    echo "check_diffs.sh: $*" >&2
    failed=1
}

# A file, and the steps that have it; with a folder where that is not the same in each.
while read -r file steps; do
    first=''
    for step in $steps; do
        path=$(echo "step${step%%/*}"_*)${step#[0-9][0-9]}/$file
        if [ ! -f "$path" ]; then
            complain "$path is missing"
        elif ! cmp -s "${first:=$path}" "$path"; then
            complain "$path is not the same as $first"
        fi
    done
done <<'END'
cli.c 01 02/app 03/app 04/app 06/common 07/common 08/common
cli.h 01 02/app 03/app 04/app 06/common 07/common 08/common
printable.h 01 02/app 03/app 04/app 05/app 06/common 07/common 08/common
interfaces/processor.h 03 04 05
interfaces/transformer.h 03 04 05
app/executable.c 05 06
app/executable.h 05 06
error.h 05/app 06/common 07/common 08/common
common/deadline.c 06 07 08
common/deadline.h 06 07 08
common/endpoint.h 06 07 08
common/service.h 06 07 08
common/standard_fds.c 06 07 08
common/standard_fds.h 06 07 08
common/stop_signals.c 07 08
common/stop_signals.h 07 08
app/test_pipeline.c 07 08
service1/processing.c 07 08
service1/processing.h 07 08
service1/test_processing.c 07 08
service2/transformation.c 07 08
service2/transformation.h 07 08
service2/test_transformation.c 07 08
END

if ! command -v git >/dev/null; then
    echo 'check_diffs.sh: git is missing, so no lines were counted' >&2
    [ $failed -eq 1 ] || failed=77 # skipped
    exit $failed
fi

# Only what is code of the step counts, and whatever the user's git is set to.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
trap 'exit 1' HUP INT TERM
cp -R step[0-9][0-9]_* "$copy"
cd "$copy"
rm -rf ./*/README.md ./*/build
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null

# From which step to which, and the budget: how many lines may be added and deleted in all.
while read -r from to budget; do
    git diff --no-index -M -C --numstat "step$from"_* "step$to"_* >numstat || [ $? -eq 1 ]
    lines=$(awk '{ lines += $1 + $2 } END { print lines + 0 }' numstat)
    echo "$from-$to: $lines changed lines of at most $budget"
    [ "$lines" -le "$budget" ] ||
        complain "$from-$to is $((lines - budget)) lines over its budget"
done <<'END'
00 01 490
01 02 125
02 03 280
03 04 105
04 05 630
05 06 2690
06 07 2020
07 08 1585
END

exit $failed
