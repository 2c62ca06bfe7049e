# Sourced by scripts/test, which sets here, project, quick and work.
# shellcheck shell=bash disable=SC2154
# shellcheck source=assertions.sh
. "$here/test.d/assertions.sh"

packages=$target/packages

can_be_set_up() {
  "$here/package" --version 0.0.1
  rm -rf "$packages"
  mkdir -p "$packages"
  mv "$project"/app/target/ramzswap_0.0.1_amd64.deb "$packages/ramzswap.deb"
}

should_be_small_and_whole() {
  local file
  (($(stat -c %s "$packages/ramzswap.deb") <= 60 << 20)) || fail 'more than 60 MB'
  dpkg-deb -c "$packages/ramzswap.deb" >contents
  for file in bin/ramzswapd bin/rzscontrol lib/systemd/system/ramzswap.service lib/systemd/system/ramzswap-metrics.service lib/modprobe.d/ramzswap.conf \
    lib/systemd/system/systemd-{suspend,hibernate,hybrid-sleep,suspend-then-hibernate}.service.d/ramzswap.conf \
    lib/systemd/system-sleep/ramzswap lib/ramzswap/lib/sleep share/initramfs-tools/hooks/ramzswap lib/ramzswap/lib/initramfs-hook \
    lib/ramzswap/runtime/bin/java share/man/man5/ramzswap.conf.5.gz share/man/man8/ramzswapd.8.gz \
    share/man/man8/rzscontrol.8.gz share/bash-completion/completions/ramzswapd share/zsh/vendor-completions/_rzscontrol \
    share/doc/ramzswap/copyright share/doc/ramzswap/changelog.gz; do
    expect_match contents " \./usr/$file( |\$)"
  done
  expect_match contents ' \./etc/ramzswap/ramzswap\.conf$'
  [[ $(dpkg-deb -I "$packages/ramzswap.deb" conffiles | sort) == $'/etc/needrestart/conf.d/ramzswap.conf\n/etc/ramzswap/ramzswap.conf' ]] ||
    fail 'the configuration is no conffile'
}

# As apt would, with the lists of each release and nothing installed before; nothing is downloaded but the lists.
should_find_what_it_needs_in_debian_12_and_13() {
  # shellcheck disable=SC2034 # for from_debian
  local run=$PWD STATUS_NO_MACHINE=1
  local suite
  mkdir -p "$vm_cache"
  for suite in bookworm trixie; do
    from_debian apt-get -s -q -o "APT::Default-Release=$suite" install "$packages/ramzswap.deb"
    expect_match apt.log '^Inst ramzswap '
  done
}

# The runtime's libraries are as the JDK has them: their symbols name functions in a crash report.
should_have_no_error_in_lintians_eyes() {
  lintian --fail-on error --suppress-tags unstripped-binary-or-object "$packages/ramzswap.deb"
}

should_have_a_manual_without_warnings() {
  local page
  for page in "$project"/app/target/documents/share/man/man*/*.gz; do
    # Bold is a character over itself.
    MANROFFSEQ='' MANWIDTH=80 man -l --warnings -E UTF-8 -Tutf8 "$page" 2>warnings | sed 's/.\x08//g' >rendered
    [[ ! -s warnings ]] || fail "$page: $(cat warnings)"
    expect_match rendered 'SEE ALSO'
  done
  gzip -dc "$project/app/target/documents/share/man/man8/ramzswapd.8.gz" >ramzswapd.8
  expect_match ramzswapd.8 '\\-\\-swapoff'
  ! grep -n '^@' ramzswapd.8 || fail 'a line was not filled in'
}

should_have_units_that_systemd_understands() {
  local unit
  for unit in ramzswap ramzswap-metrics; do
    sed 's#/usr/\(bin\|lib/ramzswap/lib\)/\(ramzswapd\|rzscontrol\|resume\|swapoff\)#/bin/true#; /^Documentation=/d' \
      "$project/systemd/$unit.service" >"$unit.service"
    systemd-analyze verify "./$unit.service" 2>complaints || fail "$(cat complaints)"
    ! grep -n "$unit.service" complaints || fail 'systemd complains'
    systemd-analyze security --offline=true --threshold=40 "./$unit.service" >score || fail "$(tail -n 1 score)"
  done
}

should_take_a_completion() {
  bash -c '. "$1" && complete -p ramzswapd' _ "$project/app/target/documents/share/bash-completion/completions/ramzswapd"
}

# It reads settings as Perl, and restarts by itself those services that the first matching pattern does not spare.
should_keep_needrestart_from_restarting_the_daemon() {
  perl -e 'our %nrconf = (override_rc => { qr(^dbus) => 0 }); eval do { local (@ARGV, $/) = $ARGV[0]; <> }; die $@ if $@;
    for my $unit (qw(ramzswap.service ramzswap-metrics.service)) {
      my ($set) = map { $nrconf{override_rc}->{$_} } grep { $unit =~ /$_/ } sort keys %{ $nrconf{override_rc} };
      print "$unit ", $set // "restarts", "\n";
    }' "$project/systemd/ramzswap.needrestart.conf" >restarts
  [[ $(<restarts) == $'ramzswap.service 0\nramzswap-metrics.service restarts' ]] || fail "$(<restarts)"
}
