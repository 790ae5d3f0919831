package io.kubra.apiserver.admission.podsecurity;

import static io.kubra.apiserver.admission.podsecurity.Offenders.plural;
import static io.kubra.apiserver.admission.podsecurity.Offenders.quoted;

import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The controls of the baseline level; each returns null for a pod that conforms. */
final class BaselineControls {
  private static final Set<String> CAPABILITIES =
      Set.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1");
  private static final List<String> PROBES =
      List.of("livenessProbe", "readinessProbe", "startupProbe");

  private BaselineControls() {}

  static @Nullable Violation privileged(PodView pod) {
    Offenders found = new Offenders();
    for (Map<String, Object> c : pod.containers()) {
      if (Trees.bool(c, "securityContext", "privileged")) {
        found.container(c);
      }
    }
    return found.none()
        ? null
        : new Violation(
            "privileged", found.text() + " must not set securityContext.privileged=true");
  }

  static @Nullable Violation capabilities(PodView pod) {
    Offenders found = new Offenders();
    TreeSet<String> added = new TreeSet<>();
    for (Map<String, Object> c : pod.containers()) {
      List<String> bad =
          new ArrayList<>(Trees.strings(c, "securityContext", "capabilities", "add"));
      bad.removeAll(CAPABILITIES);
      if (!bad.isEmpty()) {
        found.container(c);
        added.addAll(bad);
      }
    }
    return found.none()
        ? null
        : new Violation(
            "non-default capabilities",
            "%s must not include %s in securityContext.capabilities.add"
                .formatted(found.text(), quoted(added)));
  }

  static @Nullable Violation hostNamespaces(PodView pod) {
    List<String> shared = new ArrayList<>(0);
    for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
      if (Trees.bool(pod.spec(), field)) {
        shared.add(field + "=true");
      }
    }
    return shared.isEmpty() ? null : new Violation("host namespaces", String.join(", ", shared));
  }

  static @Nullable Violation hostPathVolumes(PodView pod) {
    List<String> names = new ArrayList<>(0);
    for (Map<String, Object> volume : Trees.maps(pod.spec(), "volumes")) {
      if (volume.get("hostPath") != null) {
        names.add(Trees.stringOr(volume, "", "name"));
      }
    }
    return names.isEmpty()
        ? null
        : new Violation(
            "hostPath volumes", plural(names.size(), "volume ", "volumes ") + quoted(names));
  }

  static @Nullable Violation hostPorts(PodView pod) {
    Offenders found = new Offenders();
    TreeSet<String> ports = new TreeSet<>();
    for (Map<String, Object> c : pod.containers()) {
      boolean bad = false;
      for (Map<String, Object> port : Trees.maps(c, "ports")) {
        long number = Trees.integerOr(port, 0, "hostPort");
        if (number != 0) {
          bad = true;
          ports.add(Long.toString(number));
        }
      }
      if (bad) {
        found.container(c);
      }
    }
    return found.none()
        ? null
        : new Violation(
            "hostPort",
            "%s %s %s %s"
                .formatted(
                    found.text(),
                    plural(found.count(), "uses", "use"),
                    plural(ports.size(), "hostPort", "hostPorts"),
                    String.join(", ", ports)));
  }

  static @Nullable Violation hostProbes(PodView pod) {
    Offenders found = new Offenders();
    for (Map<String, Object> c : pod.containers()) {
      TreeSet<String> hosts = new TreeSet<>();
      PROBES.forEach(probe -> addHosts(hosts, Trees.map(c, probe)));
      addHosts(hosts, Trees.map(c, "lifecycle", "postStart"));
      addHosts(hosts, Trees.map(c, "lifecycle", "preStop"));
      if (!hosts.isEmpty()) {
        found.container(c);
        hosts.forEach(found::value);
      }
    }
    return found.none()
        ? null
        : new Violation(
            "hostProbesOrHostLifecycle",
            "%s %s %s %s"
                .formatted(
                    found.text(),
                    plural(found.count(), "uses", "use"),
                    plural(
                        found.valueCount(),
                        "hostProbeOrHostLifecycle",
                        "hostProbesOrHostLifecycles"),
                    found.values()));
  }

  private static void addHosts(Set<String> hosts, @Nullable Map<String, Object> handler) {
    for (String action : List.of("httpGet", "tcpSocket")) {
      String host = Trees.stringOr(handler, "", action, "host");
      if (!host.isEmpty() && !LOOPBACK.contains(host)) {
        hosts.add(host);
      }
    }
  }

  static @Nullable Violation hostProcess(PodView pod) {
    Offenders found = new Offenders();
    if (Trees.bool(pod.spec(), "securityContext", "windowsOptions", "hostProcess")) {
      found.pod();
    }
    for (Map<String, Object> c : pod.containers()) {
      if (Trees.bool(c, "securityContext", "windowsOptions", "hostProcess")) {
        found.container(c);
      }
    }
    return found.none()
        ? null
        : new Violation(
            "hostProcess",
            found.text() + " must not set securityContext.windowsOptions.hostProcess=true");
  }

  static @Nullable Violation procMountUnlessOwnUsers(PodView pod) {
    return pod.ownUsers() ? null : procMount(pod);
  }

  static @Nullable Violation procMount(PodView pod) {
    Offenders found = new Offenders();
    for (Map<String, Object> c : pod.containers()) {
      String mount = Trees.stringOr(c, "Default", "securityContext", "procMount");
      if (!mount.equals("Default")) {
        found.container(c, mount);
      }
    }
    return found.none()
        ? null
        : new Violation(
            "procMount",
            found.text() + " must not set securityContext.procMount to " + found.values());
  }
}
