# Facts of a node, one a line: name=value. A name may come many times. Reads, changes nothing.
# HOST is where the node's files are seen; STATE, if set, is the state of the one local cluster meant.
h=${HOST-/host}
s=$h/sys
export LC_ALL=C

# Network cards that are hardware, without virtual functions.
total=0; made=0; nics=0; slow=
for d in $s/class/net/*; do
  [ -e $d/device ] && [ ! -e $d/device/physfn ] || continue
  nics=$((nics+1))
  t=$(cat $d/device/sriov_totalvfs 2>/dev/null || echo 0); total=$((total+t))
  m=$(cat $d/device/sriov_numvfs 2>/dev/null || echo 0); made=$((made+m))
  v=$(cat $d/speed 2>/dev/null || echo -1)
  if [ -z "$slow" ] || [ "$v" -lt "$slow" ]; then slow=$v; fi
  r=$(readlink $d/device/driver) && echo "nic-driver=${r##*/}"
done
echo "sriov-total=$total"; echo "sriov-made=$made"; echo "nics=$nics"; echo "nic-speed=$slow"

# Processors and machine.
echo "smt=$(cat $s/devices/system/cpu/smt/control 2>/dev/null)"
echo "cpus=$(grep -c ^processor $h/proc/cpuinfo)"
echo "virtual=$(grep -qw hypervisor $h/proc/cpuinfo && echo yes || echo no)"
echo "sockets=$(for c in $s/devices/system/cpu/cpu[0-9]*/topology; do
  echo $(cat $c/physical_package_id) $(cat $c/core_id); done | sort -u | awk '{n[$1]++} END{for(k in n) printf "%s:%d ",k,n[k]}')"
echo "rotational=$(for q in $s/block/*/queue/rotational; do
  case $q in */loop*|*/ram*|*/zram*) ;; *) [ -e $q ] && cat $q;; esac; done | tr '\n' ' ')"
# SMBIOS type 9, system slots: the numbers of slot type and bus width.
for r in $s/firmware/dmi/entries/9-*/raw; do
  [ -r $r ] && echo "slot=$(od -An -tu1 -j5 -N2 $r | awk '{print $1, $2}')"
done

# Operating system.
echo "os=$([ -e $h/usr/bin/dpkg ] && echo deb)$([ -e $h/usr/bin/rpm ] && echo rpm)"
grep -q PREEMPT_RT $h/proc/version 2>/dev/null || [ "$(cat $s/kernel/realtime 2>/dev/null)" = 1 ] && echo realtime=yes
for w in $(cat $h/proc/cmdline 2>/dev/null); do
  case $w in isolcpus=*|nohz_full=*|rcu_nocbs=*) echo "kernel-argument=$w";; esac
done
for u in $s/block/dm-*/dm/uuid; do
  [ -r $u ] && read -r v < $u && case $v in CRYPT-*) u=${u%/dm/uuid}; echo "encrypted-device=${u##*/}";; esac
done

