# Sourced by scripts/test, which sets here, project, quick and work.
# shellcheck shell=bash disable=SC2154
# shellcheck source=assertions.sh
. "$here/test.d/assertions.sh"
# shellcheck source=../vm.d/tools.sh
. "$here/vm.d/tools.sh"

packages=$target/guest-packages

# Not compressed: the guest's processor would take a minute to unpack each.
can_be_set_up() {
  "$here/package" --version 0.0.1
  rm -rf "$packages"
  mkdir -p "$packages"
  dpkg-deb -R "$project/app/target/ramzswap_0.0.1_amd64.deb" unpacked
  dpkg-deb --root-owner-group -Znone -b unpacked "$packages/ramzswap_1.deb"
  sed -i 's/^Version: .*/Version: 0.0.2/' unpacked/DEBIAN/control
  dpkg-deb --root-owner-group -Znone -b unpacked "$packages/ramzswap_2.deb"
  "$here/vm" --debian 12 --prepare
  "$here/vm" --debian 13 --prepare
}

# in_a_debian RELEASE WHAT ARGUMENT...
in_a_debian() {
  prepare_tools 32
  "$here/vm" --debian "$1" --memory 640 --timeout 1800 --share "$packages:/share/deb" --share "$tools:/share/tools" \
    "$here/vm.d/package-session" "${@:2}" | tee out
  expect_match out '^package: [0-9]{2,} checks passed, 0 failed$'
}

should_serve_a_whole_debian_12_through_refused_stops_and_an_upgrade() {
  in_a_debian 12 service 360
}

should_serve_a_whole_debian_13_through_refused_stops_and_an_upgrade() {
  in_a_debian 13 service 360
}

should_suspend_a_whole_debian_12_ten_times_while_programs_swap() {
  in_a_debian 12 sleeps 360 10
}

should_suspend_a_whole_debian_13_ten_times_while_programs_swap() {
  in_a_debian 13 sleeps 360 10
}

should_reboot_a_whole_debian_with_swap_in_use() {
  in_a_debian 12 reboots 360 3
}
