#!/bin/sh
# Make the model in the box: tools/starter/make.sh RUN [PYTHON]
# README.md beside this file says what it needs. What is there already is kept.
set -eu
run=$1
python=${2:-starter-venv/bin/python}
n_simple=2 simple_hours=2
n_parts=25 hours=5
n_neural=2 neural_hours=1 # of Kokoro: an hour takes a core 35 minutes
processes=$(nproc)

# A part is spoken by one process; it is moved into the corpus when it is whole.
speak() { # PREFIX PART HOURS [FLAG]
    [ ! -e "$run/corpus/$1-$(printf %03d "$2").jsonl" ] || return 0
    # shellcheck disable=SC2086 # no flag at all, or one
    "$python" -m tools.starter.corpus "$run/corpus/new" --part "$2" --hours "$3" ${4:-}
    mv "$run/corpus/new/$1-$(printf %03d "$2")".* "$run/corpus/"
}

mkdir -p "$run/corpus/new" "$run/starter-en"
for part in $(seq 0 $((n_simple - 1))); do
    speak simple "$part" $simple_hours --simple
done
for first in $(seq 0 "$processes" $((n_parts - 1))); do
    for part in $(seq "$first" $((first + processes - 1))); do
        [ "$part" -ge $n_parts ] || speak part "$part" $hours &
    done
    wait
done
for part in $(seq 0 $((n_neural - 1))); do
    speak neural "$part" $neural_hours --neural &
done
wait
"$python" -m tools.starter.vocabulary "$run/starter-en"

# Memory of big tensors is kept, not given back to the system after each step, and in huge pages.
export MALLOC_MMAP_THRESHOLD_=8589934592 MALLOC_TRIM_THRESHOLD_=8589934592
export MALLOC_TOP_PAD_=268435456 GLIBC_TUNABLES=glibc.malloc.hugetlb=1
train() { # [FLAG]
    if "$python" -c "import sys, torch; sys.exit(not torch.cuda.is_available())"; then
        "$python" -m tools.starter.train "$run/corpus" "$run" --tokenizer "$run/starter-en" "$@"
    else
        "$python" -m torch.distributed.run --nproc-per-node "$processes" \
            -m tools.starter.train "$run/corpus" "$run" --tokenizer "$run/starter-en" "$@"
    fi
}
if [ ! -e "$run/corpus/people-000.jsonl" ]; then
    train --before-people
    cp "$run/checkpoint.pt" "$run/before-people.pt"
    "$python" -m tools.starter.people "$run/corpus/new" --checkpoint "$run/checkpoint.pt" \
        --tokenizer "$run/starter-en"
    mv "$run/corpus/new/people-000".* "$run/corpus/"
fi
train
"$python" -m tools.starter.export "$run/checkpoint.pt" "$run/starter-en" \
    --before "$run/before-people.pt"
