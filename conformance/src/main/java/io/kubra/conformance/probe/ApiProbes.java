package io.kubra.conformance.probe;

import static io.kubra.conformance.probe.Probe.yaml;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Leases;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.Kube;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.cluster.PodDraft;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.List;
import java.util.Map;

/** Probes of what API groups do, beyond being served. */
public final class ApiProbes {

  private ApiProbes() {}

  /** No stable feature gate is off, by the API server's own metrics. */
  public static final Check STABLE_GATES =
      Check.of(
          "the API server's metrics show no stable gate switched off",
          context -> {
            List<String> gates =
                context
                    .kube()
                    .text("/metrics")
                    .lines()
                    .filter(l -> l.startsWith("kubernetes_feature_enabled{"))
                    .toList();
            if (gates.isEmpty()) {
              return Verdict.notCheckable(
                  Verdict.Cause.MEANS, "the API server has no metric kubernetes_feature_enabled");
            }
            Findings findings = new Findings().saw("read " + gates.size() + " feature gates");
            for (String gate : gates) {
              if (gate.contains("stage=\"\"") && gate.endsWith(" 0")) {
                findings.breach(gate);
              }
            }
            return findings.verdict();
          });

  /** An admission policy refuses what it forbids. */
  public static final Check ADMISSION_POLICY =
      Check.of(
          "a ValidatingAdmissionPolicy refuses what it forbids",
          context -> {
            String namespace = context.workspace().namespace();
            String name = "kubra-conformance-" + context.workspace().run();
            context
                .workspace()
                .create(
                    yaml(
                        """
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: ValidatingAdmissionPolicy
                        metadata: {name: %s}
                        spec:
                          failurePolicy: Fail
                          matchConstraints:
                            resourceRules:
                            - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}
                          validations:
                          - expression: "!has(object.data) || !('forbidden' in object.data)"
                            message: forbidden by the probe
                        """
                            .formatted(name)));
            context
                .workspace()
                .create(
                    yaml(
                        """
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: ValidatingAdmissionPolicyBinding
                        metadata: {name: %1$s}
                        spec:
                          policyName: %1$s
                          validationActions: [Deny]
                          matchResources:
                            namespaceSelector:
                              matchLabels: {kubernetes.io/metadata.name: %2$s}
                        """
                            .formatted(name, namespace)));
            String maps = "/api/v1/namespaces/" + namespace + "/configmaps?dryRun=All";
            Map<String, Object> bad =
                yaml(
                    """
                    {apiVersion: v1, kind: ConfigMap, metadata: {name: bad}, data: {forbidden: "yes"}}
                    """);
            boolean refused =
                Await.until(
                    context.pace().soon(),
                    () -> context.kube().ask("POST", maps, Map.of(), bad).status() == 422);
            return new Findings()
                .require(refused, "a ConfigMap that the policy forbids is refused")
                .verdict();
          });

  /** A definition becomes established and serves objects with checks of their fields. */
  public static final Check CUSTOM_RESOURCE =
      Check.of(
          "a CustomResourceDefinition is established and checks its objects",
          context -> {
            String group = "r" + context.workspace().run() + ".conformance.kubra.io";
            context
                .workspace()
                .create(
                    yaml(
                        """
                        apiVersion: apiextensions.k8s.io/v1
                        kind: CustomResourceDefinition
                        metadata: {name: things.%1$s}
                        spec:
                          group: %1$s
                          scope: Cluster
                          names: {plural: things, singular: thing, kind: Thing}
                          versions:
                          - name: v1
                            served: true
                            storage: true
                            schema:
                              openAPIV3Schema:
                                type: object
                                properties:
                                  size: {type: integer, minimum: 1}
                        """
                            .formatted(group)));
            String definition =
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things." + group;
            boolean established =
                Await.until(
                    context.pace().soon(),
                    () ->
                        context.kube().find(definition).stream()
                            .anyMatch(d -> Named.condition(d, "Established")));
            Findings findings =
                new Findings().require(established, "the definition becomes Established");
            String things = "/apis/" + group + "/v1/things";
            Map<String, Object> good =
                yaml(
                    "{apiVersion: %s/v1, kind: Thing, metadata: {name: a}, size: 1}"
                        .formatted(group));
            Map<String, Object> bad =
                yaml(
                    "{apiVersion: %s/v1, kind: Thing, metadata: {name: b}, size: 0}"
                        .formatted(group));
            boolean served =
                Await.until(
                    context.pace().soon(),
                    () -> {
                      int status = context.kube().ask("POST", things, Map.of(), good).status();
                      return status == 201 || status == 409;
                    });
            int refusal = context.kube().ask("POST", things, Map.of(), bad).status();
            return findings
                .require(served, "an object is stored")
                .require(refusal == 422, "an object against the schema is refused with 422")
                .saw("it was answered " + refusal)
                .verdict();
          });

