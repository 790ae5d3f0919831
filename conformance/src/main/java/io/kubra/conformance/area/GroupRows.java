package io.kubra.conformance.area;

import static io.kubra.conformance.check.ApiChecks.kinds;
import static io.kubra.conformance.check.ApiChecks.resources;
import static io.kubra.conformance.check.ApiChecks.served;
import static io.kubra.conformance.check.ApiChecks.withdrawn;

import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.probe.ApiProbes;
import io.kubra.conformance.probe.GroupProbes;
import io.kubra.conformance.probe.JobProbes;
import io.kubra.conformance.probe.RoundTrip;
import io.kubra.conformance.probe.SchedulingProbes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rows of chapter 6 on API groups: what each serves, stores and brings about. */
final class GroupRows {
  static final String ON = "Serve the group; on a stock API server do not disable it.";

  /** By upstream's deprecation guide; kinds of older versions that the group had. */
  private static final Map<String, List<String>> WITHDRAWN =
      Map.ofEntries(
          Map.entry(
              "admissionregistration.k8s.io",
              List.of(
                  "v1beta1/ValidatingWebhookConfiguration",
                  "v1beta1/MutatingWebhookConfiguration")),
          Map.entry("apiextensions.k8s.io", List.of("v1beta1/CustomResourceDefinition")),
          Map.entry("apiregistration.k8s.io", List.of("v1beta1/APIService")),
          Map.entry(
              "apps", List.of("v1beta1/Deployment", "v1beta2/Deployment", "v1beta2/DaemonSet")),
          Map.entry("authentication.k8s.io", List.of("v1beta1/TokenReview")),
          Map.entry("authorization.k8s.io", List.of("v1beta1/SubjectAccessReview")),
          Map.entry(
              "autoscaling",
              List.of("v2beta1/HorizontalPodAutoscaler", "v2beta2/HorizontalPodAutoscaler")),
          Map.entry("batch", List.of("v1beta1/CronJob", "v2alpha1/CronJob")),
          Map.entry("certificates.k8s.io", List.of("v1beta1/CertificateSigningRequest")),
          Map.entry("coordination.k8s.io", List.of("v1beta1/Lease")),
          Map.entry("discovery.k8s.io", List.of("v1beta1/EndpointSlice")),
          Map.entry("events.k8s.io", List.of("v1beta1/Event")),
          Map.entry(
              "flowcontrol.apiserver.k8s.io",
              List.of("v1beta1/FlowSchema", "v1beta2/FlowSchema", "v1beta3/FlowSchema")),
          Map.entry("networking.k8s.io", List.of("v1beta1/Ingress", "v1beta1/IngressClass")),
          Map.entry("node.k8s.io", List.of("v1beta1/RuntimeClass")),
          Map.entry("policy", List.of("v1beta1/PodDisruptionBudget", "v1beta1/PodSecurityPolicy")),
          Map.entry("rbac.authorization.k8s.io", List.of("v1beta1/Role", "v1beta1/ClusterRole")),
          Map.entry("scheduling.k8s.io", List.of("v1beta1/PriorityClass")),
          Map.entry(
              "storage.k8s.io",
              List.of("v1beta1/StorageClass", "v1beta1/CSIDriver", "v1beta1/CSIStorageCapacity")));

  private static final String TEMPLATE =
      "selector: {matchLabels: {app: none}}, template: {metadata: {labels: {app: none}}, spec:"
          + " {containers: [{name: c, image: none}], nodeSelector: {conformance.kubra.io/none: none}}}";
  private static final String POD =
      "spec: {nodeSelector: {conformance.kubra.io/none: none}, containers: [{name: c, image: none}]}";

  private GroupRows() {}

  private static void group(Rows rows, String group, Check... checks) {
    List<Check> all = new ArrayList<>(List.of(checks));
    List<String> withdrawn = WITHDRAWN.get(group);
    if (withdrawn != null) {
      all.add(withdrawn(group, withdrawn));
    }
    rows.add("x.api.group." + group, ON, all.toArray(Check[]::new));
  }

  static void add(Rows rows) {
    machinery(rows);
    workloads(rows);
    security(rows);
    infrastructure(rows);
  }

