# Sourced by scripts/vm: the root disk, downloaded and built once, kept under target/vm; and what makes such things.
# shellcheck shell=bash disable=SC2154
# shellcheck source=mirror.sh
. "$here/vm.d/mirror.sh"
# shellcheck source=kernel.sh
. "$here/vm.d/kernel.sh"

vm_cache=${RAMZSWAP_VM_CACHE:-$target/vm}
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
