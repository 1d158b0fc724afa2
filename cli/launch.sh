# Sourced by the launchers of a clone and of a release: finds a JDK, and runs the command on it.

major_version() { # of the Java in a home folder; 0 for none
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null | grep . || echo 0
}

find_jdk() {
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/java/*; do
    if [ -x "$home/bin/java" ] && [ "$(major_version "$home")" -ge 25 ]; then
      echo "$home"
      return
    fi
  done
  echo "outmail: no JDK 25 or later found; install one, or set JAVA_HOME to it" >&2
  exit 1
}

# The archive of classes, the class path and the arguments: becomes the command, on $java.
run() {
  aot=$1
  classes=$2
  shift 2
  # A command that answers and ends wants a quick start; one that stays, speed.
  case "${1:-}" in
    # Socket events go straight to whom they are for: a fifth of the CPU time on one busy connection (docs/adr/0007).
    up | worker | console | smtp-in | demo) options="-XX:+UseSerialGC -Djdk.pollerMode=1" ;;
    *) options="-XX:+UseSerialGC -XX:TieredStopAtLevel=1" ;;
  esac
  # Where the archive of classes is missing or doesn't fit, the JVM does without and says nothing. With a user's own
  # options about such archives it would not start at all.
  case "${JAVA_OPTIONS:-} ${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-}" in
    *-Xshare* | *Archive* | *AOT* | *ClassList*) archive= ;;
    *) archive=-XX:AOTCache=$aot ;;
  esac
  set -f # -Xlog:aot* is no file's name
  # shellcheck disable=SC2086 # options are words
  exec "$java" $options ${archive:+"$archive" -Xlog:aot*=off -Xlog:cds*=off} ${JAVA_OPTIONS:-} \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -cp "$classes" dev.outmail.cli.Main "$@"
}