# Runtimes and network plugins. k3s and RKE2 bring their own; the link to them is absolute.
own=
for l in $h/var/lib/rancher/k3s/data/current $h/var/lib/rancher/rke2; do
  r=$(readlink $l) || r=${l#$h}
  [ -d $h$r/bin ] && own="$own $r/bin"
done
# The usual path of the loader is an absolute link in some distributions, which leads nowhere here.
for f in $h/lib64/ld-linux-*.so* $h/usr/lib/*-linux-gnu*/ld-linux-*.so* $h/lib/ld-linux-*.so*; do
  [ -x $f ] && loader=$f && break
done
libraries=$(for d in $h/usr/lib/*-linux-gnu* $h/usr/lib64 $h/usr/lib; do [ -d $d ] && printf '%s:' $d; done)
for n in runc crun youki runsc kata-runtime; do
  for d in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /opt/bin /opt/kata/bin $own; do
    f=$h$d/$n
    [ -x $f ] || continue
    v=$($f --version 2>/dev/null) || v=$($loader --library-path $libraries $f --version 2>/dev/null)
    echo "runtime=$n $(echo "$v" | grep -i spec | head -n 1 | sed 's/.*: *//')"
    break
  done
done
for d in /opt/cni/bin /usr/lib/cni /usr/libexec/cni /var/lib/rancher/k3s/data/cni $own; do
  for f in $h$d/*; do [ -x $f ] && echo "cni=${f##*/}"; done
done

# Mode, owner, group and path of what must be kept from others.
files() {
  for f; do [ -e "$f" ] && echo "file=$(stat -L -c '%a %u %g' "$f") ${f#$h}"; done
}
files $h/var/lib/kubelet/config.yaml $h/var/lib/kubelet/kubeconfig $h/etc/kubernetes/*.conf \
  $h/etc/kubernetes/kubelet/* $h/etc/systemd/system/kubelet.service.d/*.conf \
  $h/usr/lib/systemd/system/kubelet.service.d/*.conf $h/var/lib/kube-proxy/*config* \
  $h/var/lib/kubelet/pki $h/var/lib/kubelet/pki/* $h/etc/kubernetes/manifests/*.yaml \
  $h/etc/kubernetes/pki $h/etc/kubernetes/pki/*.crt $h/etc/kubernetes/pki/*.key \
  $h/etc/kubernetes/pki/etcd/*.crt $h/etc/kubernetes/pki/etcd/*.key $h/var/lib/etcd
for d in $h/var/lib/rancher/k3s $h/var/lib/rancher/rke2; do
  files $d/agent/*.kubeconfig $d/agent/*.crt $d/agent/*.key $d/server/cred/*.kubeconfig $d/server/db \
    $d/server/tls $d/server/tls/*.crt $d/server/tls/*.key $d/server/tls/etcd/*.crt $d/server/tls/etcd/*.key \
    $d/server/token $d/server/node-token $d/server/agent-token
done
files $h/etc/rancher/k3s/*.yaml $h/etc/rancher/rke2/*.yaml $h/etc/rancher/node/password
files $h/var/lib/kubelet/agent.json $h/var/lib/kubelet/configuration.json $h/var/lib/kubelet/*.kubeconfig
[ -n "$STATE" ] && files $h$STATE/kubeconfig $h$STATE/server/pki $h$STATE/server/pki/* $h$STATE/server/store $h$STATE/etcd

# Programs of Kubernetes in the node's own network, with their arguments between tabs; no secrets.
here=$(stat -c %i ${NETWORK-/proc/self/net}/stat 2>/dev/null)
for d in $h/proc/[0-9]*; do
  c=
  read -r c < $d/comm 2>/dev/null || continue
  case $c in
    kube-apiserver|kube-controller*|kube-scheduler|etcd|kubelet|kubelite|k3s*|rke2*|java) ;;
    *) continue ;;
  esac
  [ "$(stat -c %i $d/net/stat 2>/dev/null)" = "$here" ] || continue
  a=$(tr '\000\n' '\n ' < $d/cmdline 2>/dev/null | awk '
    /^io\.kubra\.cli\./ { own = 1; line = "kubra"; next }
    hide { $0 = "***"; hide = 0 }
    /^--?[a-z-]*(token|password|secret)[a-z-]*=/ && !/-file=/ { sub(/=.*/, "=***") }
    /^--?[a-z-]*(token|password|secret)[a-z-]*$/ && !/-file$/ { hide = 1 }
    { line = line (line == "" ? "" : "\t") $0 }
    END { print line }')
  case $c in
    java) case $a in kubra*"$STATE"*) ;; *) continue ;; esac ;;
  esac
  echo "process=$a"
done

# Ports open on more than the loopback interface; a host of several clusters cannot tell whose.
[ -n "$STATE" ] || cat ${NETWORK-/proc/self/net}/tcp ${NETWORK-/proc/self/net}/tcp6 2>/dev/null | awk '
  function number(t,  i, n) { n = 0; for (i = 1; i <= length(t); i++) n = n * 16 + index("0123456789ABCDEF", substr(t, i, 1)) - 1; return n }
  $4 == "0A" { split($2, a, ":"); if (a[1] !~ /7F$/ && a[1] !~ /^0+1000000$/) print "port=" number(a[2]) }' | sort -u
for d in ${LINKS-/sys/class/net}/*; do
  grep -qs '^DEVTYPE=wireguard' $d/uevent && echo "wireguard=${d##*/}"
done

