# Sourced by scripts/bench, which sets here, project, out, and the functions that it shares.
# shellcheck shell=bash disable=SC2154
# shellcheck source=../vm.d/cache.sh
. "$here/vm.d/cache.sh"
# shellcheck source=../vm.d/tools.sh
. "$here/vm.d/tools.sh"

usage() {
  cat <<'TEXT'
Usage: scripts/bench vm [OPTION...]

Boots one throw-away virtual machine (scripts/vm) that swaps the same pages out to /dev/nbd0 and to /dev/zram0, by turns,
and in again, in order and at random, with vm.page-cluster 0 and 3. Writes a table to target/bench/vm.md and prints it.
Under emulation rates are a tenth of a real machine's, and system calls dearer than there beside computing.

  --kernel WHICH  as of scripts/vm (6.12)
  --mib N         pages that are swapped, in MiB (48)
  --rounds N      (2)
  -h, --help      this text
TEXT
}

kernel=6.12 mib=48 rounds=2
while (($# > 0)); do
  case $1 in
    --kernel)
      needs_value "$1" $#
      kernel=$2
      shift
      ;;
    *)
      common_option '--mib --rounds' "$@"
      shift
      ;;
  esac
  shift
done

provide_java_and_maven
provide "${vm_tools[@]}" gcc:gcc /usr/include/stdio.h:libc6-dev python3:python3
"$here/build"
prepare_tools 32
"$here/vm" --kernel "$kernel" --memory $((mib * 2 + 384)) --share "$image:/share/ramzswap" --share "$tools:/share/tools" \
  "$here/vm.d/rate-session" "$mib" "$rounds" | tee "$out/vm.log" >&2
python3 "$here/bench.d/vm_table.py" "$out/vm.log" \
  "$(circumstances "$mib MiB of pages, $rounds rounds, a guest with kernel $kernel under emulation")" >"$out/vm.md"
cat "$out/vm.md"
