# Sourced by scripts that load a guest: what they need in it, made once, in target/tools.
# shellcheck shell=bash disable=SC2154

tools=$target/tools

# prepare_tools CORPUS_MIB
prepare_tools() {
  mkdir -p "$tools"
  local name
  for name in hog churn; do
    if [[ ! -x $tools/$name || $here/vm.d/$name.c -nt $tools/$name ]]; then
      gcc -std=gnu11 -Wall -Wextra -Werror -O2 -static -pthread -o "$tools/$name.$$" "$here/vm.d/$name.c"
      mv "$tools/$name.$$" "$tools/$name"
    fi
  done
  if [[ ! -e $tools/corpus || $here/corpus -nt $tools/corpus ]]; then
    say "taking $1 MiB of pages from live processes"
    "$here/corpus" "$tools/corpus" "$1"
  fi
}

# prepare_guests: the image, what is loaded into a guest beside it, and the kernels
prepare_guests() {
  "$here/build"
  prepare_tools 32
  "$here/vm" --prepare --kernel 6.1
  "$here/vm" --prepare --kernel 6.12
  "$here/vm" --prepare --kernel pinned
}

# prepare_nbdkit: nbdkit and its memory disk with all the libraries they load, to run in a guest as /share/nbdkit/run
prepare_nbdkit() {
  local nbdkit=$target/nbdkit plugin
  plugin=$(nbdkit --dump-config | sed -n 's/^plugindir=//p')/nbdkit-memory-plugin.so
  rm -rf "$nbdkit"
  mkdir -p "$nbdkit"
  ldd "$(command -v nbdkit)" "$plugin" | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p; s/^[[:space:]]*\(\/[^ ]*ld-linux[^ ]*\).*/\1/p' |
    sort -u | xargs cp -L -t "$nbdkit"
  cp -L "$(command -v nbdkit)" "$plugin" "$nbdkit"
  cat >"$nbdkit/run" <<'RUN'
#!/bin/sh
# run OPTION... PLUGIN_ARGUMENT...: the plugin's name is filled in where "memory" stands
here=$(dirname "$0")
for argument; do
  shift
  [ "$argument" != memory ] || argument=$here/nbdkit-memory-plugin.so
  set -- "$@" "$argument"
done
exec "$here"/ld-linux*.so.* --library-path "$here" "$here/nbdkit" "$@"
RUN
  chmod +x "$nbdkit/run"
}
