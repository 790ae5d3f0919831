package io.kubra.apiserver.rules.declared;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.LabelSelectorRules;
import io.kubra.apiserver.rules.KindRulesRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ingresses, network policies, endpoint slices and the addresses of Services. */
final class NetworkKinds {
  private static final String GROUP = "networking.k8s.io";

  private NetworkKinds() {}

  static void register(KindRulesRegistry registry) {
    registry.register(
        GROUP, "ingresses", new DeclaredRules().generation().check(NetworkKinds::ingress));
    registry.register(
        GROUP, "ingressclasses", new DeclaredRules().generation().immutable("spec.controller"));
    registry.register(
        GROUP,
        "networkpolicies",
        new DeclaredRules()
            .generation()
            .defaults(NetworkKinds::policyDefaults)
            .check(
                o ->
                    LabelSelectorRules.validate(
                        Trees.map(o, "spec", "podSelector"), FieldPath.of("spec", "podSelector"))));
    registry.register(
        GROUP, "ipaddresses", new DeclaredRules().required("spec.parentRef").immutable("spec"));
    registry.register(
        GROUP,
        "servicecidrs",
        new DeclaredRules().generation().required("spec.cidrs").immutable("spec.cidrs"));
    registry.register(
        "discovery.k8s.io",
        "endpointslices",
        new DeclaredRules()
            .generation()
            .defaults(NetworkKinds::sliceDefaults)
            .required("addressType")
            .oneOf("addressType", "IPv4", "IPv6", "FQDN")
            .check(NetworkKinds::slice)
            .immutable("addressType"));
  }

  private static List<FieldError> ingress(Map<String, Object> object) {
    List<FieldError> errors = new ArrayList<>();
    List<Map<String, Object>> rules = Trees.maps(object, "spec", "rules");
    if (rules.isEmpty() && Trees.map(object, "spec", "defaultBackend") == null) {
      errors.add(
          FieldError.invalid(
              "spec",
              Trees.map(object, "spec"),
              "either `defaultBackend` or `rules` must be specified"));
    }
    List<String> types = List.of("Exact", "ImplementationSpecific", "Prefix");
    for (int i = 0; i < rules.size(); i++) {
      List<Map<String, Object>> paths = Trees.maps(rules.get(i), "http", "paths");
      for (int j = 0; j < paths.size(); j++) {
        FieldPath path = FieldPath.of("spec", "rules").index(i).child("http", "paths").index(j);
        String type = Trees.string(paths.get(j), "pathType");
        if (type == null) {
          errors.add(FieldError.required(path.child("pathType"), "pathType must be specified"));
        } else if (!types.contains(type)) {
          errors.add(FieldError.notSupported(path.child("pathType"), type, types));
        }
        String url = Trees.stringOr(paths.get(j), "", "path");
        if (!"ImplementationSpecific".equals(type) && !url.startsWith("/")) {
          errors.add(FieldError.invalid(path.child("path"), url, "must be an absolute path"));
        }
      }
    }
    return errors;
  }

  private static void policyDefaults(Map<String, Object> policy) {
    Map<String, Object> spec = Trees.map(policy, "spec");
    if (spec == null) {
      return;
    }
    if (Trees.list(spec, "policyTypes").isEmpty()) {
      List<Object> types = new ArrayList<>(List.of("Ingress"));
      if (!Trees.list(spec, "egress").isEmpty()) {
        types.add("Egress");
      }
      spec.put("policyTypes", types);
    }
    for (String direction : List.of("ingress", "egress")) {
      for (Map<String, Object> rule : Trees.maps(spec, direction)) {
        for (Map<String, Object> port : Trees.maps(rule, "ports")) {
          port.putIfAbsent("protocol", "TCP");
        }
      }
    }
  }

  private static void sliceDefaults(Map<String, Object> slice) {
    for (Map<String, Object> port : Trees.maps(slice, "ports")) {
      port.putIfAbsent("name", "");
      port.putIfAbsent("protocol", "TCP");
    }
    slice.putIfAbsent("endpoints", new ArrayList<>());
  }

  private static List<FieldError> slice(Map<String, Object> slice) {
    List<FieldError> errors = new ArrayList<>();
    List<Map<String, Object>> endpoints = Trees.maps(slice, "endpoints");
    if (endpoints.size() > 1000) {
      errors.add(FieldError.tooMany("endpoints", endpoints.size(), 1000));
    }
    for (int i = 0; i < endpoints.size(); i++) {
      if (Trees.list(endpoints.get(i), "addresses").isEmpty()) {
        errors.add(
            FieldError.required(
                FieldPath.of("endpoints").index(i).child("addresses"),
                "must contain at least 1 address"));
      }
    }
    Map<String, Integer> names = new LinkedHashMap<>();
    List<Map<String, Object>> ports = Trees.maps(slice, "ports");
    for (int i = 0; i < ports.size(); i++) {
      String name = Trees.stringOr(ports.get(i), "", "name");
      if (names.put(name, i) != null) {
        errors.add(FieldError.duplicate(FieldPath.of("ports").index(i).child("name"), name));
      }
    }
    return errors;
  }
}
