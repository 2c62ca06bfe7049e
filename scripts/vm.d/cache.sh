# Sourced by scripts/vm: the root disk and the kernels, downloaded and built once, kept under target/vm. apt runs with a
# configuration, lists and a cache of its own: the machine's stay as they are, nothing is installed.
# shellcheck shell=bash

vm_cache=${RAMZSWAP_VM_CACHE:-$target/vm}
debian_mirror=${RAMZSWAP_DEBIAN_MIRROR:-http://deb.debian.org/debian}
vm_tools=(
  qemu-system-x86_64:qemu-system-x86 busybox:busybox-static mke2fs:e2fsprogs depmod:kmod xz:xz-utils
  apt-get:apt dpkg-deb:dpkg flock:util-linux /usr/share/keyrings/debian-archive-keyring.gpg:debian-archive-keyring
)
guest_packages=(
  base-files base-passwd bash coreutils dash diffutils findutils grep gzip hostname sed tar mawk
  util-linux util-linux-extra mount procps kmod dmsetup nbd-client e2fsprogs libstdc++6 zlib1g libssl3t64
)

no_machine() {
  die "$STATUS_NO_MACHINE" "$@"
}

# with_lock NAME COMMAND...: two runs may want the same thing made; the second waits, then finds it.
with_lock() {
  local lock=$vm_cache/$1.lock
  (
    flock 9
    "${@:2}"
  ) 9>"$lock"
}

# As root if a user namespace gives that, so that files in the disk belong to root; else as we are, which does as well.
as_owner_of_all() {
  if ((EUID != 0)) && unshare --map-root-user true 2>/dev/null; then
    unshare --map-root-user "$@"
  else
    "$@"
  fi
}

# make_disk DIRECTORY DISK LOG FREE_MIB: an ext4 image with the directory's files, and room for more.
make_disk() {
  local kib inodes
  kib=$(du -sk --apparent-size -- "$1" 2>/dev/null | cut -f 1)
  inodes=$(find "$1" 2>/dev/null | wc -l)
  as_owner_of_all mke2fs -q -F -t ext4 -O ^has_journal -E root_owner=0:0 -m 0 -N $((inodes + 4096)) -d "$1" \
    "$2" $((kib * 9 / 8 + inodes * 4 + ($4 + 8) * 1024))k >"$3" 2>&1
}

# pack_initramfs DIRECTORY: on standard output
pack_initramfs() {
  (cd -- "$1" && find . | LC_ALL=C sort | busybox cpio -o -H newc -R 0:0 2>/dev/null)
}

our_apt() {
  local apt=$vm_cache/apt
  mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" "$apt/etc/preferences.d" "$apt/etc/apt.conf.d" || return
  cat >"$apt/apt.conf" <<CONF
Dir::Etc "$apt/etc";
Dir::Etc::SourceParts "/dev/null";
Dir::State "$apt/state";
Dir::State::status "$apt/state/status";
Dir::Cache "$apt/cache";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
Acquire::GzipIndexes "true";
APT::Architecture "amd64";
APT::Architectures { "amd64"; };
APT::Sandbox::User "";
APT::Install-Recommends "false";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
  : >>"$apt/state/status"
  local suite
  for suite in bookworm bookworm-backports trixie; do
    printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$debian_mirror" "$suite"
  done >"$apt/etc/sources.list"
  APT_CONFIG=$apt/apt.conf "$@"
}

# from_debian COMMAND...: runs apt; when that fails, or nothing is known yet, with fresh lists.
from_debian() {
  if compgen -G "$vm_cache/apt/state/lists/*_Packages*" >/dev/null && our_apt "$@" >"$run/apt.log" 2>&1; then
    return
  fi
  say "reading the package lists of $debian_mirror"
  our_apt apt-get update -qq >"$run/apt.log" 2>&1 || no_machine "apt-get update failed: $(tail -n 1 "$run/apt.log")"
  our_apt "$@" >"$run/apt.log" 2>&1 || no_machine "'$*' failed: $(tail -n 1 "$run/apt.log")"
}

# unpack DEB DIRECTORY: keeps the directory's links from /bin, /lib and so on to /usr.
unpack() {
  dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink --no-same-owner -C "$2"
}

prepare_root() {
  mkdir -p "$vm_cache"
  local recipe
  recipe=$(sha256sum "$here/vm.d/cache.sh" | cut -c 1-12)
  root_disk=$vm_cache/root-$recipe.ext4
  [[ -e $root_disk ]] || with_lock root make_root
}

make_root() {
  [[ ! -e $root_disk ]] || return 0
  say "making the guest's root disk"
  local root=$run/root name deb
  mkdir -p "$root/usr"
  for name in bin sbin lib lib64; do
    mkdir "$root/usr/$name"
    ln -s "usr/$name" "$root/$name"
  done
  from_debian apt-get install -y --download-only "${guest_packages[@]}"
  for deb in "$vm_cache"/apt/cache/archives/*.deb; do
    unpack "$deb" "$root" || no_machine "cannot unpack $deb"
  done
  our_apt apt-get clean
  rm -rf "$root"/usr/share/{doc,man,locale,info,i18n}
  finish_root "$root"
  make_disk "$root" "$run/root.ext4" "$run/mke2fs.log" 512 || no_machine "mke2fs failed: $(tail -n 1 "$run/mke2fs.log")"
  rm -f "$vm_cache"/root-*.ext4
  mv "$run/root.ext4" "$root_disk"
  rm -rf "$root"
}

# What the packages' maintainer scripts would have done, as far as a shell script needs it.
finish_root() {
  mkdir -p "$1"/{dev,proc,sys,run,tmp,root,mnt,share,etc,usr/lib/modules}
  chmod 1777 "$1/tmp"
  [[ -e $1/usr/bin/sh ]] || ln -s dash "$1/usr/bin/sh"
  [[ -e $1/usr/bin/awk ]] || ln -s mawk "$1/usr/bin/awk"
  cp "$1/usr/share/base-passwd/passwd.master" "$1/etc/passwd"
  cp "$1/usr/share/base-passwd/group.master" "$1/etc/group"
  echo ramzswap-vm >"$1/etc/hostname"
  echo '127.0.0.1 localhost ramzswap-vm' >"$1/etc/hosts"
  ln -sf /proc/self/mounts "$1/etc/mtab"
}

# prepare_kernel WHICH
prepare_kernel() {
  local recipe name
  if [[ -f $1 ]]; then
    name=$(sha256sum -- "$1" | cut -c 1-12)
  else
    name=${1//[^A-Za-z0-9.+-]/_}
  fi
  recipe=$(cat "$here/vm.d/cache.sh" "$here/vm.d/initramfs-init" | sha256sum | cut -c 1-12)
  kernel_dir=$vm_cache/kernel-$name-$recipe
  [[ -e $kernel_dir ]] || with_lock kernel make_kernel "$1" "$name"
}

make_kernel() {
  [[ ! -e $kernel_dir ]] || return 0
  say "preparing kernel $1"
  local tree=$run/kernel new=$run/kernel-ready version
  mkdir -p "$tree" "$new" "$run/debs"
  fetch_kernel "$1" "$tree"
  version=$(basename -- "$tree"/boot/vmlinuz-*)
  version=${version#vmlinuz-}
  mkdir -p "$tree/modules/lib/modules"
  if [[ -d $tree/usr/lib/modules/$version ]]; then
    mv "$tree/usr/lib/modules/$version" "$tree/modules/lib/modules/"
  else
    mv "$tree/lib/modules/$version" "$tree/modules/lib/modules/"
  fi
  depmod -b "$tree/modules" "$version"
  cp "$tree/boot/vmlinuz-$version" "$new/vmlinuz"
  make_boot_initramfs "$tree" "$version" >"$new/initramfs"
  make_disk "$tree/modules/lib/modules" "$new/modules.ext4" "$run/mke2fs.log" 0 ||
    no_machine "mke2fs failed: $(tail -n 1 "$run/mke2fs.log")"
  rm -rf "$vm_cache/kernel-$2"-*
  mv "$new" "$kernel_dir"
  rm -rf "$tree" "$run/debs"
}

# fetch_kernel WHICH TREE: unpacks the kernel's package into TREE.
fetch_kernel() {
  local package=$1
  case $1 in
    6.1) package=linux-image-cloud-amd64/bookworm ;;
    6.12) package=linux-image-cloud-amd64/trixie ;;
  esac
  if [[ -f $1 ]]; then
    cp -- "$1" "$run/debs/"
  else
    download "$package"
  fi
  unpack_one "$2"
  [[ ! -e $(echo "$2"/boot/vmlinuz-*) ]] || return 0
  # A package with nothing in it but the name of the newest kernel's
  download "$(sed -n 's/.*\(linux-image-[^ ,]*\).*/\1/p' "$run/depends")"
  unpack_one "$2"
  [[ -e $(echo "$2"/boot/vmlinuz-*) ]] || no_machine "$1 has no kernel in it"
}

download() {
  rm -f "$run"/debs/*
  (cd "$run/debs" && from_debian apt-get download "$1")
}

unpack_one() {
  local debs=("$run"/debs/*)
  unpack "${debs[0]}" "$1" || no_machine "cannot unpack ${debs[0]##*/}"
  dpkg-deb -f "${debs[0]}" Depends >"$run/depends"
}

# make_boot_initramfs TREE VERSION: busybox, and the modules it takes to mount the root disk.
make_boot_initramfs() {
  local initramfs=$run/initramfs-tree module name
  mkdir -p "$initramfs"/{bin,modules,dev,proc,sys,root}
  cp "$(command -v busybox)" "$initramfs/bin/busybox"
  cp "$here/vm.d/initramfs-init" "$initramfs/init"
  chmod 755 "$initramfs/init"
  for name in virtio_pci virtio_blk ext4 virtio-rng; do
    modprobe -d "$1/modules" -S "$2" --show-depends "$name"
  done | sed -n 's/^insmod //p' | awk '!seen[$1]++ { print $1 }' >"$run/modules"
  while read -r module; do
    name=$(basename -- "${module%.xz}")
    case $module in
      *.xz) xz -dc "$module" >"$initramfs/modules/$name" ;;
      *) cp "$module" "$initramfs/modules/$name" ;;
    esac
    echo "$name" >>"$initramfs/modules/order"
  done <"$run/modules"
  pack_initramfs "$initramfs"
}