  private static void machinery(Rows rows) {
    group(
        rows,
        "admissionregistration.k8s.io",
        kinds(
            "admissionregistration.k8s.io/v1",
            "ValidatingWebhookConfiguration",
            "MutatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding"),
        RoundTrip.of(
            "admissionregistration.k8s.io/v1",
            "{kind: ValidatingWebhookConfiguration, webhooks: []}",
            "{kind: MutatingWebhookConfiguration, webhooks: []}"),
        ApiProbes.ADMISSION_POLICY);
    group(
        rows,
        "apiextensions.k8s.io",
        kinds("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
        ApiProbes.CUSTOM_RESOURCE);
    group(
        rows,
        "apiregistration.k8s.io",
        kinds("apiregistration.k8s.io/v1", "APIService"),
        GroupProbes.AGGREGATION);
    group(
        rows,
        "coordination.k8s.io",
        kinds("coordination.k8s.io/v1", "Lease"),
        RoundTrip.of(
            "coordination.k8s.io/v1",
            "{kind: Lease, spec: {holderIdentity: probe, leaseDurationSeconds: 60}}"),
        ApiProbes.NODE_LEASES);
    group(
        rows,
        "core",
        resources(
            "v1",
            "bindings",
            "configmaps",
            "endpoints",
            "events",
            "limitranges",
            "namespaces",
            "namespaces/finalize",
            "namespaces/status",
            "nodes",
            "nodes/proxy",
            "nodes/status",
            "persistentvolumeclaims",
            "persistentvolumeclaims/status",
            "persistentvolumes",
            "persistentvolumes/status",
            "pods",
            "pods/attach",
            "pods/binding",
            "pods/ephemeralcontainers",
            "pods/eviction",
            "pods/exec",
            "pods/log",
            "pods/portforward",
            "pods/proxy",
            "pods/resize",
            "pods/status",
            "podtemplates",
            "replicationcontrollers",
            "replicationcontrollers/scale",
            "replicationcontrollers/status",
            "resourcequotas",
            "resourcequotas/status",
            "secrets",
            "serviceaccounts",
            "serviceaccounts/token",
            "services",
            "services/proxy",
            "services/status"),
        RoundTrip.of(
            "v1",
            "{kind: ConfigMap, data: {a: b}}",
            "{kind: Secret, stringData: {a: b}}",
            "{kind: Service, spec: {ports: [{port: 80}]}}",
            "{kind: ServiceAccount, metadata: {name: probe-%RUN%}}",
            "{kind: Pod, " + POD + "}",
            "{kind: PodTemplate, template: {" + POD + "}}",
            "{kind: LimitRange, spec: {limits: [{type: Pod, max: {cpu: 1000}}]}}",
            "{kind: ResourceQuota, spec: {hard: {count/replicationcontrollers: 1000}}}",
            "{kind: Endpoints, metadata: {name: probe-%RUN%}, subsets: []}",
            "{kind: Event, metadata: {name: core-%RUN%}, involvedObject: {kind: Namespace, name: none, namespace: \"%NAMESPACE%\"}, reason: Probe, type: Normal}",
            "{kind: PersistentVolume, spec: {capacity: {storage: 1Mi}, accessModes: [ReadWriteOnce],"
                + " storageClassName: conformance-%RUN%, hostPath: {path: /nonexistent}}}",
            "{kind: PersistentVolumeClaim, spec: {accessModes: [ReadWriteOnce],"
                + " storageClassName: conformance-%RUN%, resources: {requests: {storage: 1Gi}}}}"));
    group(
        rows,
        "events.k8s.io",
        kinds("events.k8s.io/v1", "Event"),
        RoundTrip.of(
            "events.k8s.io/v1",
            "{kind: Event, metadata: {name: new-%RUN%}, eventTime: \"2026-01-01T00:00:00.000000Z\","
                + " reportingController: conformance.kubra.io/probe, reportingInstance: probe,"
                + " action: Probing, regarding: {kind: Namespace, name: none, namespace: \"%NAMESPACE%\"}, reason: Probe, type: Normal, note: made by a probe}"),
        ApiProbes.EVENTS);
    group(
        rows,
        "flowcontrol.apiserver.k8s.io",
        kinds("flowcontrol.apiserver.k8s.io/v1", "FlowSchema", "PriorityLevelConfiguration"),
        RoundTrip.of(
            "flowcontrol.apiserver.k8s.io/v1",
            "{kind: FlowSchema, spec: {matchingPrecedence: 9999, priorityLevelConfiguration: {name: catch-all}}}"),
        GroupProbes.SUGGESTED_FLOWS,
        ApiProbes.FLOW_CONTROL);
  }

  private static void workloads(Rows rows) {
    group(
        rows,
        "apps",
        kinds(
            "apps/v1",
            "Deployment",
            "ReplicaSet",
            "StatefulSet",
            "DaemonSet",
            "ControllerRevision"),
        RoundTrip.of(
            "apps/v1",
            "{kind: Deployment, spec: {replicas: 0, " + TEMPLATE + "}}",
            "{kind: ReplicaSet, spec: {replicas: 0, " + TEMPLATE + "}}",
            "{kind: StatefulSet, spec: {replicas: 0, serviceName: none, " + TEMPLATE + "}}",
            "{kind: DaemonSet, spec: {" + TEMPLATE + "}}",
            "{kind: ControllerRevision, revision: 1, data: {a: b}}"),
        ApiProbes.ROLLOUT);
    group(
        rows,
        "autoscaling",
        served("autoscaling/v1", "autoscaling/v2"),
        RoundTrip.of(
            "autoscaling/v2",
            "{kind: HorizontalPodAutoscaler, spec: {maxReplicas: 1, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: none}}}"),
        GroupProbes.AUTOSCALER);
    group(
        rows,
        "batch",
        kinds("batch/v1", "Job", "CronJob"),
        RoundTrip.of(
            "batch/v1",
            "{kind: CronJob, spec: {suspend: true, schedule: \"0 0 1 1 *\", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: none}]}}}}}}"),
        JobProbes.COMPLETES,
        JobProbes.CRON);
    group(
        rows,
        "policy",
        kinds("policy/v1", "PodDisruptionBudget"),
        RoundTrip.of(
            "policy/v1",
            "{kind: PodDisruptionBudget, spec: {minAvailable: 1, selector: {matchLabels: {app: none}}}}"),
        GroupProbes.EVICTION);
    group(
        rows,
        "scheduling.k8s.io",
        kinds("scheduling.k8s.io/v1", "PriorityClass"),
        RoundTrip.of("scheduling.k8s.io/v1", "{kind: PriorityClass, value: 7}"),
        SchedulingProbes.PREEMPTION);
  }

  private static void security(Rows rows) {
    group(
        rows,
        "authentication.k8s.io",
        kinds("authentication.k8s.io/v1", "TokenReview", "SelfSubjectReview"),
        ApiProbes.TOKEN_REVIEW);
    group(
        rows,
        "authorization.k8s.io",
        kinds(
            "authorization.k8s.io/v1",
            "SelfSubjectAccessReview",
            "SubjectAccessReview",
            "LocalSubjectAccessReview",
            "SelfSubjectRulesReview"),
        ApiProbes.ACCESS_REVIEW,
        GroupProbes.SELF_REVIEW);
    group(
        rows,
        "certificates.k8s.io",
        kinds("certificates.k8s.io/v1", "CertificateSigningRequest"),
        GroupProbes.CERTIFICATE);
    group(
        rows,
        "rbac.authorization.k8s.io",
        kinds(
            "rbac.authorization.k8s.io/v1",
            "Role",
            "ClusterRole",
            "RoleBinding",
            "ClusterRoleBinding"),
        RoundTrip.of(
            "rbac.authorization.k8s.io/v1",
            "{kind: Role, rules: []}",
            "{kind: ClusterRole, rules: []}",
            "{kind: RoleBinding, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: none}}",
            "{kind: ClusterRoleBinding, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}}"),
        ApiProbes.ROLE_BINDING);
  }

  private static void infrastructure(Rows rows) {
    group(
        rows,
        "discovery.k8s.io",
        kinds("discovery.k8s.io/v1", "EndpointSlice"),
        RoundTrip.of(
            "discovery.k8s.io/v1",
            "{kind: EndpointSlice, addressType: IPv4, endpoints: [{addresses: [192.0.2.1]}], ports: [{port: 80}]}"),
        GroupProbes.SLICES);
    group(
        rows,
        "networking.k8s.io",
        kinds(
            "networking.k8s.io/v1",
            "Ingress",
            "IngressClass",
            "NetworkPolicy",
            "ServiceCIDR",
            "IPAddress"),
        RoundTrip.of(
            "networking.k8s.io/v1",
            "{kind: IngressClass, spec: {controller: conformance.kubra.io/none}}",
            "{kind: Ingress, spec: {ingressClassName: conformance-none, defaultBackend: {service: {name: none, port: {number: 80}}}}}",
            "{kind: NetworkPolicy, spec: {podSelector: {matchLabels: {app: none}}, policyTypes: [Ingress]}}"),
        GroupProbes.ADDRESSES);
    group(
        rows,
        "node.k8s.io",
        kinds("node.k8s.io/v1", "RuntimeClass"),
        RoundTrip.of("node.k8s.io/v1", "{kind: RuntimeClass, handler: conformance-none}"),
        GroupProbes.RUNTIME_CLASS);
    group(
        rows,
        "storage.k8s.io",
        kinds(
            "storage.k8s.io/v1",
            "StorageClass",
            "CSIDriver",
            "CSINode",
            "VolumeAttachment",
            "CSIStorageCapacity"),
        RoundTrip.of(
            "storage.k8s.io/v1",
            "{kind: StorageClass, provisioner: conformance.kubra.io/none}",
            "{kind: CSIDriver, metadata: {name: r%RUN%.conformance.kubra.io}, spec: {attachRequired: false}}",
            "{kind: CSIStorageCapacity, storageClassName: conformance-none}"));
  }
}
