package io.kubra.apiserver.admission.podsecurity;

import static io.kubra.apiserver.admission.podsecurity.Offenders.plural;
import static io.kubra.apiserver.admission.podsecurity.Offenders.quoted;

import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The baseline's controls of what the kernel enforces: AppArmor, SELinux, seccomp, sysctls. */
final class ProfileControls {
  private static final String APPARMOR = "container.apparmor.security.beta.kubernetes.io/";
  private static final String SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
  private static final String SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";

  static final Set<String> SELINUX_1_0 =
      Set.of("", "container_t", "container_init_t", "container_kvm_t");
  static final Set<String> SELINUX_1_31 =
      Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");

  static final Set<String> SYSCTLS_1_0 =
      Set.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.ping_group_range",
          "net.ipv4.ip_unprivileged_port_start");
  static final Set<String> SYSCTLS_1_27 = with(SYSCTLS_1_0, "net.ipv4.ip_local_reserved_ports");
  static final Set<String> SYSCTLS_1_29 =
      with(
          SYSCTLS_1_27,
          "net.ipv4.tcp_keepalive_time",
          "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes");
  static final Set<String> SYSCTLS_1_32 =
      with(SYSCTLS_1_29, "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem");

  private ProfileControls() {}

  private static Set<String> with(Set<String> known, String... more) {
    List<String> all = new ArrayList<>(known);
    all.addAll(List.of(more));
    return Set.copyOf(all);
  }

  static @Nullable Violation appArmor(PodView pod) {
    Offenders found = new Offenders();
    appArmorType(pod.spec(), found::pod);
    for (Map<String, Object> c : pod.containers()) {
      appArmorType(c, type -> found.container(c, type));
    }
    Map<String, String> annotations = new TreeMap<>();
    pod.annotations()
        .forEach(
            (key, value) -> {
              if (key.startsWith(APPARMOR) && !allowedAppArmor(String.valueOf(value))) {
                annotations.put(key, String.valueOf(value));
              }
            });
    int count = annotations.size() + found.valueCount();
    if (count == 0) {
      return null;
    }
    List<String> details = new ArrayList<>(2);
    if (!found.none()) {
      details.add(found.text() + " must not set AppArmor profile type to " + found.values());
    }
    if (!annotations.isEmpty()) {
      details.add(assignments(annotations));
    }
    return new Violation(
        plural(count, "forbidden AppArmor profile", "forbidden AppArmor profiles"),
        String.join(", ", details));
  }

  private static void appArmorType(
      Map<String, Object> holder, java.util.function.Consumer<String> bad) {
    String type = Trees.string(holder, "securityContext", "appArmorProfile", "type");
    if (type != null && !type.equals("RuntimeDefault") && !type.equals("Localhost")) {
      bad.accept(type);
    }
  }

  private static boolean allowedAppArmor(String profile) {
    return profile.isEmpty()
        || profile.equals("runtime/default")
        || profile.startsWith("localhost/");
  }

  private static String assignments(Map<String, String> values) {
    List<String> all = new ArrayList<>();
    values.forEach((key, value) -> all.add(key + "=" + quoted(value)));
    return String.join(", ", all);
  }

  static @Nullable Violation seLinux(PodView pod, Set<String> types) {
    Offenders found = new Offenders();
    Forbidden forbidden = new Forbidden(types);
    if (forbidden.in(pod.spec())) {
      found.pod();
    }
    for (Map<String, Object> c : pod.containers()) {
      if (forbidden.in(c)) {
        found.container(c);
      }
    }
    return found.none()
        ? null
        : new Violation(
            "seLinuxOptions",
            found.text() + " set forbidden securityContext.seLinuxOptions: " + forbidden.text());
  }

  /** What of SELinux' options is not allowed. */
  private static final class Forbidden {
    private final Set<String> allowed;
    private final java.util.TreeSet<String> types = new java.util.TreeSet<>();
    private boolean user;
    private boolean role;

    Forbidden(Set<String> allowed) {
      this.allowed = allowed;
    }

    boolean in(Map<String, Object> holder) {
      Map<String, Object> options = Trees.map(holder, "securityContext", "seLinuxOptions");
      if (options == null) {
        return false;
      }
      String type = Trees.stringOr(options, "", "type");
      boolean badType = !allowed.contains(type);
      if (badType) {
        types.add(type);
      }
      boolean badUser = !Trees.stringOr(options, "", "user").isEmpty();
      boolean badRole = !Trees.stringOr(options, "", "role").isEmpty();
      user |= badUser;
      role |= badRole;
      return badType || badUser || badRole;
    }

    String text() {
      List<String> parts = new ArrayList<>(3);
      if (!types.isEmpty()) {
        parts.add(plural(types.size(), "type ", "types ") + quoted(types));
      }
      if (user) {
        parts.add("user may not be set");
      }
      if (role) {
        parts.add("role may not be set");
      }
      return String.join("; ", parts);
    }
  }

  /** Before 1.19 profiles were annotations. */
  static @Nullable Violation seccompAnnotations(PodView pod) {
    Map<String, String> bad = new TreeMap<>();
    check(pod, SECCOMP_POD, bad);
    for (Map<String, Object> c : pod.containers()) {
      check(pod, SECCOMP_CONTAINER + Trees.stringOr(c, "", "name"), bad);
    }
    return bad.isEmpty()
        ? null
        : new Violation(
            "seccompProfile",
            plural(bad.size(), "forbidden annotation ", "forbidden annotations ")
                + assignments(bad));
  }

  private static void check(PodView pod, String key, Map<String, String> bad) {
    if (pod.annotations().get(key) instanceof String profile
        && !profile.equals("runtime/default")
        && !profile.equals("docker/default")
        && !profile.startsWith("localhost/")) {
      bad.put(key, profile);
    }
  }

  static @Nullable Violation seccomp(PodView pod) {
    Offenders found = new Offenders();
    String own = seccompType(pod.spec());
    if (own != null && !allowedSeccomp(own)) {
      found.pod(own);
    }
    for (Map<String, Object> c : pod.containers()) {
      String type = seccompType(c);
      if (type != null && !allowedSeccomp(type)) {
        found.container(c, type);
      }
    }
    return found.none() ? null : new Violation("seccompProfile", forbiddenSeccomp(found));
  }

  static String forbiddenSeccomp(Offenders found) {
    return found.text() + " must not set securityContext.seccompProfile.type to " + found.values();
  }

  static @Nullable String seccompType(Map<String, Object> holder) {
    return Trees.string(holder, "securityContext", "seccompProfile", "type");
  }

  static boolean allowedSeccomp(String type) {
    return type.equals("RuntimeDefault") || type.equals("Localhost");
  }

  static @Nullable Violation sysctls(PodView pod, Set<String> allowed) {
    List<String> forbidden = new ArrayList<>(0);
    for (Map<String, Object> sysctl : Trees.maps(pod.spec(), "securityContext", "sysctls")) {
      String name = Trees.stringOr(sysctl, "", "name");
      if (!allowed.contains(name)) {
        forbidden.add(name);
      }
    }
    return forbidden.isEmpty()
        ? null
        : new Violation(
            plural(forbidden.size(), "forbidden sysctl", "forbidden sysctls"),
            String.join(", ", forbidden));
  }
}
