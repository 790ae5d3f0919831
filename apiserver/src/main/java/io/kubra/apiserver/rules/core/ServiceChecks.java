package io.kubra.apiserver.rules.core;

import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Labels;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks of services. */
final class ServiceChecks {
  private static final FieldPath SPEC = FieldPath.of("spec");

  private ServiceChecks() {}

  static void check(Checks checks, Map<String, Object> service) {
    Map<String, Object> spec = Trees.map(service, "spec");
    if (spec == null) {
      spec = Map.of();
    }
    String type = Trees.stringOr(spec, "", "type");
    boolean headless = "None".equals(spec.get("clusterIP"));
    byType(checks, spec, type, headless);
    if (Trees.list(spec, "ports").isEmpty() && !headless && !type.equals("ExternalName")) {
      checks.required(SPEC.child("ports"), "");
    }
    ports(checks, spec, type, headless);
    Labels.labels(checks, SPEC.child("selector"), Trees.map(spec, "selector"));
    checks.oneOf(
        SPEC.child("sessionAffinity"), Trees.string(spec, "sessionAffinity"), "ClientIP", "None");
    Long timeout = Trees.integer(spec, "sessionAffinityConfig", "clientIP", "timeoutSeconds");
    if (timeout != null && (timeout <= 0 || timeout > 86400)) {
      checks.invalid(
          SPEC.child("sessionAffinityConfig", "clientIP", "timeoutSeconds"),
          timeout,
          "must be greater than 0 and less than 86400");
    }
    checks.oneOf(SPEC.child("type"), type, "ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
    addresses(checks, spec, type);
    policies(checks, spec, type);
  }

  private static void byType(
      Checks checks, Map<String, Object> spec, String type, boolean headless) {
    switch (type) {
      case "LoadBalancer" -> {
        if (headless) {
          checks.invalid(
              SPEC.child("clusterIPs").index(0),
              "None",
              "may not be set to 'None' for LoadBalancer services");
        }
      }
      case "NodePort" -> {
        if (headless) {
          checks.invalid(
              SPEC.child("clusterIPs").index(0),
              "None",
              "may not be set to 'None' for NodePort services");
        }
      }
      case "ExternalName" -> {
        String name = Trees.stringOr(spec, "", "externalName");
        if (name.isEmpty()) {
          checks.required(SPEC.child("externalName"), "");
        } else {
          String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
          checks.name(SPEC.child("externalName"), bare, Names::dns1123Subdomain);
        }
        if (!Trees.list(spec, "clusterIPs").isEmpty()) {
          checks.forbidden(SPEC.child("clusterIPs"), "may not be set for ExternalName services");
        }
      }
      default -> {}
    }
  }

  private static void ports(
      Checks checks, Map<String, Object> spec, String type, boolean headless) {
    List<Map<String, Object>> ports = Trees.maps(spec, "ports");
    Set<String> names = new HashSet<>();
    Set<String> numbers = new HashSet<>();
    Set<String> nodePorts = new HashSet<>();
    for (int i = 0; i < ports.size(); i++) {
      Map<String, Object> port = ports.get(i);
      FieldPath at = SPEC.child("ports").index(i);
      String name = Trees.stringOr(port, "", "name");
      if (name.isEmpty()) {
        if (ports.size() > 1) {
          checks.required(at.child("name"), "");
        }
      } else {
        checks.name(at.child("name"), name, Names::dns1123Label);
        if (!names.add(name)) {
          checks.duplicate(at.child("name"), name);
        }
      }
      long number = Trees.integerOr(port, 0, "port");
      checks.port(at.child("port"), number);
      String protocol = Trees.stringOr(port, "", "protocol");
      checks.oneOf(at.child("protocol"), protocol, "SCTP", "TCP", "UDP");
      Object target = port.get("targetPort");
      if (target != null) {
        checks.portNumberOrName(at.child("targetPort"), target);
        if (headless && target instanceof Long n && n != number && !type.equals("ExternalName")) {
          checks.invalid(
              at.child("targetPort"),
              target,
              "must be equal to the value of 'port' when clusterIP = None");
        }
      }
      Long nodePort = Trees.integer(port, "nodePort");
      if (nodePort != null && nodePort != 0) {
        if (type.equals("ClusterIP") || type.equals("ExternalName")) {
          checks.forbidden(at.child("nodePort"), "may not be used when `type` is '" + type + "'");
        }
        if (!nodePorts.add(protocol + nodePort)) {
          checks.duplicate(at.child("nodePort"), nodePort);
        }
      }
      if (!numbers.add(protocol + number)) {
        Map<String, Object> key = new java.util.LinkedHashMap<>();
        key.put("protocol", protocol);
        key.put("port", number);
        checks.duplicate(at, key);
      }
    }
  }

  private static void addresses(Checks checks, Map<String, Object> spec, String type) {
    List<String> cluster = Trees.strings(spec, "clusterIPs");
    String first = Trees.stringOr(spec, "", "clusterIP");
    if (!type.equals("ExternalName")) {
      if (!cluster.isEmpty() && !first.isEmpty() && !cluster.getFirst().equals(first)) {
        checks.invalid(
            SPEC.child("clusterIPs").index(0), cluster, "first value must match `clusterIP`");
      }
      for (int i = 0; i < cluster.size(); i++) {
        if (!(i == 0 && cluster.get(i).equals("None"))) {
          checks.ip(SPEC.child("clusterIPs").index(i), cluster.get(i));
        }
      }
    }
    int i = 0;
    for (String ip : Trees.strings(spec, "externalIPs")) {
      checks.ip(SPEC.child("externalIPs").index(i++), ip);
    }
    List<String> sources = Trees.strings(spec, "loadBalancerSourceRanges");
    if (!sources.isEmpty() && !type.equals("LoadBalancer")) {
      checks.forbidden(
          SPEC.child("LoadBalancerSourceRanges"), "may only be used when `type` is 'LoadBalancer'");
    }
    for (i = 0; i < sources.size(); i++) {
      checks.cidr(SPEC.child("loadBalancerSourceRanges").index(i), sources.get(i).strip());
    }
  }

  private static void policies(Checks checks, Map<String, Object> spec, String type) {
    String external = Trees.stringOr(spec, "", "externalTrafficPolicy");
    boolean reachable =
        type.equals("NodePort")
            || type.equals("LoadBalancer")
            || (type.equals("ClusterIP") && !Trees.list(spec, "externalIPs").isEmpty());
    if (!external.isEmpty() && !reachable) {
      checks.invalid(
          SPEC.child("externalTrafficPolicy"),
          external,
          "may only be set for externally-accessible services");
    } else {
      checks.oneOfOrAbsent(SPEC.child("externalTrafficPolicy"), external, "Cluster", "Local");
    }
    if (!type.equals("ExternalName")) {
      checks.oneOf(
          SPEC.child("internalTrafficPolicy"),
          Trees.string(spec, "internalTrafficPolicy"),
          "Cluster",
          "Local");
    }
    if (!type.equals("LoadBalancer")) {
      if (spec.get("allocateLoadBalancerNodePorts") != null) {
        checks.forbidden(
            SPEC.child("allocateLoadBalancerNodePorts"),
            "may only be used when `type` is 'LoadBalancer'");
      }
      if (spec.get("loadBalancerClass") != null) {
        checks.forbidden(
            SPEC.child("loadBalancerClass"), "may only be used when `type` is 'LoadBalancer'");
      }
    }
    checks.oneOfOrAbsent(
        SPEC.child("trafficDistribution"),
        Trees.string(spec, "trafficDistribution"),
        "PreferClose",
        "PreferSameNode",
        "PreferSameZone");
  }
}
