# Sourced by scripts that load a guest: what they need in it, made once, in target/tools.
# shellcheck shell=bash

tools=$target/tools

# prepare_tools CORPUS_MIB
prepare_tools() {
  mkdir -p "$tools"
  if [[ ! -x $tools/hog || $here/vm.d/hog.c -nt $tools/hog ]]; then
    gcc -std=gnu11 -Wall -Wextra -Werror -O2 -static -pthread -o "$tools/hog.$$" "$here/vm.d/hog.c"
    mv "$tools/hog.$$" "$tools/hog"
  fi
  if [[ ! -e $tools/corpus || $here/corpus -nt $tools/corpus ]]; then
    say "taking $1 MiB of pages from live processes"
    "$here/corpus" "$tools/corpus" "$1"
  fi
}
