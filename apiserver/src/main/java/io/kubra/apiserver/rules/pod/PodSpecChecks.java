package io.kubra.apiserver.rules.pod;

import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Labels;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks of a pod's spec, alone or in a template. */
public final class PodSpecChecks {
  private static final long MAX_INT = Integer.MAX_VALUE;

  private PodSpecChecks() {}

  /** Checks a spec that has its defaults. */
  public static void check(Checks checks, FieldPath path, Map<String, Object> spec) {
    Map<String, Map<String, Object>> volumes =
        VolumeChecks.check(checks, path.child("volumes"), spec);
    new ContainerChecks(checks, spec, volumes).all(path);
    checks.oneOf(
        path.child("restartPolicy"),
        Trees.string(spec, "restartPolicy"),
        "Always",
        "Never",
        "OnFailure");
    dns(checks, path, spec);
    checks.notNegative(
        path.child("terminationGracePeriodSeconds"),
        Trees.integer(spec, "terminationGracePeriodSeconds"));
    checks.range(
        path.child("activeDeadlineSeconds"),
        Trees.integer(spec, "activeDeadlineSeconds"),
        1,
        MAX_INT);
    Labels.labels(checks, path.child("nodeSelector"), Trees.map(spec, "nodeSelector"));
    names(checks, path, spec);
    securityContext(checks, path, spec);
    SchedulingChecks.check(checks, path, spec);
    int i = 0;
    for (Map<String, Object> alias : Trees.maps(spec, "hostAliases")) {
      FieldPath at = path.child("hostAliases").index(i++);
      checks.ip(at.child("ip"), Trees.stringOr(alias, "", "ip"));
      for (String host : Trees.strings(alias, "hostnames")) {
        checks.name(at.child("hostnames"), host, Names::dns1123Subdomain);
      }
    }
    i = 0;
    for (Map<String, Object> gate : Trees.maps(spec, "readinessGates")) {
      checks.name(
          path.child("readinessGates").index(i++).child("conditionType"),
          Trees.string(gate, "conditionType"),
          Names::qualifiedName);
    }
  }

  private static void names(Checks checks, FieldPath path, Map<String, Object> spec) {
    checks.optionalName(
        path.child("nodeName"), Trees.string(spec, "nodeName"), Names::dns1123Subdomain);
    checks.optionalName(
        path.child("serviceAccountName"),
        Trees.string(spec, "serviceAccountName"),
        Names::dns1123Subdomain);
    checks.optionalName(
        path.child("hostname"), Trees.string(spec, "hostname"), Names::dns1123Label);
    checks.optionalName(
        path.child("subdomain"), Trees.string(spec, "subdomain"), Names::dns1123Label);
    checks.optionalName(
        path.child("priorityClassName"),
        Trees.string(spec, "priorityClassName"),
        Names::dns1123Subdomain);
    checks.optionalName(
        path.child("runtimeClassName"),
        Trees.string(spec, "runtimeClassName"),
        Names::dns1123Subdomain);
    checks.optionalName(
        path.child("schedulerName"), Trees.string(spec, "schedulerName"), Names::dns1123Subdomain);
    checks.oneOfOrAbsent(
        path.child("preemptionPolicy"),
        Trees.string(spec, "preemptionPolicy"),
        "Never",
        "PreemptLowerPriority");
    if (Trees.map(spec, "os") != null) {
      checks.oneOf(path.child("os", "name"), Trees.string(spec, "os", "name"), "linux", "windows");
    }
  }

