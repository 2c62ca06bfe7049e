# Sourced by scripts/bench, which sets here, project, out, and the functions that it shares.
# shellcheck shell=bash disable=SC2154

usage() {
  cat <<'TEXT'
Usage: scripts/bench allocators [--mib N] [--corpus FILE]

Measures every allocator on the sizes of real memory pages compressed with lz4 and with zstd, on uniform sizes and on the
mix of sizes that was usual in 2009; and zsmalloc in the kernel, where a zram device can be made (as root). Writes a table
to target/bench/allocators.md and a plot to target/bench/allocators.svg, and prints the table.

  --mib N        bytes of objects to fill in, in MiB (256)
  --corpus FILE  take the pages of FILE (see scripts/corpus) in place of new ones
  -h, --help     this text
TEXT
}

mib=256 given=''
while (($# > 0)); do
  common_option '--mib --corpus' "$@"
  shift 2
done

readonly results=$out/allocators.tsv
provide python3:python3
say "building"
prepare_plots
take_corpus 192 "$given"
rm -f "$out"/pages-*
run_java CorpusSizes "$corpus" lz4 "$out/sizes-lz4" "$out/pages-lz4"
run_java CorpusSizes "$corpus" zstd "$out/sizes-zstd" "$out/pages-zstd"

: >"$results"
for allocator in segment zsmalloc xvmalloc zbud; do
  for workload in lz4 zstd uniform mix2009; do
    say "$allocator, $workload"
    sizes=$workload
    [[ ! -e $out/sizes-$workload ]] || sizes=$out/sizes-$workload
    run_java AllocatorBench "$allocator" "$sizes" "$mib" | sed "s/^/$allocator\t$workload\t/" >>"$results"
  done
done
if ((EUID == 0)) && [[ -e /sys/class/zram-control/hot_add ]]; then
  for workload in lz4 zstd uniform mix2009; do
    say "zsmalloc in the kernel (zram), $workload"
    pages=$out/pages-$workload algorithm=lz4
    [[ -e $pages ]] || run_java SyntheticPages "$workload" 192 "$pages"
    [[ $workload != zstd ]] || algorithm=zstd
    python3 "$here/bench.d/zram.py" "$pages" "$algorithm" | sed "s/^/zram\t$workload\t/" >>"$results" ||
      say "left out"
  done
else
  say "no zram device can be made here (it takes root and the zram module), so there is no column for it"
fi
rm -f "$out"/pages-*
run_java AllocatorReport "$results" "$(circumstances "$mib MiB of objects")" "$out/allocators.md" "$out/allocators.svg"
cat "$out/allocators.md"
