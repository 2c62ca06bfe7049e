# Sourced by scripts/bench, which sets here, project, out, and the functions that it shares.
# shellcheck shell=bash disable=SC2154

usage() {
  cat <<'TEXT'
Usage: scripts/bench steady [OPTION...]

Sends ramzswapd millions of requests of one page on two connections, half of them reads, 40 % writes, 10 % trims, every page
compared; then the same while somebody asks for its statistics a hundred times a second, which makes garbage; then the same
number to a zram device, where one can be made. Prints latencies, and the collections of the daemon's garbage that its own
log tells of, as a table, which is left in target/bench/steady.md. Fails where the first run saw a collection.

  --requests N    (10000000)
  --mib N         pages that are stored, in MiB (256)
  --depth N       requests under way on each connection (1)
  --corpus FILE   take the pages of FILE (see scripts/corpus) in place of new ones
  -h, --help      this text
TEXT
}

requests=10000000 mib=256 depth=1 given=''
while (($# > 0)); do
  common_option '--requests --mib --depth --corpus' "$@"
  shift 2
done

provide python3:python3
"$here/build"
build_pageload
take_corpus 192 "$given"
{
  printf '%s\n\n' "$(circumstances "$requests requests of 1 page each, depth $depth, 2 connections, $mib MiB of pages")"
  python3 "$here/bench.d/steady.py" --load "$out/pageload" --corpus "$corpus" --image "$image" --requests "$requests" \
    --mib "$mib" --depth "$depth"
} >"$out/steady.md"
cat "$out/steady.md"
