# Sourced by scripts/test, which sets here, project, quick and work.
# shellcheck shell=bash disable=SC2154
# shellcheck source=assertions.sh
. "$here/test.d/assertions.sh"

can_be_set_up() {
  "$here/vm" --prepare --kernel 6.1
  "$here/vm" --prepare --kernel 6.12
  "$here/vm" --prepare --kernel pinned
}

# guest LINE...: writes a script of these lines to the file "guest"
guest() {
  printf '%s\n' '#!/bin/bash' "$@" >guest
  chmod +x guest
}

should_refuse_wrong_use() {
  guest true
  wrong_use "$here/vm" 'no guest script given; see vm --help'
  wrong_use "$here/vm" 'nothing.sh: no such file' nothing.sh
  wrong_use "$here/vm" '--memory needs a value; see vm --help' --memory
  wrong_use "$here/vm" "--memory takes a whole number above 0, not '1G'" --memory 1G guest
  wrong_use "$here/vm" '--share nowhere: no such directory' --share nowhere guest
  wrong_use "$here/vm" "--accel is tcg or kvm, not 'magic'" --accel magic guest
}

# apt_here SOURCES...: apt with these sources and nothing else, for what is called after it
apt_here() {
  mkdir -p apt/lists/partial apt/archives/partial apt/parts
  printf '%s\n' "$@" >apt/sources.list
  : >apt/status
  cat >apt/conf <<CONF
Dir::Etc::SourceList "$PWD/apt/sources.list";
Dir::Etc::SourceParts "$PWD/apt/parts";
Dir::State "$PWD/apt";
Dir::State::Lists "$PWD/apt/lists";
Dir::State::status "$PWD/apt/status";
Dir::Cache "$PWD/apt";
APT::Sandbox::User "";
CONF
  export APT_CONFIG=$PWD/apt/conf
}

# archive DIRECTORY ORIGIN
archive() {
  local packages=main/binary-amd64/Packages
  mkdir -p "$1/dists/bookworm/${packages%/*}"
  printf '%s\n' 'Package: nothing' 'Version: 1' 'Architecture: all' 'Filename: nothing.deb' 'Size: 1' >"$1/dists/bookworm/$packages"
  printf '%s\n' "Origin: $2" "Label: $2" 'Suite: oldstable' 'Codename: bookworm' 'Components: main' 'Architectures: amd64' \
    'Date: Mon, 01 Jun 2026 00:00:00 UTC' 'SHA256:' \
    " $(sha256sum <"$1/dists/bookworm/$packages" | cut -d ' ' -f 1) $(stat -c %s "$1/dists/bookworm/$packages") $packages" \
    >"$1/dists/bookworm/Release"
}

# is_mirror ADDRESS: what packages would be taken from
is_mirror() {
  local found
  found=$(
    # shellcheck disable=SC2034 # for no_machine
    STATUS_NO_MACHINE=125
    find_mirror
    printf '%s\n' "$mirror"
  )
  [[ $found == "$1" ]] || fail "the mirror is '$found', not '$1'"
}

should_take_packages_from_where_apt_here_takes_debians() {
  unset RAMZSWAP_DEBIAN_MIRROR
  apt_here 'deb https://packages.example/debian/12/prod bookworm main' 'deb https://docker.example/linux/debian bookworm stable' \
    'deb http://near.example/debian-security bookworm-security main' 'deb [arch=amd64] http://near.example/debian/ bookworm main contrib'
  is_mirror http://near.example/debian
  apt_here ''
  printf '%s\n' 'Types: deb' 'Enabled: no' 'URIs: http://off.example/debian' 'Suites: trixie' 'Components: main' '' \
    'Types: deb deb-src' 'URIs: https://one.example/debian https://two.example/debian' 'Suites: trixie trixie-updates' \
    'Components: main' >apt/parts/debian.sources
  is_mirror https://one.example/debian
  apt_here 'deb mirror+file:/etc/apt/mirrors/debian.list bookworm main'
  is_mirror mirror+file:/etc/apt/mirrors/debian.list
}

# Once its lists are there, an archive says itself whose it is, whatever its address looks like.
should_believe_an_archive_rather_than_its_address() {
  unset RAMZSWAP_DEBIAN_MIRROR
  archive other/debian Other
  archive ours Debian
  apt_here "deb [trusted=yes] file:$PWD/other/debian bookworm main" "deb [trusted=yes] file:$PWD/ours bookworm main"
  apt-get update -qq
  is_mirror "file:$PWD/ours"
}

