# Sourced by the launchers of a clone and of a release: finds a JDK, and runs the command on it.
# The callers of sendmail wait for all of this, so it starts no other program where it needs none.

recent() { # whether the Java in a home folder is one of 25 or later
  [ -r "$1/release" ] || return 1
  while IFS='=' read -r name value; do
    if [ "$name" = JAVA_VERSION ]; then
      value=${value#\"}
      [ "${value%%[!0-9]*}" -ge 25 ]
      return
    fi
  done <"$1/release"
  return 1
}

find_jdk() {
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/java/*; do
    if [ -x "$home/bin/java" ] && recent "$home"; then
      echo "$home"
      return
    fi
  done
  echo "outmail: no JDK 25 or later found; install one, or set JAVA_HOME to it" >&2
  exit 1
}

# Whether the user has options of their own about archives of classes: with two kinds a JVM would not start at all.
archive_options() {
  case "${JAVA_OPTIONS:-} ${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-}" in
    *-Xshare* | *Archive* | *AOT* | *ClassList*) return 0 ;;
    *) return 1 ;;
  esac
}

# The archive of classes, the class path and the arguments: becomes the command, on $java.
run() {
  aot=$1
  classes=$2
  shift 2
  # A command that answers and ends wants a quick start; one that stays, speed.
  case "${1:-}" in
    # Socket events go straight to whom they are for: a fifth of the CPU time on one busy connection (docs/adr/0007).
    up | worker | console | smtp-in | demo) options="-XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -Djdk.pollerMode=1" ;;
    *) options="-XX:+UseSerialGC -XX:TieredStopAtLevel=1" ;;
  esac
  # Where the archive of classes is missing or doesn't fit, the JVM does without and says nothing.
  archive=-XX:AOTCache=$aot
  if archive_options; then archive=; fi
  set -f # -Xlog:aot* is no file's name
  # shellcheck disable=SC2086 # options are words
  exec "$java" $options ${archive:+"$archive" -Xlog:aot*=off -Xlog:cds*=off} ${JAVA_OPTIONS:-} \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -cp "$classes" dev.outmail.cli.Main "$@"
}

# What of a folder of jars the sendmail command needs, as a class path: a third of its start would be to look at the others.
sendmail_classes() {
  classes=
  for name in outmail-submission outmail-producer outmail-common jakarta.mail-api jakarta.activation-api angus-mail; do
    for jar in "$1/$name"-[0-9]*.jar; do classes=$classes${classes:+:}$jar; done
  done
}

# Whether a jar is newer than the archive. The JVM looks after that itself, but not where the archive holds the modules, too,
# as this one does for want of options about them: it would run what the jars held before.
outdated() (
  set -f
  IFS=:
  for jar in $classes; do
    [ "$jar" -nt "$aot" ] && return 0
  done
  return 1
)

# Its archive of classes, the folder of jars, the launcher's own path and the arguments: becomes the sendmail command, on $java.
run_sendmail() {
  aot=$1
  sendmail_classes "$2"
  launcher=$3
  shift 3
  archive=-XX:AOTCache=$aot
  if archive_options || outdated; then archive=; fi
  set -f
  # Cron and PHP have no locale, by which Java would take an address beyond ASCII for another.
  LC_ALL=C.UTF-8
  export LC_ALL
  # shellcheck disable=SC2086 # options are words
  exec "$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData ${archive:+"$archive" -Xlog:aot*=off -Xlog:cds*=off} \
    -Doutmail.launcher="$launcher" ${JAVA_OPTIONS:-} -cp "$classes" dev.outmail.submission.sendmail.Sendmail "$@"
}
