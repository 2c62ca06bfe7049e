# Sourced by scripts/test, which sets here, project, quick and work.
# shellcheck shell=bash disable=SC2154
# shellcheck source=assertions.sh
. "$here/test.d/assertions.sh"

should_pass_shellcheck() {
  local scripts
  mapfile -t scripts < <(grep -lrE '^#!(/bin/busybox |/usr/bin/env )?(/bin/)?(ba)?sh' "$here" "$project/.ci" \
    "$project/app/src/main/image" "$project/app/src/main/deb")
  ((${#scripts[@]} >= 10)) || fail "only ${#scripts[@]} scripts found"
  shellcheck -x -P SCRIPTDIR "${scripts[@]}" "$here"/test.d/*.sh "$here"/bench.d/*.sh
}

should_know_of_one_newest_kernel_alone() {
  # shellcheck source=../vm.d/kernel.sh
  [[ -n ${pinned_kernel:-} ]] || . "$here/vm.d/kernel.sh"
  local version
  version=$(sed -nE 's/.* NEWEST = new KernelVersion\(([0-9]+), ([0-9]+)\);/\1.\2/p' \
    "$project/app/src/main/java/io/ramzswap/doctor/TestedKernels.java")
  [[ $pinned_kernel == "$version".* ]] || fail "the tests run on $pinned_kernel, and TestedKernels says $version"
}

should_explain_every_script() {
  local script
  for script in bench build corpus fuzz install package run test uninstall vm; do
    "$here/$script" --help >out
    expect_match out "^Usage: .*scripts/$script"
  done
}

should_refuse_an_unknown_option_with_one_line() {
  local script
  for script in bench build fuzz install package run test uninstall vm; do
    wrong_use "$here/$script" "unknown option --frobnicate; see $script --help" --frobnicate
  done
}

should_refuse_bad_values() {
  wrong_use "$here/run" "--size takes a size such as 512M, 2G or 50%, not '12x'" --vm --size 12x
  wrong_use "$here/run" "--device takes /dev/nbd0, /dev/nbd1 and so on, not '/dev/sda'" --device /dev/sda
  wrong_use "$here/run" "--memory takes a whole number above 0, not '0'" --memory 0
  wrong_use "$here/run" '--memlimit, 64 MiB, cannot be above the size, 32 MiB' --vm --size 32M --memlimit 64M
  wrong_use "$here/run" '--memlimit, 512 MiB, would take all of the 512 MiB of memory there are' \
    --vm --size 512M --memlimit 512M
  wrong_use "$here/run" '--image /nowhere: there is no bin/ramzswapd in it' --image /nowhere
  wrong_use "$here/bench" "cannot measure 'luck'; see bench --help" luck
  wrong_use "$here/bench" "--seconds takes a number of seconds, not 'long'" nbd --seconds long
  wrong_use "$here/bench" "--shapes is asked or all, not 'round'" nbd --shapes round
  wrong_use "$here/fuzz" "--seconds takes a whole number above 0, not 'long'" --seconds long
  wrong_use "$here/package" "--version takes a Debian version such as 1.2.3, not 'new'" --version new
  wrong_use "$here/run" "--size needs a value; see run --help" --size
  wrong_use "$here/vm" "--debian needs a value; see vm --help" --debian
  wrong_use "$here/vm" "--debian is one of 12 13, not '11'" --debian 11 --prepare
  wrong_use "$here/test" "there is no part 'nothing'; they are: ${all_parts[*]}" nothing
}

should_keep_the_administrators_files_among_the_programs() {
  # shellcheck source=../installed.sh
  . "$here/installed.sh"
  mkdir -p lib/ramzswap/{bin,ramzswap.conf.d} lib/ramzswap.new/bin
  touch lib/ramzswap/bin/old lib/ramzswap.new/bin/new
  echo mine >lib/ramzswap/ramzswap.conf
  ln -s /dev/null lib/ramzswap/ramzswap.conf.d/a.conf
  replace_programs lib/ramzswap.new lib/ramzswap
  [[ $(cd lib && find . ! -type d | sort | tr '\n' ' ') == './ramzswap/bin/new ./ramzswap/ramzswap.conf ./ramzswap/ramzswap.conf.d/a.conf ' ]] ||
    fail "after an upgrade there is $(find lib ! -type d)"
  expect_line lib/ramzswap/ramzswap.conf mine

  mv lib/ramzswap lib/ramzswap.old
  take_up_after_interruption lib/ramzswap
  expect_line lib/ramzswap/ramzswap.conf mine
  [[ ! -e lib/ramzswap.old ]] || fail 'something is left of the installation that was broken off'

  remove_programs lib/ramzswap
  [[ $(ls lib/ramzswap) == $'ramzswap.conf\nramzswap.conf.d' ]] || fail "after the removal there is $(ls lib/ramzswap)"
  rm -r lib/ramzswap/ramzswap.conf*
  remove_programs lib/ramzswap
  [[ ! -e lib/ramzswap ]] || fail 'an empty directory stays'
}

should_have_zsh_load_the_completion_that_is_there() {
  # shellcheck source=../installed.sh
  . "$here/installed.sh"
  mkdir -p documents/{bash-completion/completions,zsh/vendor-completions}
  touch documents/bash-completion/completions/ramzswapd
  printf '#compdef ramzswapd\nsource /usr/share/bash-completion/completions/ramzswapd\n' >documents/zsh/vendor-completions/_ramzswapd
  install_completions documents "$PWD/local"
  local loaded
  loaded=$(sed -n 's/^source //p' local/share/zsh/site-functions/_ramzswapd)
  [[ $loaded == "$PWD"/* && -e $loaded ]] || fail "zsh would load '$loaded'"
}

should_leave_the_socket_of_a_daemon_that_goes_on() {
  # shellcheck source=../installed.sh
  . "$here/installed.sh"
  local directory
  directory=$(mktemp -d /tmp/ramzswap-test.XXXXXX)
  python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$directory/control.sock"
  touch "$directory/control.sock.lock"
  remove_runtime_files "$directory"
  [[ -S $directory/control.sock && -e $directory/control.sock.lock ]] || fail 'the socket or its lock is gone'
  rm "$directory/control.sock"
  remove_runtime_files "$directory"
  [[ ! -e $directory ]] || fail "what nobody uses stays: $(ls "$directory")"
}

# The package's script, with a kernel that has such swap, and programs that say that they were called.
removed_with_swap() {
  local fakes=$PWD/fakes
  mkdir -p "$fakes" run
  # shellcheck disable=SC2016 # expanded there
  printf '#!/bin/sh\necho "$(basename "$0") $*" >>%s\nexit ${REFUSE:-0}\n' "$PWD/called" >"$fakes/ramzswapd"
  cp "$fakes/ramzswapd" "$fakes/systemctl"
  chmod +x "$fakes"/*
  printf 'Filename Type Size Used Priority\n%s partition 65532 4 100\n' "$1" >swaps
  python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("run/control.sock")'
  rm -f called
  # shellcheck disable=SC2016 # expanded there
  unshare -m sh -c 'mount --bind swaps /proc/swaps && mount -t tmpfs tmpfs /run && mkdir -p /run/ramzswap /run/systemd/system &&
    mount --bind run /run/ramzswap && PATH=$1:$PATH exec sh -e "$2" remove' _ "$fakes" \
    "$project/app/src/main/deb/control/prerm"
}

should_swap_off_before_it_goes_whatever_state_the_unit_is_in() {
  unshare -m true 2>/dev/null || return 0
  removed_with_swap /dev/nbd0
  [[ $(head -n 1 called) == 'ramzswapd --swapoff' ]] || fail "$(cat called)"
  expect_line called 'systemctl stop ramzswap.service'
  rm -r run
  # shellcheck disable=SC2030 # for the programs that are played
  ! (REFUSE=9; export REFUSE; removed_with_swap /dev/nbd0) || fail 'goes although swap goes on'
  [[ $(wc -l <called) == 1 ]] || fail "something was changed: $(cat called)"
  rm -r run
  removed_with_swap /dev/sda2
  ! grep -n swapoff called || fail 'swap of others is taken down'
}

# run STATUS: scripts/run on a machine that has an nbd device and a control socket, with programs that only say that they were
# called. STATUS is what rzscontrol finds at the socket.
run_beside_a_socket() {
  local fakes=$PWD/fakes program
  rm -rf fakes image run dev called up
  mkdir -p fakes image/bin run dev
  for program in modprobe swapon swapoff; do
    printf '#!/bin/sh\nexit 0\n' >"fakes/$program"
  done
  cat >image/bin/ramzswapd <<TEXT
#!/bin/sh
echo ramzswapd >>$PWD/called
sleep 1
touch $PWD/up
echo 'controlled through a socket'
exec sleep 60
TEXT
  cat >image/bin/rzscontrol <<TEXT
#!/bin/sh
[ "\$1" != list ] || exit $1
[ -e $PWD/up ] || echo 'too early' >>$PWD/called
TEXT
  chmod +x fakes/* image/bin/*
  python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("run/control.sock")'
  # shellcheck disable=SC2016 # expanded there
  unshare -m sh -ec 'mount -t tmpfs tmpfs dev; cp -a /dev/null /dev/urandom dev; mknod dev/nbd0 b 43 0; mount --bind dev /dev
    mount -t tmpfs tmpfs /sys/block; mkdir /sys/block/nbd0; echo 0 >/sys/block/nbd0/size; mount -t tmpfs tmpfs /var/lib
    mount -t tmpfs tmpfs /run; mkdir /run/ramzswap; mount --bind run /run/ramzswap
    PATH=$1:$PATH exec "$2" --size 64M --image "$3"' _ "$fakes" "$here/run" "$PWD/image" >out 2>err
}

should_run_no_device_in_a_daemon_of_somebody_else() {
  unshare -m true 2>/dev/null || return 0
  ! run_beside_a_socket 0 || fail 'runs although another daemon answers'
  expect_match err 'a daemon that .*/run has not started answers at /run/ramzswap/control\.sock; stop that first'
  [[ ! -e called ]] || fail "something was done: $(cat called)"
}

should_wait_for_the_daemon_where_a_socket_was_left_behind() {
  unshare -m true 2>/dev/null || return 0
  run_beside_a_socket 3 || fail "$(cat err)"
  kill "$(<run/run/pid)"
  [[ $(<called) == ramzswapd ]] || fail "$(cat called)"
}

should_stop_nothing_that_it_has_not_started() {
  ((EUID == 0)) || return 0
  expect_status 1 "$here/run" --stop
  expect_one_line err
  expect_match err 'nothing to stop'
}

# initramfs_with SWAPS_LINE...: what an initramfs resumes from where these areas are swap. Beside the hook stands a stand-in for that of
# initramfs-tools, which takes the first area.
initramfs_with() {
  rm -rf hooks image
  mkdir -p hooks image/conf/conf.d
  cp "$project/app/src/main/image/lib/initramfs-hook" hooks/ramzswap
  # shellcheck disable=SC2016 # expanded there
  printf '#!/bin/sh\narea=$(sed -n 2p /proc/swaps | cut -d " " -f 1)\n[ -z "$area" ] || echo "RESUME=$area" >"$DESTDIR/conf/conf.d/zz-resume-auto"\n' \
    >hooks/resume
  chmod +x hooks/*
  printf '%s\n' 'Filename Type Size Used Priority' "$@" >swaps
  # shellcheck disable=SC2016 # expanded there
  DESTDIR=$PWD/image unshare -m sh -ec 'mount --bind swaps /proc/swaps; hooks/resume; [ -z "$CHOSEN" ] || echo "$CHOSEN" >"$DESTDIR/conf/conf.d/zz-resume-auto"; hooks/ramzswap'
}

should_keep_our_devices_out_of_an_initramfs() {
  unshare -m true 2>/dev/null || return 0
  [[ $("$project/app/src/main/image/lib/initramfs-hook" prereqs) == resume ]] || fail 'the hook may come before what it corrects'
  local disk='/dev/sda2 partition 9 0 -2' chosen=image/conf/conf.d/zz-resume-auto
  CHOSEN='' initramfs_with '/dev/nbd0 partition 99 0 100' "$disk"
  [[ $(<$chosen) == RESUME=/dev/sda2 ]] || fail "resumes from $(<$chosen)"
  CHOSEN=RESUME=UUID=72616d7a-7377-8abc-8def-0123456789ab initramfs_with '/dev/nbd0 partition 99 0 100' "$disk"
  [[ $(<$chosen) == RESUME=/dev/sda2 ]] || fail "resumes from $(<$chosen)"
  CHOSEN='' initramfs_with '/dev/nbd0 partition 99 0 100'
  [[ ! -e $chosen ]] || fail "resumes from $(<$chosen)"
  CHOSEN=RESUME=UUID=17 initramfs_with '/dev/nbd0 partition 99 0 100' "$disk"
  [[ $(<$chosen) == RESUME=UUID=17 ]] || fail "a device of others is not left alone: $(<$chosen)"
}
