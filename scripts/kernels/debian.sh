# SPDX-License-Identifier: Apache-2.0
# Sourced by scripts/test-kernels and scripts/make-images: Debian's kernels of any release, and guests that they boot.
# Wants: cache (a directory), say and die (messages), modules (to be had in the guest).

suites='bullseye bookworm trixie trixie-backports sid'
security_suites='bullseye-security bookworm-security trixie-security'

# An apt of our own, that knows other suites of this machine's mirrors.
private_apt() {
  command=$1
  shift
  "$command" -q -o Dir::State="$cache/apt" -o Dir::State::status="$cache/apt/status" -o Dir::Cache="$cache/apt/cache" \
    -o Dir::Etc::sourcelist="$cache/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferencesparts=/dev/null -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}

prepare_apt() {
  mkdir -p "$cache/apt/lists/partial" "$cache/apt/cache/archives/partial" || return
  : >"$cache/apt/status"
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  if [ -e "$keyring" ]; then keyring="[signed-by=$keyring] "; else keyring=; fi
  apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' | sort -u |
    awk -v keyring="$keyring" -v suites="$suites" -v security="$security_suites" '
      $1 != "Debian" { next }
      {
        list = $2 == "Debian" ? suites : $2 ~ /^Debian-Security/ ? security : ""
        if (list == "" || seen[list]++) next
        n = split(list, names, " ")
        for (i = 1; i <= n; i++) print "deb " keyring $3 " " names[i] " main"
      }' >"$cache/apt/sources.list"
  [ -s "$cache/apt/sources.list" ] || die "this machine's apt sources name no Debian mirror"
  [ -n "$(find "$cache/apt/lists" -name '*Packages*' -mtime -7 -print -quit)" ] ||
    private_apt apt-get update >"$cache/apt/log" 2>&1 || say "some suites cannot be had, see $cache/apt/log"
}

# Release of the newest kernel of a series or suite: 6.12.117+deb13-cloud-amd64.
newest() {
  private_apt apt-cache pkgnames linux- >"$cache/apt/names"
  case $1 in
  [0-9]*) grep "^linux-image-$1\." "$cache/apt/names" ;;
  *)
    private_apt apt-get indextargets --format '$(FILENAME)' 'Created-By: Packages' "Codename: $1" | while read -r list; do
      /usr/lib/apt/apt-helper cat-file "$list" | sed -n 's/^Package: //p'
    done
    ;;
  esac | sed -n 's/^linux-image-\([0-9]*\.[0-9]*\.[0-9].*-cloud-amd64\)$/\1/p' | sort -urV | while read -r release; do
    # From 6.19 the kernel and its modules are packages of their own, and not all are still there.
    ! grep -qx "linux-binary-$release" "$cache/apt/names" || grep -qx "linux-modules-$release" "$cache/apt/names" || continue
    echo "$release" && break
  done
}

# Unpacks a kernel into $cache/RELEASE: kernel, config, modules/ (only those we load, and what they need).
fetch() {
  release=$1
  [ ! -e "$cache/$release/complete" ] || return 0
  say "fetching $release"
  rm -rf "$cache/$release" "$cache/unpack" && mkdir -p "$cache/$release" "$cache/unpack/debs" "$cache/unpack/tree" || return
  packages=linux-image-$release
  ! grep -qx "linux-binary-$release" "$cache/apt/names" ||
    packages="linux-base-$release linux-binary-$release linux-modules-$release"
  # shellcheck disable=SC2086 # a list of words
  (cd "$cache/unpack/debs" && private_apt apt-get download $packages) >>"$cache/apt/log" 2>&1 || return
  for package in "$cache"/unpack/debs/*.deb; do
    dpkg-deb -x "$package" "$cache/unpack/tree" || return
  done
  tree=$cache/unpack/tree
  [ -e "$tree/lib" ] || ln -s usr/lib "$tree/lib"
  to=$cache/$release/tree
  for file in "$tree/boot/vmlinuz-$release" "$tree/lib/modules/$release/vmlinuz"; do
    [ ! -e "$file" ] || cp "$file" "$cache/$release/vmlinuz" || return
  done
  # The configuration stays where the package has it.
  for file in "boot/config-$release" "lib/modules/$release/config"; do
    [ ! -e "$tree/$file" ] || { mkdir -p "$to/${file%/*}" && cp "$tree/$file" "$to/$file"; } || return
  done
  busybox depmod -b "$tree" "$release" || return
  for module in $modules; do
    sed -n "s|^\([^ ]*/$module\.ko[.xz]*\):|\1|p" "$tree/lib/modules/$release/modules.dep" | tr ' ' '\n'
  done | sort -u | while read -r file; do
    mkdir -p "$to/lib/modules/$release/${file%/*}" && cp "$tree/lib/modules/$release/$file" "$to/lib/modules/$release/$file" || return
    case $file in *.xz) xz -d "$to/lib/modules/$release/$file" || return ;; esac
  done
  busybox depmod -b "$to" "$release" && rm -rf "$cache/unpack" && touch "$cache/$release/complete"
}

# copy_program DIRECTORY FILE...: programs, and the libraries they need.
copy_program() {
  into=$1
  shift
  for file; do
    { echo "$file" && ldd "$file" 2>/dev/null | sed -n 's/^[^/]*\(\/[^ ]*\) (0x.*/\1/p'; } | while read -r needed; do
      [ -e "$into$needed" ] || { mkdir -p "$into${needed%/*}" && cp -L "$needed" "$into$needed"; } || exit
    done || return
  done
}

pack() { (cd "$1" && find . | cpio -o -H newc -R 0:0 --quiet); }

# Directories of the guest that are links there stay links: files below lib/ go to usr/lib/.
pack_tree() {
  (cd "$1" && find . -type f | sed 's|^\./lib/|./usr/lib/|' | while read -r file; do
    from=$file
    [ -e "$from" ] || from=./${file#./usr/}
    mkdir -p "$cache/pack/${file%/*}" && cp "$from" "$cache/pack/$file"
  done)
  pack "$cache/pack" && rm -rf "$cache/pack"
}