should_refuse_a_machine_whose_apt_has_no_debian() {
  unset RAMZSWAP_DEBIAN_MIRROR
  guest true
  apt_here 'deb http://archive.example/ubuntu noble main'
  RAMZSWAP_VM_CACHE=$PWD/cache expect_status 125 "$here/vm" guest
  expect_line err "vm: apt here has no source of Debian's packages; set RAMZSWAP_DEBIAN_MIRROR to the address of a mirror"
  RAMZSWAP_VM_CACHE=$PWD/cache RAMZSWAP_DEBIAN_MIRROR=nowhere expect_status 2 "$here/vm" guest
  expect_line err "vm: RAMZSWAP_DEBIAN_MIRROR is an address such as http://HOST/debian, not 'nowhere'"
}

should_reach_the_mirror_as_apt_here_does() {
  apt_here ''
  printf '%s\n' 'Acquire::http::Proxy "http://proxy.example:3128";' 'Acquire::Languages "de";' \
    'DPkg::Post-Invoke { "touch invoked"; };' >>apt/conf
  apt_ways >ways
  expect_line ways 'Acquire::http::Proxy "http://proxy.example:3128";'
  ! grep -nE 'Languages|Invoke' ways || fail "more than the ways: $(cat ways)"
}

# Without the packages that were downloaded before.
cache_without_packages() {
  mkdir cache
  find "$vm_cache" -maxdepth 1 -name 'root-*.ext4' -exec ln -s -t cache {} +
  export RAMZSWAP_VM_CACHE=$PWD/cache
}

# kernel_refused KERNEL LINE
kernel_refused() {
  expect_status 125 "$here/vm" --kernel "$1" --prepare
  expect_line err "vm: $2"
}

should_say_when_a_kernel_cannot_be_had() {
  guest true
  expect_status 125 "$here/vm" --kernel no-such-kernel guest
  expect_match err 'no-such-kernel'
  kernel_refused bash 'bash has no kernel in it'
  kernel_refused 5.99 'there is no kernel 5.99 in Debian 13 and its backports'
  mkdir -p foreign/DEBIAN half/DEBIAN half/usr/lib/modules/9.9
  touch half/usr/lib/modules/9.9/vmlinuz
  printf '%s\n' 'Package: linux-image-foreign' 'Version: 1' 'Architecture: arm64' 'Maintainer: a <a@example.org>' \
    'Description: a kernel' >foreign/DEBIAN/control
  sed 's/arm64/amd64/; s/foreign/half/' foreign/DEBIAN/control >half/DEBIAN/control
  dpkg-deb -b foreign foreign.deb
  dpkg-deb -b half half.deb
  kernel_refused ./foreign.deb './foreign.deb is no package for amd64'
  kernel_refused ./half.deb './half.deb has a kernel in it, but no modules'
  : >none.deb
  kernel_refused ./none.deb './none.deb is no package for amd64'
}

should_say_when_there_is_no_network() {
  cache_without_packages
  export RAMZSWAP_DEBIAN_MIRROR=http://127.0.0.1:1/debian
  expect_status 125 "$here/vm" --kernel newest --prepare
  expect_match err '^vm: apt-get update failed: '
}

# The packages' layouts change; the newest one's is tried by booting it.
should_boot_the_newest_kernel_that_is_tested() {
  # shellcheck disable=SC2016 # for the guest's shell
  guest 'set -e' 'test "$(uname -r)" = "$1"' 'modprobe nbd' 'test -b /dev/nbd0' 'modprobe zram'
  expect_status 0 "$here/vm" --kernel pinned guest "$pinned_kernel"
}

# One that is too old makes programs in the guest slow, at random.
should_know_the_emulators_that_suit() {
  # shellcheck source=../vm.d/emulator.sh
  . "$here/vm.d/emulator.sh"
  local version
  for version in 6.2.0 7.2.22 8.0.4 8.1.0 9.2.1 10.0.2; do
    printf '#!/bin/sh\necho "QEMU emulator version %s (Debian 1:%s)"\n' "$version" "$version" >"qemu-$version"
    chmod +x "qemu-$version"
    case $version in
      6.* | 7.* | 8.0.*) ! emulator_suits "./qemu-$version" || fail "$version is too old" ;;
      *) emulator_suits "./qemu-$version" || fail "$version suits" ;;
    esac
  done
  ! emulator_suits ./no-qemu || fail 'what is not there suits'
}

