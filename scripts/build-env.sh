# SPDX-License-Identifier: Apache-2.0
# Sourced by ./bpfdump (when it builds) and ./check: finds a JDK, installs Debian packages, runs Maven.

# Prints the home of a JDK 25 or later: JAVA_HOME, else PATH, else one in /usr/lib/jvm.
find_jdk() {
  for jdk in "${JAVA_HOME:-}" "$(readlink -f "$(command -v javac)" 2>/dev/null | sed 's|/bin/javac$||')" \
    /usr/lib/jvm/*; do
    if [ -x "$jdk/bin/javac" ] && [ -r "$jdk/release" ]; then
      version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$jdk/release")
      [ "${version:-0}" -ge 25 ] && echo "$jdk" && return
    fi
  done
  return 1
}

# Sets JAVA_HOME for Maven and for what comes after it; what the user set for other programs stays out.
use_jdk() {
  JAVA_HOME=$(find_jdk) || {
    echo "$1: no JDK 25 or later in JAVA_HOME, PATH or /usr/lib/jvm; install one or set JAVA_HOME" >&2
    return 1
  }
  export JAVA_HOME
  unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
  # Maven 3's own libraries use both; Java 25 would warn about each.
  export MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}"
}

# install_packages NAME PACKAGE...: as root on Debian, else says what to do.
install_packages() {
  name=$1
  shift
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "$name: missing: $*; install them, as root on Debian: apt-get install $*" >&2
    return 1
  fi
  echo "$name: installing $*" >&2
  apt-get update -q </dev/null >&2 || true # an old list may do
  DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@" </dev/null >&2
}
