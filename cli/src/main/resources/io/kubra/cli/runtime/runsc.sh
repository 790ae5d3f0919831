#!/bin/sh
# Stands between containerd's runc shim and runsc. Written by kubra; changes are lost.
#
# Distributions package runsc without a shim of its own, and the runc shim takes for granted what
# holds only for the first container of a gVisor pod: that a container is a process of the host,
# whose end can be waited for, and that it has its standard streams from "create" on rather than
# from "start". So every further container gets a process here, the holder: born in "create" with
# the streams, it starts the container when told to, waits, and ends with its exit code.
set -u
program='@PROGRAM@'

root='' log='' command='' bundle='' pid_file='' process='' console='' last=''
for argument in "$@"; do
  case "$last" in
    --root) root=$argument ;;
    --log) log=$argument ;;
    --pid-file) pid_file=$argument ;;
    --process) process=$argument ;;
    --console-socket) console=$argument ;;
  esac
  case "$last:$argument" in
    --root:* | --log:* | --log-format:* | --pid-file:* | --process:* | --console-socket:* | *:-*) ;;
    *) [ -n "$command" ] || command=$argument ;;
  esac
  last=$argument
done
# The shim logs into the bundle of the container that it speaks of, which is called by its id.
bundle=${log%/*}
id=${bundle##*/}

runsc() {
  "$program" @OPTIONS@ --root "$root" --log "$log" --log-format json "$@"
}

fail() {
  printf '{"level":"error","msg":"%s"}\n' "$1" >>"$log"
  echo "$1" >&2
  exit 1
}

hold() {
  read -r told <"$bundle/holder.start"
  runsc start "$id"
  code=$?
  echo "$code" >"$bundle/holder.started"
  [ "$code" = 0 ] || exit "$code"
  exec </dev/null >/dev/null 2>&1
  status=$(runsc wait "$id")
  status=${status##*\"exitStatus\":}
  status=${status%%[!0-9]*}
  exit "${status:-137}"
}

# The shim measures the cgroup of the process it knows. What there is to measure is the sandbox.
join_cgroups() { # process, sandbox's process
  while IFS=: read -r number controllers path; do
    hierarchy=/sys/fs/cgroup
    case "$controllers" in
      name=*) hierarchy=$hierarchy/${controllers#name=} ;;
      '') [ -e $hierarchy/cgroup.controllers ] || hierarchy=$hierarchy/unified ;;
      *) hierarchy=$hierarchy/${controllers%%,*} ;;
    esac
    echo "$1" >"$hierarchy$path/cgroup.procs"
  done <"/proc/$2/cgroup" 2>/dev/null
}

holds() { # whether the process that the shim knows lives
  read -r pid <"$bundle/init.pid" || [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null
}

# Of what Linux 5.8 and 5.9 added runsc knows nothing before 2023, and gVisor's kernel has none of it.
forget_capabilities() { # an OCI configuration
  sed -i -e 's/"CAP_\(PERFMON\|BPF\|CHECKPOINT_RESTORE\)",//g' \
    -e 's/,"CAP_\(PERFMON\|BPF\|CHECKPOINT_RESTORE\)"//g' "$1"
}

# Before 2023 runsc took a network namespace that has /proc/sys/net/core/rmem_default for the host's
# and refused it; since Linux 6.17 they all have it. So the second try does not see it.
start_sandbox() {
  "$program" @OPTIONS@ "$@" 2>"$bundle/start.error" && return
  grep -q 'root network namespace' "$bundle/start.error" || {
    cat "$bundle/start.error" >&2
    return 1
  }
  unshare --mount sh -c 'mount -t tmpfs none /proc/sys/net && exec "$0" "$@"' \
    "$program" @OPTIONS@ "$@"
}

case "$command" in
  create)
    grep -q '"io.kubernetes.cri.container-type":"container"' "$bundle/config.json" ||
      exec "$program" @OPTIONS@ "$@"
    forget_capabilities "$bundle/config.json"
    "$program" @OPTIONS@ "$@" || exit $?
    read -r sandbox <"$pid_file" || [ -n "$sandbox" ] || fail "runsc create told no process"
    mkfifo "$bundle/holder.start" "$bundle/holder.started"
    # With a terminal the streams are the shim's ear for errors, and it listens until they close.
    [ -z "$console" ] || exec </dev/null >/dev/null 2>&1
    exec 3<&0
    hold <&3 3<&- &
    join_cgroups $! "$sandbox"
    printf %s $! >"$pid_file"
    ;;
  start)
    if [ ! -e "$bundle/holder.start" ]; then
      start_sandbox "$@"
      exit $?
    fi
    holds || fail "the container's holder has ended"
    echo start >"$bundle/holder.start"
    read -r code <"$bundle/holder.started"
    exit "${code:-1}"
    ;;
  kill)
    "$program" @OPTIONS@ "$@" 2>"$bundle/kill.error" && exit 0
    if ! holds; then
      # The words by which the shim knows that there is nothing left to do.
      echo "container not running" >&2
    elif runsc state "$id" 2>/dev/null | grep -q '"status": *"created"'; then
      # What was never started runsc does not signal, but its process must end all the same.
      kill -KILL "$pid"
      exit 0
    else
      cat "$bundle/kill.error" >&2
    fi
    exit 1
    ;;
  exec)
    [ -z "$process" ] || forget_capabilities "$process"
    exec "$program" @OPTIONS@ "$@"
    ;;
  *)
    exec "$program" @OPTIONS@ "$@"
    ;;
esac