  private static void dns(Checks checks, FieldPath path, Map<String, Object> spec) {
    String policy = Trees.stringOr(spec, "", "dnsPolicy");
    checks.oneOf(
        path.child("dnsPolicy"),
        policy,
        "ClusterFirst",
        "ClusterFirstWithHostNet",
        "Default",
        "None");
    List<String> servers = Trees.strings(spec, "dnsConfig", "nameservers");
    FieldPath at = path.child("dnsConfig", "nameservers");
    if (policy.equals("None") && servers.isEmpty()) {
      checks.required(
          path.child("dnsConfig").child("nameservers"),
          "must provide at least one DNS nameserver when `dnsPolicy` is None");
    }
    if (servers.size() > 3) {
      checks.invalid(at, servers, "must not have more than 3 nameservers");
    }
    for (int i = 0; i < servers.size(); i++) {
      checks.ip(at.index(i), servers.get(i));
    }
    List<String> searches = Trees.strings(spec, "dnsConfig", "searches");
    if (searches.size() > 32) {
      checks.invalid(
          path.child("dnsConfig", "searches"), searches, "must not have more than 32 search paths");
    }
    int i = 0;
    for (Map<String, Object> option : Trees.maps(spec, "dnsConfig", "options")) {
      if (Trees.stringOr(option, "", "name").isEmpty()) {
        checks.required(path.child("dnsConfig", "options").index(i), "must not be empty");
      }
      i++;
    }
  }

  private static void securityContext(Checks checks, FieldPath path, Map<String, Object> spec) {
    FieldPath at = path.child("securityContext");
    Map<String, Object> context = Trees.map(spec, "securityContext");
    if (Trees.bool(spec, "hostPID") && Trees.bool(spec, "shareProcessNamespace")) {
      checks.invalid(
          path.child("shareProcessNamespace"),
          true,
          "ShareProcessNamespace and HostPID cannot both be enabled");
    }
    if (context == null) {
      return;
    }
    identities(checks, at, context);
    checks.range(at.child("fsGroup"), Trees.integer(context, "fsGroup"), 0, MAX_INT);
    checks.oneOfOrAbsent(
        at.child("fsGroupChangePolicy"),
        Trees.string(context, "fsGroupChangePolicy"),
        "Always",
        "OnRootMismatch");
    List<Object> groups = Trees.list(context, "supplementalGroups");
    for (int i = 0; i < groups.size(); i++) {
      if (groups.get(i) instanceof Long group) {
        checks.range(at.child("supplementalGroups").index(i), group, 0, MAX_INT);
      }
    }
    Set<String> sysctls = new HashSet<>();
    int i = 0;
    for (Map<String, Object> sysctl : Trees.maps(context, "sysctls")) {
      FieldPath one = at.child("sysctls").index(i++).child("name");
      String name = Trees.stringOr(sysctl, "", "name");
      if (checks.present(one, name) && !sysctls.add(name)) {
        checks.duplicate(one, name);
      }
    }
  }

  /** User, group and seccomp settings, which pods and containers have alike. */
  static void identities(Checks checks, FieldPath path, Map<String, Object> context) {
    checks.range(path.child("runAsUser"), Trees.integer(context, "runAsUser"), 0, MAX_INT);
    checks.range(path.child("runAsGroup"), Trees.integer(context, "runAsGroup"), 0, MAX_INT);
    for (String profile : List.of("seccompProfile", "appArmorProfile")) {
      Map<String, Object> settings = Trees.map(context, profile);
      if (settings == null) {
        continue;
      }
      FieldPath at = path.child(profile);
      String type = Trees.stringOr(settings, "", "type");
      checks.oneOf(at.child("type"), type, "Localhost", "RuntimeDefault", "Unconfined");
      String local = Trees.stringOr(settings, "", "localhostProfile");
      if (type.equals("Localhost") && local.isEmpty()) {
        checks.required(
            at.child("localhostProfile"),
            "must be set when "
                + (profile.startsWith("seccomp") ? "seccomp" : "AppArmor")
                + " type is Localhost ");
      } else if (!type.equals("Localhost") && !local.isEmpty()) {
        checks.invalid(
            at.child("localhostProfile"),
            local,
            "can only be set when "
                + (profile.startsWith("seccomp") ? "seccomp" : "AppArmor")
                + " type is Localhost");
      }
    }
  }
}
