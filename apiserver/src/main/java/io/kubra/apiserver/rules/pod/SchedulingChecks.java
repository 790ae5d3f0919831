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
import org.jspecify.annotations.Nullable;

/** Checks of what guides the scheduler: affinity, tolerations, spreading, gates. */
public final class SchedulingChecks {
  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
  private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

  private SchedulingChecks() {}

  static void check(Checks checks, FieldPath path, Map<String, Object> spec) {
    nodeAffinity(
        checks,
        path.child("affinity", "nodeAffinity"),
        Trees.map(spec, "affinity", "nodeAffinity"));
    for (String kind : List.of("podAffinity", "podAntiAffinity")) {
      podAffinity(checks, path.child("affinity", kind), Trees.map(spec, "affinity", kind));
    }
    int i = 0;
    for (Map<String, Object> toleration : Trees.maps(spec, "tolerations")) {
      toleration(checks, path.child("tolerations").index(i++), toleration);
    }
    spread(checks, path.child("topologySpreadConstraints"), spec);
    Set<String> gates = new HashSet<>();
    i = 0;
    for (Map<String, Object> gate : Trees.maps(spec, "schedulingGates")) {
      FieldPath at = path.child("schedulingGates").index(i++);
      String name = Trees.stringOr(gate, "", "name");
      checks.name(at, name, Names::qualifiedName);
      if (!gates.add(name)) {
        checks.duplicate(at, name);
      }
    }
  }

  private static void nodeAffinity(
      Checks checks, FieldPath path, @Nullable Map<String, Object> affinity) {
    if (affinity == null) {
      return;
    }
    Map<String, Object> required = Trees.map(affinity, REQUIRED);
    if (required != null) {
      nodeSelector(checks, path.child(REQUIRED), required);
    }
    int i = 0;
    for (Map<String, Object> term : Trees.maps(affinity, PREFERRED)) {
      FieldPath at = path.child(PREFERRED).index(i++);
      weight(checks, at, term);
      Map<String, Object> preference = Trees.map(term, "preference");
      if (preference != null) {
        term(checks, at.child("preference"), preference);
      }
    }
  }

  /** Checks a node selector: alternatives of terms. */
  public static void nodeSelector(
      Checks checks, FieldPath path, @Nullable Map<String, Object> selector) {
    List<Map<String, Object>> terms = Trees.maps(selector, "nodeSelectorTerms");
    if (terms.isEmpty()) {
      checks.required(path.child("nodeSelectorTerms"), "must have at least one node selector term");
    }
    for (int i = 0; i < terms.size(); i++) {
      term(checks, path.child("nodeSelectorTerms").index(i), terms.get(i));
    }
  }

  private static void term(Checks checks, FieldPath path, Map<String, Object> term) {
    for (String list : List.of("matchExpressions", "matchFields")) {
      int i = 0;
      for (Map<String, Object> requirement : Trees.maps(term, list)) {
        requirement(checks, path.child(list).index(i++), requirement);
      }
    }
  }

