# Sourced by scripts/test, which sets here, project, quick and work.
# shellcheck shell=bash disable=SC2154
# shellcheck source=assertions.sh
. "$here/test.d/assertions.sh"

can_be_set_up() {
  "$here/vm" --prepare --kernel 6.1
  "$here/vm" --prepare --kernel 6.12
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

should_say_when_a_kernel_cannot_be_had() {
  guest true
  expect_status 125 "$here/vm" --kernel no-such-kernel guest
  expect_match err 'no-such-kernel'
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
