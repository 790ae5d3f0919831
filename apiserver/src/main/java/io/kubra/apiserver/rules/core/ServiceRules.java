package io.kubra.apiserver.rules.core;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.NameFormat;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Rules of services. Addresses and node ports are allocated elsewhere, with the write itself. */
public final class ServiceRules implements KindRules {
  private static final long THREE_HOURS = 10800;

  @Override
  public void applyDefaults(Map<String, Object> service) {
    Map<String, Object> spec = Defaults.object(service, "spec");
    Defaults.text(spec, "sessionAffinity", "None");
    if ("None".equals(spec.get("sessionAffinity"))) {
      spec.remove("sessionAffinityConfig");
    } else if (Trees.get(spec, "sessionAffinityConfig", "clientIP", "timeoutSeconds") == null) {
      Trees.set(spec, THREE_HOURS, "sessionAffinityConfig", "clientIP", "timeoutSeconds");
    }
    Defaults.text(spec, "type", "ClusterIP");
    for (Map<String, Object> port : Trees.maps(spec, "ports")) {
      Defaults.text(port, "protocol", "TCP");
      Object target = port.get("targetPort");
      if ((target == null || target.equals(0L) || target.equals("")) && port.get("port") != null) {
        port.put("targetPort", port.get("port"));
      }
    }
    String type = Trees.stringOr(spec, "", "type");
    boolean external =
        type.equals("NodePort")
            || type.equals("LoadBalancer")
            || (type.equals("ClusterIP") && !Trees.list(spec, "externalIPs").isEmpty());
    if (external) {
      Defaults.text(spec, "externalTrafficPolicy", "Cluster");
    }
    if (!type.equals("ExternalName")) {
      Defaults.text(spec, "internalTrafficPolicy", "Cluster");
    }
    if (type.equals("LoadBalancer")) {
      Defaults.flag(spec, "allocateLoadBalancerNodePorts", true);
    }
  }

  @Override
  public void prepareForCreate(
      io.kubra.apiserver.rules.RuleContext context, Map<String, Object> service) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("loadBalancer", new LinkedHashMap<>());
    service.put("status", status);
  }

  @Override
  public void prepareForUpdate(
      io.kubra.apiserver.rules.RuleContext context,
      Map<String, Object> service,
      Map<String, Object> old) {
    Map<String, Object> spec = Defaults.object(service, "spec");
    String type = Trees.stringOr(spec, "", "type");
    String before = Trees.stringOr(old, "", "spec", "type");
    if (type.equals(before)) {
      return;
    }
    // what belonged to the old type and came along unchanged
    if (!type.equals("NodePort")
        && !type.equals("LoadBalancer")
        && Trees.list(spec, "externalIPs").isEmpty()
        && Objects.equals(
            spec.get("externalTrafficPolicy"), Trees.get(old, "spec", "externalTrafficPolicy"))) {
      spec.remove("externalTrafficPolicy");
    }
    if (type.equals("ExternalName")
        && Objects.equals(
            spec.get("internalTrafficPolicy"), Trees.get(old, "spec", "internalTrafficPolicy"))) {
      spec.remove("internalTrafficPolicy");
    }
    if (before.equals("LoadBalancer")) {
      spec.remove("allocateLoadBalancerNodePorts");
      spec.remove("loadBalancerClass");
      Map<String, Object> status = new LinkedHashMap<>();
      status.put("loadBalancer", new LinkedHashMap<>());
      service.put("status", status);
    }
  }

  @Override
  public List<FieldError> validate(Map<String, Object> service) {
    Checks checks = new Checks();
    ServiceChecks.check(checks, service);
    return checks.errors();
  }

  @Override
  public List<FieldError> validateUpdate(Map<String, Object> service, Map<String, Object> old) {
    Checks checks = new Checks();
    ServiceChecks.check(checks, service);
    String type = Trees.stringOr(service, "", "spec", "type");
    String before = Trees.stringOr(old, "", "spec", "type");
    if (!type.equals("ExternalName") && !before.equals("ExternalName")) {
      FieldPath spec = FieldPath.of("spec");
      List<Object> was = Trees.list(old, "spec", "clusterIPs");
      List<Object> is = Trees.list(service, "spec", "clusterIPs");
      if (!was.isEmpty() && (is.isEmpty() || !was.getFirst().equals(is.getFirst()))) {
        checks.invalid(spec.child("clusterIPs").index(0), is, "may not change once set");
      }
    }
    if (type.equals("LoadBalancer")
        && before.equals("LoadBalancer")
        && !Checks.same(
            Trees.get(service, "spec", "loadBalancerClass"),
            Trees.get(old, "spec", "loadBalancerClass"))) {
      checks.invalid(
          FieldPath.of("spec", "loadBalancerClass"),
          Trees.get(service, "spec", "loadBalancerClass"),
          "may not change once set");
    }
    return checks.errors();
  }

  @Override
  public NameFormat nameFormat() {
    return NameFormat.DNS_1035_LABEL;
  }

  @Override
  public java.util.Set<String> selectableFieldNames() {
    return java.util.Set.of("spec.clusterIP", "spec.type");
  }

  @Override
  public Map<String, String> selectableFields(Map<String, Object> service) {
    return Map.of(
        "spec.clusterIP", Trees.stringOr(service, "", "spec", "clusterIP"),
        "spec.type", Trees.stringOr(service, "", "spec", "type"));
  }
}
