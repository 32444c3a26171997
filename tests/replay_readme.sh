#!/bin/sh
# Holds the README.md of a step against the step:
#
#   tests/replay_readme.sh stepNN_NAME
#
# In its fenced blocks a line "$ COMMAND" is run, and the lines up to the next one are its
# output. Blocks marked c or cmake are excerpts, word for word, from one file of the step;
# blocks marked console or text are not. All runs in one shell, in a copy of the step, so
# that commands may change files. What they start ends with this script.
set -eu

fail() {
    echo "replay_readme.sh: $*" >&2
    exit 1
}

# In a process group of its own, whose leader is timeout: it hands signals on to the group.
# As on a terminal: each line comes out when it is written, so stdout and stderr keep
# their order.
[ "${REPLAY_GROUP:-}" = "$PPID" ] ||
    exec env REPLAY_GROUP=$$ timeout 110 stdbuf -oL "$0" "$@"

step=$(cd "$1" && pwd -P)
readme=$step/README.md
grep -q '^\$ ' "$readme" || fail "no command in $readme"

# What the outputs would depend on.
export LC_ALL=C
umask 022
unset MAKEFLAGS MAKELEVEL MFLAGS
unset BIND_ADDRESS NATS_URL PORT SERVICE1_URL SERVICE2_URL
unset ALL_PROXY all_proxy http_proxy

scratch=$(mktemp -d)
trap 'trap "" TERM; kill -- "-$PPID"; rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

# Reads the README, then the files of the step; complains of excerpts that are in none.
# shellcheck disable=SC2016 # the dollars are awk's
check_excerpts='
function search(i) {
    for (i = 1; i <= count; i++)
        if (index(file, excerpt[i]))
            found[i] = 1
}
function complain(line, what) {
    printf "README.md:%d: %s\n", line, what
    failed = 1
}
FILENAME == readme && /^```/ {
    inside = !inside
    is_excerpt = inside && /^```(c|cmake)$/
    if (is_excerpt) {
        start[++count] = FNR
        excerpt[count] = "\n"
    } else if (inside && !/^```(console|text)$/)
        complain(FNR, "a block is c, cmake, console or text")
    next
}
FILENAME == readme {
    if (is_excerpt)
        excerpt[count] = excerpt[count] $0 "\n"
    next
}
FNR == 1 {
    search()
    file = "\n"
}
{ file = file $0 "\n" }
END {
    search()
    for (i = 1; i <= count; i++)
        if (!found[i])
            complain(start[i], "no file of the step has this excerpt")
    exit failed
}'

# The README from standard input, with the outputs that its commands have now.
replay() {
    state=prose
    status=0
    while IFS= read -r line; do
        case $state:$line in
        prose:'```'*)
            state=block
            ;;
        *:'```'*)
            state=prose
            ;;
        block:'$ '* | output:'$ '*)
            printf '%s\n' "$line"
            (exit "$status") # what $? is in the command
            eval "${line#??}" </dev/null
            status=$?
            state=output
            continue
            ;;
        output:*)
            continue
            ;;
        esac
        printf '%s\n' "$line"
    done
}

find "$step" \( -name '*.[ch]' -o -name CMakeLists.txt \) \
    -exec awk -v readme="$readme" "$check_excerpts" "$readme" {} +

cp -R "$step" "$scratch"
(
    cd -P "$scratch"
    set +eu
    replay <"$readme" >replayed.md 2>&1
)
diff -u --label README.md --label 'README.md, replayed' "$readme" "$scratch/replayed.md"