# Registries that are asked without TLS, or whose certificates are not looked at.
for f in $h/etc/containerd/config.toml $h/etc/containerd/certs.d/*/hosts.toml $h/etc/containers/registries.conf \
    $h/etc/containers/registries.conf.d/*.conf $h/etc/docker/daemon.json $h/etc/crio/crio.conf $h/etc/crio/crio.conf.d/* \
    $h/etc/rancher/k3s/registries.yaml $h/etc/rancher/rke2/registries.yaml $h/var/lib/containerd/config.toml; do
  [ -r $f ] || continue
  echo "registry-file=${f#$h}"
  grep -hE '(skip_verify|insecure)[a-z_]*["]?[[:space:]]*[:=][[:space:]]*true|insecure[-_]registries["]?[[:space:]]*[:=][[:space:]]*\[[^]]|=[[:space:]]*\[?["]http://|host\."http://|^[[:space:]]*-[[:space:]]*["]?http://' $f \
    | grep -vE '^[[:space:]]*#|http://(localhost|127\.)' | sed "s|^[[:space:]]*|insecure-registry=${f#$h}: |"
done

# Clock and logs.
adjtimex 2>/dev/null | grep -q 'clock synchronized' && echo clock=synchronised || echo clock=free
cat $h/etc/chrony/chrony.conf $h/etc/chrony.conf $h/etc/chrony/sources.d/*.sources $h/etc/ntp.conf $h/etc/ntpsec/ntp.conf \
  $h/etc/systemd/timesyncd.conf $h/etc/systemd/timesyncd.conf.d/*.conf 2>/dev/null | awk '
    $1 == "server" || $1 == "pool" || $1 == "refclock" { print "time-source=" $2 }
    /^NTP=/ { sub("NTP=", ""); print "time-source=" $0 }' | sort -u
for f in /usr/sbin/logrotate /sbin/logrotate /usr/bin/logrotate; do
  [ -e $h$f ] && cat $h/etc/logrotate.conf $h/etc/logrotate.d/* 2>/dev/null \
    | grep -woE 'hourly|daily|weekly|monthly' | sort -u | sed 's/^/log-period=/' && break
done
cat $h/etc/systemd/journald.conf $h/etc/systemd/journald.conf.d/*.conf 2>/dev/null \
  | grep '^MaxFileSec=' | sed 's/^/log-period=/'
# Without a setting the journal starts a new file each month.
[ -d $h/var/log/journal ] || [ -d $h/run/log/journal ] && [ -e $h/usr/lib/systemd/systemd-journald ] && echo log-period=journal
for f in $h/var/log/journal/*/fss; do [ -e $f ] && echo journal=sealed; done
# Clocks of network cards; those of hypervisors are not counted.
for d in $s/class/ptp/ptp*; do
  [ -e $d/device/net ] && read -r v < $d/clock_name && echo "ptp-clock=${d##*/} $v"
done

# The network configuration in use, and the plugins that it names with the versions they say.
for d in /etc/cni/net.d /var/lib/cni/net.d /var/lib/rancher/k3s/agent/etc/cni/net.d /etc/kubernetes/cni/net.d \
    /var/snap/microk8s/current/args/cni-network; do
  c=$(ls $h$d/*.conf $h$d/*.conflist 2>/dev/null | sort | head -n 1)
  [ -n "$c" ] || continue
  echo "cni-config=${c#$h}"
  tr -d '\n' < $c | grep -oE '"type"[[:space:]]*:[[:space:]]*"[^"]*"' | sed 's/.*"\([^"]*\)"$/\1/' | sort -u | while read -r t; do
    v=
    for b in /opt/cni/bin /usr/lib/cni /usr/libexec/cni /var/lib/rancher/k3s/data/cni $own; do
      [ -x $h$b/$t ] || continue
      export CNI_COMMAND=VERSION
      v=$(echo '{"cniVersion":"0.4.0"}' | $h$b/$t 2>/dev/null || echo '{"cniVersion":"0.4.0"}' | $loader --library-path $libraries $h$b/$t 2>/dev/null)
      v=$(echo "$v" | tr -d ' \n')
      break
    done
    echo "cni-plugin=$t ${v:-none}"
  done
  break
done
echo end=1
