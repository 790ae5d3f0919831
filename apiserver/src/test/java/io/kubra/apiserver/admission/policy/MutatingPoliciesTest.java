package io.kubra.apiserver.admission.policy;

import static io.kubra.apiserver.admission.policy.PolicyServer.CONFIG_MAPS;
import static io.kubra.apiserver.admission.policy.PolicyServer.DEPLOYMENTS;
import static io.kubra.apiserver.admission.policy.PolicyServer.MUTATING;
import static io.kubra.apiserver.admission.policy.PolicyServer.MUTATING_BINDINGS;
import static io.kubra.apiserver.admission.policy.PolicyServer.configMap;
import static io.kubra.apiserver.admission.policy.PolicyServer.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.testing.TestingApiServer.Response;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MutatingPoliciesTest {
  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, labels: {app: web}}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers: [{name: web, image: web:1}, {name: side, image: side:1}]
      """;

  private PolicyServer server;

  @BeforeEach
  void start() {
    server = new PolicyServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void mutating(String name, String resources, String spec) {
    server.made(MUTATING, PolicyServer.policy("MutatingAdmissionPolicy", name, resources, spec));
    server.made(
        MUTATING_BINDINGS,
        "{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingAdmissionPolicyBinding, metadata: {name: %s-binding}, spec: {policyName: %s}}"
            .formatted(name, name));
  }

  /** The object as it would be stored, once it has the label. */
  private Map<String, Object> mutated(String path, String yaml, String... label) {
    Map<String, Object> tree = PolicyServer.tree(yaml);
    Awaitility.await()
        .until(
            () ->
                Trees.get(server.api().send("POST", path + "?dryRun=All", tree).tree(), label)
                    != null);
    return server.api().send("POST", path, tree).tree();
  }

  @Test
  void applyConfigurationsAreMergedAsServerSideApplyDoes() {
    mutating(
        "sidecar",
        "deployments",
        """
        reinvocationPolicy: Never
        variables: [{name: many, expression: "object.spec.template.spec.containers.size()"}]
        mutations:
        - patchType: ApplyConfiguration
          applyConfiguration:
            expression: >
              Object{
                metadata: Object.metadata{labels: {"count": string(variables.many)}},
                spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{
                  containers: [
                    Object.spec.template.spec.containers{name: "side", image: "side:2"},
                    Object.spec.template.spec.containers{name: "proxy", image: "proxy:1"}]}}}}
        """);
    Map<String, Object> made = mutated(DEPLOYMENTS, DEPLOYMENT, "metadata", "labels", "count");
    assertThat(Trees.map(made, "metadata", "labels"))
        .containsEntry("app", "web")
        .containsEntry("count", "2");
    List<Map<String, Object>> containers =
        Trees.maps(made, "spec", "template", "spec", "containers");
    assertThat(containers)
        .extracting(c -> c.get("image"))
        .containsExactly("web:1", "side:2", "proxy:1");
    assertThat(containers.getLast()).containsEntry("imagePullPolicy", "IfNotPresent");
  }

  @Test
  void jsonPatchesAreApplied() {
    mutating(
        "patch",
        "configmaps",
        """
        reinvocationPolicy: Never
        mutations:
        - patchType: JSONPatch
          jsonPatch:
            expression: >
              has(object.data) ? [
                JSONPatch{op: "test", path: "/data/a", value: "1"},
                JSONPatch{op: "add", path: "/metadata/labels", value: {"patched": "yes"}},
                JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("a.b/c"), value: "d"}] : []
        """);
    Map<String, Object> made =
        mutated(CONFIG_MAPS, configMap("a", "data: {a: '1'}"), "metadata", "labels", "patched");
    assertThat(Trees.map(made, "metadata", "labels"))
        .isEqualTo(Map.of("patched", "yes", "a.b/c", "d"));
    Response other = server.create(CONFIG_MAPS, configMap("b", "data: {a: '2'}"));
    assertThat(other.status()).as("a test that fails leaves the object alone").isEqualTo(201);
    assertThat(Trees.map(other.tree(), "metadata", "labels")).isNull();
    assertThat(server.create(CONFIG_MAPS, configMap("c", "")).status()).isEqualTo(201);
  }

  @Test
  void whatCannotBeMergedIsRefused() {
    mutating(
        "atomic",
        "deployments",
        """
        reinvocationPolicy: Never
        mutations:
        - patchType: ApplyConfiguration
          applyConfiguration:
            expression: >
              Object{spec: Object.spec{selector: Object.spec.selector{matchLabels: {"a": "b"}}}}
        """);
    Response refused = server.await(DEPLOYMENTS, DEPLOYMENT, 403);
    assertThat(message(refused))
        .isEqualTo(
            "policy 'atomic' with binding 'atomic-binding' denied request: error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: .spec.selector");
    assertThat(refused.tree()).containsEntry("reason", "Invalid");
    server.send("DELETE", MUTATING + "/atomic", "");
    mutating(
        "unknown",
        "deployments",
        """
        reinvocationPolicy: Never
        mutations:
        - {patchType: ApplyConfiguration, applyConfiguration: {expression: "Object{spec: Object.spec{nope: 1}}"}}
        """);
    Awaitility.await()
        .until(
            () ->
                message(server.create(DEPLOYMENTS + "?dryRun=All", DEPLOYMENT))
                    .contains(".spec.nope: field not declared in schema"));
  }

  @Test
  void policiesSeeWhatOthersDidIfTheyWant() {
    mutating(
        "a-count",
        "configmaps",
        """
        reinvocationPolicy: IfNeeded
        mutations:
        - patchType: ApplyConfiguration
          applyConfiguration:
            expression: >
              Object{metadata: Object.metadata{annotations: {"seen": string(object.data.size())}}}
        """);
    mutating(
        "b-add",
        "configmaps",
        """
        reinvocationPolicy: Never
        mutations:
        - {patchType: JSONPatch, jsonPatch: {expression: "[JSONPatch{op: 'add', path: '/data/b', value: 'b'}]"}}
        """);
    Map<String, Object> made = mutated(CONFIG_MAPS, configMap("a", "data: {a: a}"), "data", "b");
    assertThat(Trees.map(made, "metadata", "annotations")).containsEntry("seen", "2");
  }

  @Test
  void anObjectCannotBeMovedToAnotherNamespace() {
    mutating(
        "move",
        "configmaps",
        """
        reinvocationPolicy: Never
        mutations:
        - {patchType: JSONPatch, jsonPatch: {expression: "[JSONPatch{op: 'replace', path: '/metadata/namespace', value: 'other'}]"}}
        """);
    Awaitility.await()
        .until(
            () -> server.create(CONFIG_MAPS + "?dryRun=All", configMap("a", "")).status() != 201);
    Response refused = server.create(CONFIG_MAPS, configMap("a", ""));
    assertThat(refused.status()).as(refused.text()).isEqualTo(400);
    assertThat(message(refused)).contains("does not match the namespace sent on the request");
  }

  @Test
  void whatIsTheServersOwnIsNotChanged() {
    mutating(
        "forge",
        "configmaps",
        """
        reinvocationPolicy: Never
        mutations:
        - patchType: JSONPatch
          jsonPatch:
            expression: >-
              [JSONPatch{op: 'replace', path: '/metadata/uid', value: 'forged'},
               JSONPatch{op: 'add', path: '/metadata/deletionTimestamp', value: '2020-01-01T00:00:00Z'},
               JSONPatch{op: 'add', path: '/data', value: {'seen': 'yes'}}]
        """);
    Map<String, Object> made = mutated(CONFIG_MAPS, configMap("a", ""), "data", "seen");
    assertThat(Trees.map(made, "metadata")).doesNotContainKey("deletionTimestamp");
    assertThat(Trees.string(made, "metadata", "uid")).isNotEqualTo("forged");
  }

  @Test
  void mistakesAreRefusedWhenAPolicyIsMade() {
    Response broken =
        server.create(
            MUTATING,
            PolicyServer.policy(
                "MutatingAdmissionPolicy",
                "broken",
                "pods",
                """
                mutations:
                - {patchType: JSONPatch, jsonPatch: {expression: "'x'"}}
                - {patchType: ApplyConfiguration, applyConfiguration: {expression: "foo"}}
                - {patchType: JSONPatch}
                - {patchType: JSONPatch, jsonPatch: {expression: "[JSONPatch{oops: 1}]"}}
                """));
    assertThat(message(broken))
        .contains(
            "spec.reinvocationPolicy: Required value",
            "spec.mutations[0].jsonPatch.expression: Invalid value: \"'x'\": must evaluate to list(JSONPatch)",
            "undeclared reference to 'foo'",
            "spec.mutations[2].jsonPatch: Required value",
            "undefined field 'oops'");
  }
}
