# Sourced by scripts/bench, which sets here, project, out, and the functions that it shares.
# shellcheck shell=bash disable=SC2154

usage() {
  cat <<'TEXT'
Usage: scripts/bench nbd [OPTION...]

Starts ramzswapd and its peers on Unix sockets, in every round anew; by turns writes and reads real pages there in requests of
one and of 32 pages, one or many at a time, on one connection or two, and compares every page that it reads.
Writes tables to target/bench/nbd.md, plots to target/bench/nbd.svg and what was measured to target/bench/nbd.tsv, and
prints the tables. Figures of a machine that does other work meanwhile mean little.

  --rounds N      (3)
  --seconds S     how long each shape of each server is driven in a round, with fractions (1)
  --mib N         pages that are stored, in MiB (256)
  --servers LIST  names between commas in place of all: nbdkit sparse, nbdkit malloc, nbdkit zstd, qemu-nbd tmpfs, zram lz4,
                  zram lzo-rle; and ramzswap C2, which is ours with the compiler that it has where there is TLS
  --shapes WHICH  asked: those that something is asked of (the default); all: others, too, and reads mixed with writes and trims
  --fio           drive them with fio, too
  --growth GIB    measure as well with GIB stored beside what --mib says
  --corpus FILE   take the pages of FILE (see scripts/corpus) in place of new ones
  --append        keep what target/bench/nbd.tsv has from before
  --quick         a minute: little of everything, to see that all of it works
  -h, --help      this text
TEXT
}

rounds=3 seconds=1 mib=256 servers='' shapes=asked fio=() growth='' given='' append=false quick=false pages_mib=192
while (($# > 0)); do
  case $1 in
    --seconds)
      needs_value "$1" $#
      [[ $2 =~ ^[0-9]+(\.[0-9]+)?$ ]] || die 2 "$1 takes a number of seconds, not '$2'"
      seconds=$2
      shift
      ;;
    --servers)
      needs_value "$1" $#
      servers=$2
      shift
      ;;
    --shapes)
      needs_value "$1" $#
      [[ $2 == asked || $2 == all ]] || die 2 "$1 is asked or all, not '$2'"
      shapes=$2
      shift
      ;;
    --fio) fio=(--fio) ;;
    --append) append=true ;;
    --quick) quick=true ;;
    *)
      common_option '--rounds --mib --growth --corpus' "$@"
      shift
      ;;
  esac
  shift
done
if $quick; then
  rounds=1 seconds=0.1 mib=32 fio=(--fio) pages_mib=16
fi

provide python3:python3 nbdkit:nbdkit qemu-nbd:qemu-utils fio:fio taskset:util-linux
"$here/build"
prepare_plots
build_pageload
take_corpus "$pages_mib" "$given"
readonly results=$out/nbd.tsv
$append || rm -f "$results"

# measure OPTION...
measure() {
  python3 "$here/bench.d/nbd.py" --load "$out/pageload" --corpus "$corpus" --image "$image" --out "$results" \
    --rounds "$rounds" --seconds "$seconds" --mib "$mib" --servers "$servers" --shapes "$shapes" "$@"
}

measure "${fio[@]}"
[[ -z $growth ]] || measure --growth "$growth"
python3 "$here/bench.d/nbd_table.py" "$results" "$(circumstances "$mib MiB of pages, $seconds s a shape")" "$out/nbd.bars" >"$out/nbd.md"
run_java BarPlot "$out/nbd.bars" "$out/nbd.svg"
cat "$out/nbd.md"