  private static void requirement(Checks checks, FieldPath path, Map<String, Object> requirement) {
    List<String> values = Trees.strings(requirement, "values");
    switch (Trees.stringOr(requirement, "", "operator")) {
      case "In", "NotIn" -> {
        if (values.isEmpty()) {
          checks.required(
              path.child("values"), "must be specified when `operator` is 'In' or 'NotIn'");
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (!values.isEmpty()) {
          checks.forbidden(
              path.child("values"),
              "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        }
      }
      case "Gt", "Lt" -> {
        if (values.size() != 1) {
          checks.required(
              path.child("values"),
              "must be specified single value when `operator` is 'Lt' or 'Gt'");
        }
      }
      default ->
          checks.invalid(
              path.child("operator"),
              Trees.stringOr(requirement, "", "operator"),
              "not a valid selector operator");
    }
    checks.name(path.child("key"), Trees.stringOr(requirement, "", "key"), Names::qualifiedName);
  }

  private static void podAffinity(
      Checks checks, FieldPath path, @Nullable Map<String, Object> affinity) {
    if (affinity == null) {
      return;
    }
    int i = 0;
    for (Map<String, Object> term : Trees.maps(affinity, REQUIRED)) {
      podTerm(checks, path.child(REQUIRED).index(i++), term);
    }
    i = 0;
    for (Map<String, Object> weighted : Trees.maps(affinity, PREFERRED)) {
      FieldPath at = path.child(PREFERRED).index(i++);
      weight(checks, at, weighted);
      Map<String, Object> term = Trees.map(weighted, "podAffinityTerm");
      if (term != null) {
        podTerm(checks, at.child("podAffinityTerm"), term);
      }
    }
  }

  private static void podTerm(Checks checks, FieldPath path, Map<String, Object> term) {
    Labels.selector(checks, path.child("labelSelector"), Trees.map(term, "labelSelector"));
    Labels.selector(checks, path.child("namespaceSelector"), Trees.map(term, "namespaceSelector"));
    for (String namespace : Trees.strings(term, "namespaces")) {
      checks.name(path.child("namespace"), namespace, Names::dns1123Label);
    }
    String key = Trees.stringOr(term, "", "topologyKey");
    if (checks.present(path.child("topologyKey"), key, "can not be empty")) {
      checks.name(path.child("topologyKey"), key, Names::qualifiedName);
    }
  }

  private static void weight(Checks checks, FieldPath path, Map<String, Object> term) {
    long weight = Trees.integerOr(term, 0, "weight");
    if (weight < 1 || weight > 100) {
      checks.invalid(path.child("weight"), weight, "must be in the range 1-100");
    }
  }

  private static void toleration(Checks checks, FieldPath path, Map<String, Object> toleration) {
    String key = Trees.stringOr(toleration, "", "key");
    String operator = Trees.stringOr(toleration, "", "operator");
    String value = Trees.stringOr(toleration, "", "value");
    String effect = Trees.stringOr(toleration, "", "effect");
    checks.optionalName(path.child("key"), key, Names::qualifiedName);
    if (key.isEmpty() && !operator.equals("Exists")) {
      checks.invalid(
          path.child("operator"),
          operator,
          "operator must be Exists when `key` is empty, which means \"match all values and all"
              + " keys\"");
    }
    if (toleration.get("tolerationSeconds") != null && !effect.equals("NoExecute")) {
      checks.invalid(
          path.child("effect"),
          effect,
          "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
    switch (operator) {
      case "", "Equal" -> {
        for (String problem : Names.labelValue(value)) {
          checks.invalid(path.child("operator"), value, problem);
        }
      }
      case "Exists" -> {
        if (!value.isEmpty()) {
          checks.invalid(
              path.child("operator"),
              toleration,
              "value must be empty when `operator` is 'Exists'");
        }
      }
      case "Lt", "Gt" -> {
        if (!value.matches("[+-]?[0-9]+")) {
          checks.invalid(path.child("value"), value, "value must be a valid integer");
        }
      }
      default -> checks.notSupported(path.child("operator"), operator, "Equal", "Exists");
    }
    checks.oneOfOrAbsent(
        path.child("effect"), effect, "NoExecute", "NoSchedule", "PreferNoSchedule");
  }

  private static void spread(Checks checks, FieldPath path, Map<String, Object> spec) {
    Set<String> pairs = new HashSet<>();
    int i = 0;
    for (Map<String, Object> constraint : Trees.maps(spec, "topologySpreadConstraints")) {
      FieldPath at = path.index(i++);
      long skew = Trees.integerOr(constraint, 0, "maxSkew");
      if (skew <= 0) {
        checks.invalid(at.child("maxSkew"), skew, "must be greater than zero");
      }
      String key = Trees.stringOr(constraint, "", "topologyKey");
      if (checks.present(at.child("topologyKey"), key, "can not be empty")) {
        checks.name(at.child("topologyKey"), key, Names::qualifiedName);
      }
      String action = Trees.stringOr(constraint, "", "whenUnsatisfiable");
      if (action.equals("DoNotSchedule") || action.equals("ScheduleAnyway")) {
        if (!pairs.add(key + ", " + action)) {
          checks.duplicate(
              at.child("{topologyKey, whenUnsatisfiable}"), "{" + key + ", " + action + "}");
        }
      } else {
        checks.notSupported(
            at.child("whenUnsatisfiable"), action, "DoNotSchedule", "ScheduleAnyway");
      }
      Long domains = Trees.integer(constraint, "minDomains");
      if (domains != null && domains <= 0) {
        checks.invalid(at.child("minDomains"), domains, "must be greater than zero");
      }
      if (domains != null && !action.equals("DoNotSchedule")) {
        checks.invalid(
            at.child("minDomains"),
            domains,
            "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + action);
      }
      Labels.selector(checks, at.child("labelSelector"), Trees.map(constraint, "labelSelector"));
    }
  }
}
