# Sourced by install and uninstall: how files come and go, those of the administrator's excepted. The directory of programs is
# also a place for ramzswap.conf and ramzswap.conf.d; see ramzswap.conf(5).
# shellcheck shell=bash

# replace_programs NEW DIRECTORY: NEW takes the place of DIRECTORY, whose configuration stays
replace_programs() {
  local kept
  for kept in ramzswap.conf ramzswap.conf.d; do
    [[ ! -e $2/$kept && ! -L $2/$kept ]] || cp -a -- "$2/$kept" "$1/"
  done
  [[ ! -e $2 ]] || mv -- "$2" "$2.old"
  mv -- "$1" "$2"
  rm -rf -- "$2.old"
}

# take_up_after_interruption DIRECTORY: an installation that was broken off may have left it under its other name
take_up_after_interruption() {
  [[ -e $1 || ! -e $1.old ]] || mv -- "$1.old" "$1"
  rm -rf -- "$1.new" "$1.old"
}

# remove_programs DIRECTORY: and it, too, unless configuration is left in it
remove_programs() {
  [[ -d $1 ]] || return 0
  find "$1" -mindepth 1 -maxdepth 1 ! -name ramzswap.conf ! -name ramzswap.conf.d -exec rm -rf -- {} +
  rmdir --ignore-fail-on-non-empty -- "$1"
}

# remove_runtime_files DIRECTORY: of no daemon any more. One that somebody started by hand has its socket and its lock there.
remove_runtime_files() {
  [[ ! -S $1/control.sock ]] || return 0
  rm -f -- "$1/control.sock.lock" "$1/frozen" "$1/stopped"
  [[ ! -d $1 ]] || rmdir --ignore-fail-on-non-empty -- "$1"
}

# The services of systemd's that put the machine to sleep, and the drop-in of ours that each has.
declare -A sleep_services=([suspend]=suspend [hibernate]=hibernate [hybrid-sleep]=hibernate [suspend-then-hibernate]=hibernate)
# What systemd and initramfs-tools look for at these places only, and which program of ours it is.
declare -A foreign_hooks=([/usr/lib/systemd/system-sleep/ramzswap]=sleep [/usr/share/initramfs-tools/hooks/ramzswap]=initramfs-hook)

readonly needrestart_setting=/etc/needrestart/conf.d/ramzswap.conf

# install_hooks PREFIX: into other programs
install_hooks() {
  local service hook directory
  for service in "${!sleep_services[@]}"; do
    directory=$1/lib/systemd/system/systemd-$service.service.d
    mkdir -p "$directory"
    sed "s#/usr/lib/ramzswap#$1/lib/ramzswap#" "$project/systemd/ramzswap-${sleep_services[$service]}.conf" >"$directory/ramzswap.conf"
  done
  [[ ! -d ${needrestart_setting%/*} ]] || cp "$project/systemd/ramzswap.needrestart.conf" "$needrestart_setting"
  for hook in "${!foreign_hooks[@]}"; do
    [[ ! -d ${hook%/*} ]] || ln -sf "$1/lib/ramzswap/lib/${foreign_hooks[$hook]}" "$hook"
  done
}

# remove_hooks PREFIX
remove_hooks() {
  local service directory
  for service in "${!sleep_services[@]}"; do
    directory=$1/lib/systemd/system/systemd-$service.service.d
    rm -f "$directory/ramzswap.conf"
    [[ ! -d $directory ]] || rmdir --ignore-fail-on-non-empty -- "$directory"
  done
  rm -f "${!foreign_hooks[@]}" "$needrestart_setting"
}

# install_completions SHARE PREFIX: those of zsh load those of bash, by their place in a package
install_completions() {
  local completion
  mkdir -p "$2/share/zsh/site-functions"
  cp -r -- "$1/bash-completion" "$2/share/"
  for completion in "$1"/zsh/vendor-completions/*; do
    sed "s#/usr/share/#$2/share/#" "$completion" >"$2/share/zsh/site-functions/${completion##*/}"
  done
}
