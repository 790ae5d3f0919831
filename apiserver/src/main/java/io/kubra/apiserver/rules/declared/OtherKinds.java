package io.kubra.apiserver.rules.declared;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.LabelSelectorRules;
import io.kubra.apiserver.csr.CertificateRequestRules;
import io.kubra.apiserver.rules.KindRulesRegistry;
import java.util.List;
import java.util.Map;

/** Storage, policy, scheduling, runtimes, leases, certificates, flow control. */
final class OtherKinds {
  private OtherKinds() {}

  static void register(KindRulesRegistry registry) {
    storage(registry);
    registry.register(
        "policy",
        "poddisruptionbudgets",
        new DeclaredRules()
            .generation()
            .check(OtherKinds::budget)
            .check(
                o ->
                    LabelSelectorRules.validate(
                        Trees.map(o, "spec", "selector"), FieldPath.of("spec", "selector"))));
    registry.register(
        "scheduling.k8s.io",
        "priorityclasses",
        new DeclaredRules()
            .generation()
            .defaults(o -> o.putIfAbsent("preemptionPolicy", "PreemptLowerPriority"))
            .oneOf("preemptionPolicy", "Never", "PreemptLowerPriority")
            .check(OtherKinds::priority)
            .immutable("value")
            .immutable("preemptionPolicy"));
    registry.register(
        "node.k8s.io",
        "runtimeclasses",
        new DeclaredRules().required("handler").immutable("handler"));
    registry.register(
        "coordination.k8s.io",
        "leases",
        new DeclaredRules()
            .buffered()
            .createOnUpdate()
            .conditionalUpdate()
            .check(OtherKinds::lease));
    registry.register(
        "certificates.k8s.io", "certificatesigningrequests", new CertificateRequestRules());
    registry.register(
        "flowcontrol.apiserver.k8s.io",
        "flowschemas",
        new DeclaredRules()
            .generation()
            .defaults(o -> defaultTo(o, 1000L, "spec", "matchingPrecedence"))
            .required("spec.priorityLevelConfiguration.name"));
    registry.register(
        "flowcontrol.apiserver.k8s.io",
        "prioritylevelconfigurations",
        new DeclaredRules().generation().required("spec.type"));
  }

  private static void storage(KindRulesRegistry registry) {
    String group = "storage.k8s.io";
    registry.register(
        group,
        "storageclasses",
        new DeclaredRules()
            .defaults(
                o -> {
                  o.putIfAbsent("reclaimPolicy", "Delete");
                  o.putIfAbsent("volumeBindingMode", "Immediate");
                })
            .required("provisioner")
            .oneOf("reclaimPolicy", "Delete", "Retain")
            .oneOf("volumeBindingMode", "Immediate", "WaitForFirstConsumer")
            .immutable("provisioner")
            .immutable("parameters")
            .immutable("reclaimPolicy")
            .immutable("volumeBindingMode"));
    registry.register(
        group,
        "csidrivers",
        new DeclaredRules()
            .generation()
            .defaults(
                o -> {
                  defaultTo(o, true, "spec", "attachRequired");
                  defaultTo(o, false, "spec", "podInfoOnMount");
                  defaultTo(o, false, "spec", "storageCapacity");
                  defaultTo(o, "ReadWriteOnceWithFSType", "spec", "fsGroupPolicy");
                  defaultTo(o, false, "spec", "requiresRepublish");
                  defaultTo(o, false, "spec", "seLinuxMount");
                  defaultTo(
                      o,
                      new java.util.ArrayList<>(List.of("Persistent")),
                      "spec",
                      "volumeLifecycleModes");
                }));
    registry.register(group, "csinodes", new DeclaredRules());
    registry.register(
        group,
        "csistoragecapacities",
        new DeclaredRules()
            .required("storageClassName")
            .immutable("storageClassName")
            .immutable("nodeTopology"));
    registry.register(
        group,
        "volumeattachments",
        new DeclaredRules().required("spec.attacher").required("spec.nodeName").immutable("spec"));
    registry.register(
        group,
        "volumeattributesclasses",
        new DeclaredRules().required("driverName").immutable("driverName").immutable("parameters"));
  }

  private static void defaultTo(Map<String, Object> object, Object value, String... path) {
    if (Trees.map(object, path[0]) != null) {
      Trees.setDefault(object, value, path);
    }
  }

  private static List<FieldError> budget(Map<String, Object> object) {
    boolean both =
        Trees.get(object, "spec", "minAvailable") != null
            && Trees.get(object, "spec", "maxUnavailable") != null;
    return both
        ? List.of(
            FieldError.invalid(
                "spec",
                Trees.map(object, "spec"),
                "minAvailable and maxUnavailable cannot be both set"))
        : List.of();
  }

  private static List<FieldError> priority(Map<String, Object> object) {
    String name = Trees.stringOr(object, "", "metadata", "name");
    long value = Trees.integerOr(object, 0, "value");
    return value > 1_000_000_000L && !name.startsWith("system-")
        ? List.of(
            FieldError.forbidden(
                "value", "maximum allowed value of a user defined priority is 1000000000"))
        : List.of();
  }

  private static List<FieldError> lease(Map<String, Object> object) {
    Long seconds = Trees.integer(object, "spec", "leaseDurationSeconds");
    return seconds != null && seconds <= 0
        ? List.of(
            FieldError.invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0"))
        : List.of();
  }
}
