package io.kubra.conformance.area;

import static io.kubra.conformance.check.ApiChecks.kinds;
import static io.kubra.conformance.check.ApiChecks.noVersions;
import static io.kubra.conformance.check.ApiChecks.served;

import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.probe.ApiProbes;
import io.kubra.conformance.probe.JobProbes;
import java.util.List;

/** Rows of chapter 6 on API groups and versions. */
final class ApiRows {
  static final Check NO_ALPHA = noVersions("v\\d+alpha\\d+", List.of("nfd.k8s-sigs.io/v1alpha1"));
  // Betas from before 1.24 that never got a stable version.
  static final Check NO_BETA =
      noVersions(
          "v\\d+beta\\d+",
          List.of(
              "metrics.k8s.io/v1beta1",
              "custom.metrics.k8s.io/v1beta1",
              "external.metrics.k8s.io/v1beta1"));
  private static final String OFF =
      "Switch the version off with the API server's --runtime-config.";
  private static final String ON = "Serve the group; on a stock API server do not disable it.";

  private ApiRows() {}

  static void add(Rows rows) {
    rows.add("x.api.policy.2", OFF, NO_ALPHA)
        .add("x.api.policy.3", OFF, NO_BETA)
        .add("x.api.policy.4", "Do not switch off stable feature gates.", ApiProbes.STABLE_GATES)
        .add(
            "x.api.policy.5",
            ON,
            served(
                "v1",
                "admissionregistration.k8s.io/v1",
                "apiextensions.k8s.io/v1",
                "apiregistration.k8s.io/v1",
                "apps/v1",
                "authentication.k8s.io/v1",
                "authorization.k8s.io/v1",
                "autoscaling/v1",
                "autoscaling/v2",
                "batch/v1",
                "certificates.k8s.io/v1",
                "coordination.k8s.io/v1",
                "discovery.k8s.io/v1",
                "events.k8s.io/v1",
                "flowcontrol.apiserver.k8s.io/v1",
                "networking.k8s.io/v1",
                "node.k8s.io/v1",
                "policy/v1",
                "rbac.authorization.k8s.io/v1",
                "scheduling.k8s.io/v1",
                "storage.k8s.io/v1"));
    group(
        rows,
        "admissionregistration.k8s.io",
        kinds(
            "admissionregistration.k8s.io/v1",
            "ValidatingWebhookConfiguration",
            "MutatingWebhookConfiguration",
            "ValidatingAdmissionPolicy"),
        ApiProbes.ADMISSION_POLICY);
    group(
        rows,
        "apiextensions.k8s.io",
        kinds("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
        ApiProbes.CUSTOM_RESOURCE);
    group(rows, "apiregistration.k8s.io", kinds("apiregistration.k8s.io/v1", "APIService"));
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
        ApiProbes.ROLLOUT);
    group(
        rows,
        "authentication.k8s.io",
        kinds("authentication.k8s.io/v1", "TokenReview", "SelfSubjectReview"),
        ApiProbes.TOKEN_REVIEW);
    group(
        rows,
        "authorization.k8s.io",
        kinds("authorization.k8s.io/v1", "SelfSubjectAccessReview", "SubjectAccessReview"),
        ApiProbes.ACCESS_REVIEW);
    group(rows, "autoscaling", served("autoscaling/v1", "autoscaling/v2"));
    group(rows, "batch", kinds("batch/v1", "Job", "CronJob"), JobProbes.COMPLETES);
    group(
        rows, "certificates.k8s.io", kinds("certificates.k8s.io/v1", "CertificateSigningRequest"));
    group(
        rows,
        "coordination.k8s.io",
        kinds("coordination.k8s.io/v1", "Lease"),
        ApiProbes.NODE_LEASES);
    group(
        rows,
        "core",
        kinds(
            "v1",
            "Pod",
            "Service",
            "Node",
            "ConfigMap",
            "Secret",
            "Namespace",
            "Event",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "ServiceAccount",
            "Endpoints",
            "LimitRange",
            "ResourceQuota",
            "ReplicationController",
            "PodTemplate"));
    group(rows, "discovery.k8s.io", kinds("discovery.k8s.io/v1", "EndpointSlice"));
    group(rows, "events.k8s.io", kinds("events.k8s.io/v1", "Event"), ApiProbes.EVENTS);
    group(
        rows,
        "flowcontrol.apiserver.k8s.io",
        kinds("flowcontrol.apiserver.k8s.io/v1", "FlowSchema", "PriorityLevelConfiguration"),
        ApiProbes.FLOW_CONTROL);
    group(
        rows,
        "networking.k8s.io",
        kinds(
            "networking.k8s.io/v1",
            "Ingress",
            "IngressClass",
            "NetworkPolicy",
            "ServiceCIDR",
            "IPAddress"));
    group(rows, "node.k8s.io", kinds("node.k8s.io/v1", "RuntimeClass"));
    group(rows, "policy", kinds("policy/v1", "PodDisruptionBudget"));
    group(
        rows,
        "rbac.authorization.k8s.io",
        kinds(
            "rbac.authorization.k8s.io/v1",
            "Role",
            "ClusterRole",
            "RoleBinding",
            "ClusterRoleBinding"),
        ApiProbes.ROLE_BINDING);
    group(rows, "scheduling.k8s.io", kinds("scheduling.k8s.io/v1", "PriorityClass"));
    group(
        rows,
        "storage.k8s.io",
        kinds(
            "storage.k8s.io/v1",
            "StorageClass",
            "CSIDriver",
            "CSINode",
            "VolumeAttachment",
            "CSIStorageCapacity"));
  }

  private static void group(Rows rows, String group, Check... checks) {
    rows.add("x.api.group." + group, ON, checks);
  }
}