# shellcheck disable=SC2016 # for the guest's shell
should_run_a_script_as_root_with_its_arguments_and_status() {
  guest 'id -u' 'printf "<%s>" "$@"' 'echo' 'exit 42'
  expect_status 42 "$here/vm" --console console guest 'a b' "it's" '' '$HOME'
  expect_match out '^0$'
  expect_line out "<a b><it's><><\$HOME>"
  grep -qxF "<a b><it's><><\$HOME>" console
}

should_give_the_memory_and_processors_asked_for() {
  # shellcheck disable=SC2016 # for the guest's shell
  guest 'nproc' 'read -r _ kib _ </proc/meminfo' '((kib > 200 << 10 && kib < 256 << 10))'
  expect_status 0 "$here/vm" --memory 256 --cpus 1 guest
  expect_match out '^1$'
}

should_share_directories_and_keep_their_originals() {
  mkdir 'a dir'
  echo old >'a dir/file'
  guest 'grep old "/share/a dir/file" && grep old /mnt/there/file && echo new >/mnt/there/file && grep new /mnt/there/file'
  expect_status 0 "$here/vm" --share 'a dir' --share 'a dir:/mnt/there' guest
  grep -qx old 'a dir/file'
}

should_have_the_empty_disks_asked_for() {
  # shellcheck disable=SC2016 # for the guest's shell
  guest 'set -e' '[[ $(blockdev --getsize64 /dev/disk0) == $((8 << 20)) && -e /share/src/file ]]' \
    '[[ $(blockdev --getsize64 /dev/disk1) == $((12 << 20)) ]]' 'cmp -n 8388608 /dev/disk0 /dev/zero' 'mkswap /dev/disk0'
  mkdir src
  touch src/file
  expect_status 0 "$here/vm" --disk 8 --share src --disk 12 guest
  wrong_use "$here/vm" "--disk takes a whole number above 0, not 'big'" --disk big guest
}

should_have_what_swap_tests_need() {
  guest 'set -e' 'modprobe nbd' 'test -b /dev/nbd0' 'modprobe zram' 'echo 32M >/sys/block/zram0/disksize' \
    'mkswap /dev/zram0' 'swapon --discard /dev/zram0' 'swapoff /dev/zram0' 'command -v nbd-client mke2fs blkdiscard free'
  expect_status 0 "$here/vm" --kernel 6.12 guest
}

should_tell_a_time_out() {
  guest 'sleep 600'
  expect_status 124 "$here/vm" --timeout 10 guest
  expect_line err 'vm: still running after 10 s: killed'
}

should_tell_a_panic() {
  guest 'echo c >/proc/sysrq-trigger'
  expect_status 121 "$here/vm" guest
}

should_tell_a_hung_task() {
  # Who writes to a frozen file system waits for good.
  guest 'modprobe zram' 'echo 64M >/sys/block/zram0/disksize' 'mke2fs -q /dev/zram0' 'mount /dev/zram0 /mnt' \
    'fsfreeze -f /mnt' 'touch /mnt/file'
  expect_status 122 "$here/vm" --hung-task 5 --timeout 120 guest
  expect_line err "vm: the guest's kernel reported a hung task"
}

should_tell_that_the_machine_went_down() {
  guest '/run/vm/busybox poweroff -f'
  expect_status 123 "$here/vm" guest
}

should_tell_that_the_machine_did_not_come_up() {
  guest true
  expect_status 120 "$here/vm" --memory 40 guest
  expect_match err '^vm: the machine did not come up'
}

should_run_two_machines_at_once() {
  # shellcheck disable=SC2016 # for the guest's shell
  guest 'exit "$1"'
  local first second=0 status=0
  "$here/vm" guest 11 &
  first=$!
  "$here/vm" guest 12 || second=$?
  wait $first || status=$?
  ((status == 11 && second == 12)) || fail "$status and $second"
}

should_leave_nothing_behind() {
  mkdir cache
  find "$vm_cache" -maxdepth 1 ! -name runs ! -path "$vm_cache" -exec ln -s -t cache {} +
  export RAMZSWAP_VM_CACHE=$PWD/cache
  guest 'sleep 600'
  "$here/vm" guest &
  local machine=$!
  sleep 4
  local children
  mapfile -t children < <(pgrep -P "$machine")
  ((${#children[@]} > 1)) || fail 'no machine runs'
  kill -TERM $machine
  local status=0
  wait $machine || status=$?
  ((status == 143)) || fail "status $status"
  ! kill -0 "${children[@]}" || fail 'QEMU goes on'
  [[ -z $(find "$RAMZSWAP_VM_CACHE/runs" -mindepth 1) ]] || fail 'its directory is still there'
}