  /** A Deployment rolls out. */
  public static final Check ROLLOUT =
      Check.of(
          "a Deployment rolls out two pods",
          context -> {
            String namespace = context.workspace().namespace();
            context.workspace().create(deployment(context, namespace, "rollout", 2));
            String path = "/apis/apps/v1/namespaces/" + namespace + "/deployments/rollout";
            boolean available =
                Await.until(
                    context.pace().run(),
                    () ->
                        Trees.integerOr(context.kube().get(path), 0, "status", "availableReplicas")
                            == 2);
            return new Findings().require(available, "two of two pods became available").verdict();
          });

  /** A Deployment of pods that wait. */
  static Map<String, Object> deployment(
      Context context, String namespace, String name, int replicas) {
    Map<String, Object> pod = new PodDraft(namespace, name, context.image(), PodDraft.WAIT).tree();
    Trees.remove(pod, "spec", "activeDeadlineSeconds");
    Map<String, Object> deployment =
        yaml(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: %1$s, namespace: %2$s}
            spec:
              replicas: %3$d
              selector: {matchLabels: {app: %1$s}}
              template: {metadata: {labels: {app: %1$s}}}
            """
                .formatted(name, namespace, replicas));
    Trees.set(deployment, pod.get("spec"), "spec", "template", "spec");
    return deployment;
  }

  private static String token(Context context, String namespace, String account) {
    Map<String, Object> request =
        yaml(
            "{apiVersion: authentication.k8s.io/v1, kind: TokenRequest, spec: {expirationSeconds: 600}}");
    return Trees.stringOr(
        context
            .kube()
            .create(
                "/api/v1/namespaces/" + namespace + "/serviceaccounts/" + account + "/token",
                request),
        "",
        "status",
        "token");
  }

  /** A token of a service account is known, and one that is made up is not. */
  public static final Check TOKEN_REVIEW =
      Check.of(
          "TokenReview knows a service account's token and no other",
          context -> {
            String namespace = context.workspace().namespace();
            Map<String, Object> good = review(context, token(context, namespace, "default"));
            String user = Trees.stringOr(good, "", "status", "user", "username");
            Map<String, Object> bad = review(context, "made.up.token");
            return new Findings()
                .require(
                    user.equals("system:serviceaccount:" + namespace + ":default"),
                    "the token of the namespace's default account is authenticated")
                .require(!Trees.bool(bad, "status", "authenticated"), "a made-up token is not")
                .verdict();
          });

  private static Map<String, Object> review(Context context, String token) {
    Map<String, Object> review =
        yaml("{apiVersion: authentication.k8s.io/v1, kind: TokenReview, spec: {}}");
    Trees.set(review, token, "spec", "token");
    return context.kube().create("/apis/authentication.k8s.io/v1/tokenreviews", review);
  }

  private static boolean allowed(Context context, String namespace, String verb) {
    Map<String, Object> review =
        yaml(
            """
            apiVersion: authorization.k8s.io/v1
            kind: SubjectAccessReview
            spec:
              user: system:serviceaccount:%1$s:default
              groups: [system:serviceaccounts, "system:serviceaccounts:%1$s", system:authenticated]
              resourceAttributes: {namespace: %1$s, verb: %2$s, resource: configmaps}
            """
                .formatted(namespace, verb));
    return Trees.bool(
        context.kube().create("/apis/authorization.k8s.io/v1/subjectaccessreviews", review),
        "status",
        "allowed");
  }

  /** An account without rights is refused, and the refusal is what reviews say. */
  public static final Check ACCESS_REVIEW =
      Check.of(
          "reviews say what an unbound service account may not do",
          context -> {
            String namespace = context.workspace().namespace("access", Map.of());
            return new Findings()
                .require(
                    !allowed(context, namespace, "delete"),
                    "a service account without a binding may not delete ConfigMaps")
                .verdict();
          });

  /** A binding grants, and its removal refuses. */
  public static final Check ROLE_BINDING =
      Check.of(
          "a new RoleBinding grants, its removal refuses",
          context -> {
            String namespace = context.workspace().namespace("binding", Map.of());
            Findings findings =
                new Findings()
                    .require(!allowed(context, namespace, "get"), "before: reading is refused");
            context
                .workspace()
                .create(
                    yaml(
                        """
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: Role
                        metadata: {name: reader, namespace: %s}
                        rules: [{apiGroups: [""], resources: [configmaps], verbs: [get]}]
                        """
                            .formatted(namespace)));
            Map<String, Object> binding =
                yaml(
                    """
                    apiVersion: rbac.authorization.k8s.io/v1
                    kind: RoleBinding
                    metadata: {name: reader, namespace: %1$s}
                    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
                    subjects: [{kind: ServiceAccount, name: default, namespace: %1$s}]
                    """
                        .formatted(namespace));
            context.workspace().create(binding);
            findings.require(
                Await.until(context.pace().soon(), () -> allowed(context, namespace, "get")),
                "bound: reading is allowed");
            context.kube().delete(context.workspace().path(binding));
            findings.require(
                Await.until(context.pace().soon(), () -> !allowed(context, namespace, "get")),
                "unbound again: reading is refused");
            return findings.verdict();
          });

  /** Every ready node's lease was renewed of late. */
  public static final Check NODE_LEASES =
      Check.of(
          "node leases are renewed",
          context -> {
            Findings findings = new Findings();
            for (Map<String, Object> node : context.nodes()) {
              String name = Named.name(node);
              Leases.Renewal renewal = Leases.renewal(context, "kube-node-lease", name);
              String line = name + ": renewed " + (renewal.at().isEmpty() ? "never" : renewal.at());
              findings.expect(renewal.recent(), line, line);
            }
            return findings.verdict();
          });

  /** An event of the core group is read back from the events group. */
  public static final Check EVENTS =
      Check.of(
          "an event made in v1 is read in events.k8s.io/v1",
          context -> {
            String namespace = context.workspace().namespace();
            context
                .workspace()
                .create(
                    yaml(
                        """
                        apiVersion: v1
                        kind: Event
                        metadata: {name: probe, namespace: %1$s}
                        involvedObject: {kind: Namespace, name: %1$s, namespace: %1$s, apiVersion: v1}
                        reason: Probe
                        message: made by a conformance probe
                        type: Normal
                        source: {component: kubra-conformance}
                        """
                            .formatted(namespace)));
            String note =
                Trees.stringOr(
                    context
                        .kube()
                        .get("/apis/events.k8s.io/v1/namespaces/" + namespace + "/events/probe"),
                    "",
                    "note");
            return new Findings()
                .require(
                    note.equals("made by a conformance probe"), "its message is the note there")
                .verdict();
          });

  /** The mandatory objects are there and answers name the flow schema that admitted them. */
  public static final Check FLOW_CONTROL =
      Check.of(
          "mandatory flow schemas exist and answers name theirs",
          context -> {
            String root = "/apis/flowcontrol.apiserver.k8s.io/v1/";
            Findings findings = new Findings();
            for (String name : List.of("flowschemas/exempt", "flowschemas/catch-all")) {
              findings.require(context.kube().find(root + name).isPresent(), name + " exists");
            }
            Kube.Answer answer = context.kube().ask("GET", "/api/v1/namespaces", Map.of(), null);
            return findings
                .require(
                    !answer.flowSchema().isEmpty(), "answers carry X-Kubernetes-PF-FlowSchema-UID")
                .verdict();
          });
}
