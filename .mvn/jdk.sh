# Sourced by ./mvnw and ./kubra: sets JAVA_HOME to a JDK of at least version 25, or fails with one line.
kubra_jdk_version() { # prints the feature version of the JDK at $1, or nothing
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}
kubra_find_jdk() {
  local dir version
  for dir in "${JAVA_HOME:-}" "${KUBRA_JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/*; do
    [ -n "$dir" ] || continue
    version=$(kubra_jdk_version "$dir")
    if [ -n "$version" ] && [ "$version" -ge 25 ]; then
      export JAVA_HOME="$dir"
      return 0
    fi
  done
  return 1
}
