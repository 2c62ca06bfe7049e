# Sourced by scripts/vm: a whole Debian as root disk, for --debian. Made once, kept under target/vm.
# shellcheck shell=bash disable=SC2154

debian_tools=(mmdebstrap:mmdebstrap)
debian_packages=(systemd systemd-sysv udev dbus kmod procps mount util-linux libgcc-s1 libstdc++6 zlib1g)
declare -A debian_suites=([12]=bookworm [13]=trixie) debian_kernels=([12]=6.1 [13]=6.12)
# The releases name OpenSSL's library differently.
declare -A debian_libssl=([12]=libssl3 [13]=libssl3t64)

prepare_debian() {
  mkdir -p "$vm_cache"
  local recipe
  recipe=$(cat "$here/vm.d/debian.sh" "$here/vm.d/debian-session" | sha256sum | cut -c 1-12)
  root_disk=$vm_cache/debian-$debian-$recipe.ext4
  [[ -e $root_disk ]] || with_lock debian make_debian
}

make_debian() {
  [[ ! -e $root_disk ]] || return 0
  say "making the guest's Debian $debian"
  local root=$run/debian
  mkdir -p "$root"
  find_mirror
  apt_ways >"$run/apt-ways"
  mmdebstrap --quiet --variant=apt "--include=$(IFS=,; echo "${debian_packages[*]},${debian_libssl[$debian]}")" \
    --aptopt="$run/apt-ways" --aptopt='Acquire::Languages "none"' --aptopt='Acquire::Retries "3"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/man/*' \
    "${debian_suites[$debian]}" "$run/debian.tar" "$mirror" >"$run/mmdebstrap.log" 2>&1 ||
    no_machine "mmdebstrap failed: $(tail -n 1 "$run/mmdebstrap.log")"
  tar -x --exclude './dev/*' -C "$root" -f "$run/debian.tar" || no_machine 'cannot unpack what mmdebstrap made'
  rm "$run/debian.tar"
  finish_debian "$root"
  make_disk "$root" "$run/debian.ext4" "$run/mke2fs.log" 512 || no_machine "mke2fs failed: $(tail -n 1 "$run/mke2fs.log")"
  rm -f "$vm_cache/debian-$debian"-*.ext4
  mv "$run/debian.ext4" "$root_disk"
  rm -rf "$root"
}

# A machine that nobody logs in to, with a journal that outlives a reboot, and the unit that runs the guest's script.
finish_debian() {
  local unit
  # How this machine reaches its mirror is nobody else's concern.
  rm -f "$1/etc/apt/apt.conf.d/99mmdebstrap"
  mkdir -p "$1"/{share,usr/lib/modules,var/log/journal,usr/local/sbin}
  for unit in getty@tty1.service serial-getty@ttyS0.service apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \
    e2scrub_all.timer e2scrub_reap.service fstrim.timer systemd-firstboot.service; do
    ln -sf /dev/null "$1/etc/systemd/system/$unit"
  done
  echo '/dev/vda / ext4 defaults 0 0' >"$1/etc/fstab"
  echo ramzswap-vm >"$1/etc/hostname"
  echo '127.0.0.1 localhost ramzswap-vm' >"$1/etc/hosts"
  echo 00000000000000000000000000000001 >"$1/etc/machine-id"
  install -m 755 "$here/vm.d/debian-session" "$1/usr/local/sbin/vm-session"
  cat >"$1/etc/systemd/system/vm-session.service" <<'UNIT'
[Unit]
Description=What the machine was started for
[Service]
Type=exec
ExecStart=/usr/local/sbin/vm-session
KillMode=process
[Install]
WantedBy=multi-user.target
UNIT
  mkdir -p "$1/etc/systemd/system/multi-user.target.wants"
  ln -sf ../vm-session.service "$1/etc/systemd/system/multi-user.target.wants/vm-session.service"
}
