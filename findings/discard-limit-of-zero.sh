#!/bin/bash
# A limit of TRIM that was once zero cannot be raised again on Linux 6.12.
#
# Versions: User-mode Linux 6.1.176 (user-mode-linux 6.1um4, Debian 12) and 6.12.113 (user-mode-linux 6.12um1, Debian 13), with its
# own disk driver, which takes TRIM.
#
# Expected by a good engineer: /sys/block/DISK/queue/discard_max_bytes may be written at any time, down to 0, which turns TRIM off,
# and up again, which turns it on.
# Seen: 6.1 does that. On 6.12 the granularity of discards becomes 0 with the limit, and every value but 0 is refused with EINVAL
# from then on, whoever serves the device; the disk has no TRIM until its driver makes it anew.
#
# Needs apt (a source of Debian's packages), dpkg-deb, unshare and root (for chroot). Exit status 0 when all of that is so, 1 when it
# is not, 2 when it cannot be tried.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cannot() {
  echo "cannot be tried: $*" >&2
  exit 2
}
for tool in apt-get dpkg-deb unshare chroot; do
  command -v "$tool" >/dev/null || cannot "there is no $tool"
done
((EUID == 0)) || cannot 'only root may'
# shellcheck disable=SC2016 # for apt to fill in
mirror=$(apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' |
  awk -F '|' '$1 == "Debian" && $2 == "Debian" && !found++ { print $3 }')
[[ -n $mirror ]] || cannot 'apt here has no source of Debian packages'
settings=$(apt-config dump | grep -E '^Acquire::(https?|Check-)' || true)

# tell SUITE: boots that release's User-mode Linux, with nothing but a shell, and prints what becomes of each value
tell() {
  local root=$work/$1/root state=$work/$1/apt
  mkdir -p "$root"/{proc,sys,dev/shm,tmp,root} "$state"/{lists/partial,archives/partial,debs}
  : >"$state/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $1 main" >"$state/sources.list"
  cat >"$state/apt.conf" <<CONF
$settings
Dir::Etc::SourceList "$state/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State "$state";
Dir::State::Lists "$state/lists";
Dir::State::status "$state/status";
Dir::Cache "$state";
APT::Architecture "amd64";
APT::Architectures { "amd64"; };
APT::Sandbox::User "";
Acquire::Languages "none";
CONF
  (
    cd "$state/debs"
    export APT_CONFIG=$state/apt.conf
    apt-get update -qq && apt-get download -qq user-mode-linux busybox-static libc6
  ) >"$state/log" 2>&1 || cannot "$(tail -n 1 "$state/log")"
  local package
  for package in "$state"/debs/*.deb; do
    dpkg-deb -x "$package" "$root"
  done
  [[ -e $root/lib64 ]] || ln -s usr/lib64 "$root/lib64"
  truncate -s 64M "$root/disk"
  local busybox=/usr/bin/busybox
  [[ -e $root$busybox ]] || busybox=/bin/busybox
  cat >"$root/init" <<INIT
#!$busybox sh
b=$busybox
\$b mount -t sysfs sysfs /sys
\$b mount -t proc proc /proc
cd /sys/block/ubda/queue
echo "kernel \$(\$b uname -r)"
for value in 0 1048576 4294963200; do
  (echo \$value >discard_max_bytes) 2>/dev/null && result=taken || result=refused
  echo "value \$value \$result, granularity \$(\$b cat discard_granularity)"
done
echo o >/proc/sysrq-trigger
\$b sleep 5
INIT
  chmod +x "$root/init"
  timeout 120 unshare -m sh -c "mount --rbind /proc $root/proc && mount -t tmpfs tmpfs $root/dev/shm &&
    exec chroot $root /usr/bin/linux.uml mem=64M root=/dev/root rootfstype=hostfs rootflags=/ ro init=/init ubd0=/disk \
      con=null con0=fd:0,fd:1" </dev/null 2>&1 | tr -d '\r' | grep -aE '^(kernel|value) ' || true
}

seen=$(tell bookworm && tell trixie)
echo "$seen"
expected='kernel 6.1.*
value 0 taken, granularity 512
value 1048576 taken, granularity 512
value 4294963200 taken, granularity 512
kernel 6.12.*
value 0 taken, granularity 0
value 1048576 refused, granularity 0
value 4294963200 refused, granularity 0'
# shellcheck disable=SC2053 # a pattern
if [[ $seen == $expected ]]; then
  echo 'as the finding says'
else
  echo 'not as the finding says' >&2
  exit 1
fi
