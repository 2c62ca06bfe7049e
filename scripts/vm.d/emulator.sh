# Sourced by scripts/vm: the QEMU that emulates. Unpacked once, kept under target/vm, where the installed one is too old.
# shellcheck shell=bash disable=SC2154

# Until 8.1, a processor that translates code which another one changes at that moment may go on with the old code, for good. In
# three of eight starts a JVM so looked up the same call anew for every page, and the daemon took twice the time.
readonly emulator_needed=8.1 emulator_source=bookworm-backports

# emulator_suits PROGRAM
emulator_suits() {
  local version
  version=$("$1" --version 2>/dev/null | sed -n '1s/.* version \([0-9]*\.[0-9]*\).*/\1/p')
  [[ -n $version ]] && printf '%s\n' "$emulator_needed" "$version" | sort -V -C
}

# Sets emulator, the command.
prepare_emulator() {
  emulator=(qemu-system-x86_64)
  if [[ $accel != tcg ]] || emulator_suits "${emulator[0]}"; then
    return
  fi
  mkdir -p "$vm_cache"
  emulator_dir=$vm_cache/emulator-$(sha256sum "$here/vm.d/emulator.sh" | cut -c 1-12)
  [[ -e $emulator_dir ]] || with_lock emulator make_emulator
  if emulator_suits "$emulator_dir/usr/bin/qemu-system-x86_64"; then
    emulator=("$emulator_dir/usr/bin/qemu-system-x86_64" -L "$emulator_dir/usr/share/qemu" -L /usr/share/seabios)
  else
    say "the QEMU of $emulator_source does not run here; the guest may take twice the time with the installed one"
  fi
}

# Debian 12's own QEMU needs the same libraries, and more.
make_emulator() {
  [[ ! -e $emulator_dir ]] || return 0
  say "unpacking a QEMU that is newer than the installed one"
  local new=$run/emulator package
  mkdir -p "$new" "$run/debs"
  for package in qemu-system-x86 qemu-system-data; do
    download "$package/$emulator_source"
    unpack_all "$new"
  done
  rm -rf "$new"/usr/share/{doc,man} "$vm_cache"/emulator-*
  mv "$new" "$emulator_dir"
  rm -rf "$run/debs"
}
