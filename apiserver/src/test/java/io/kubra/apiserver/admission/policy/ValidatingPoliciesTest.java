package io.kubra.apiserver.admission.policy;

import static io.kubra.apiserver.admission.policy.PolicyServer.BINDINGS;
import static io.kubra.apiserver.admission.policy.PolicyServer.CONFIG_MAPS;
import static io.kubra.apiserver.admission.policy.PolicyServer.POLICIES;
import static io.kubra.apiserver.admission.policy.PolicyServer.configMap;
import static io.kubra.apiserver.admission.policy.PolicyServer.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.meta.GroupVersionResource;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.testing.TestingApiServer.Response;
import io.kubra.metrics.MetricRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ValidatingPoliciesTest {
  private PolicyServer server;

  @BeforeEach
  void start() {
    server = new PolicyServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void whatAPolicySpeaksAgainstIsRefused() {
    server.validating(
        "big",
        """
        validations:
        - expression: "!has(object.data) || object.data.size() < 2"
        - {expression: "object.metadata.name != 'x'", message: not x, reason: Forbidden}
        - {expression: "object.metadata.name != 'z'", messageExpression: "'not ' + object.metadata.name"}
        """,
        "Deny");
    Response refused = server.await(CONFIG_MAPS, configMap("a", "data: {a: a, b: b}"), 422);
    String said =
        "ValidatingAdmissionPolicy 'big' with binding 'big-binding' denied request: failed"
            + " expression: !has(object.data) || object.data.size() < 2";
    assertThat(message(refused)).isEqualTo("configmaps \"a\" is forbidden: " + said);
    assertThat(refused.tree()).containsEntry("reason", "Invalid").containsEntry("code", 422L);
    assertThat(Trees.maps(refused.tree(), "details", "causes"))
        .containsExactly(Map.of("message", said));
    Response forbidden = server.create(CONFIG_MAPS, configMap("x", ""));
    assertThat(forbidden.status()).isEqualTo(403);
    assertThat(message(forbidden)).endsWith("denied request: not x");
    assertThat(message(server.create(CONFIG_MAPS, configMap("z", ""))))
        .endsWith("denied request: not z");
    assertThat(server.create(CONFIG_MAPS, configMap("b", "data: {a: a}")).status()).isEqualTo(201);
    assertThat(server.metrics())
        .contains(
            "apiserver_validating_admission_policy_check_total{policy=\"big\",policy_binding=\"big-binding\",error_type=\"no_error\",enforcement_action=\"deny\"}");
  }

  @Test
  void anUpdateThatChangesNothingIsJudgedToo() {
    server.made(CONFIG_MAPS, configMap("same", "data: {a: a}"));
    server.validating("none", "validations: [{expression: 'false', message: never}]", "Deny");
    server.await(CONFIG_MAPS, configMap("other", ""), 422);

    Response refused = server.send("PUT", CONFIG_MAPS + "/same", configMap("same", "data: {a: a}"));

    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
  }

  @Test
  void expressionsSeeTheRequestTheNamespaceAndTheObjectBefore() {
    server.validating(
        "all",
        """
        variables:
        - {name: old, expression: "oldObject == null ? 0 : int(oldObject.data.num)"}
        - {name: sum, expression: "variables.old + int(object.data.num)"}
        validations:
        - expression: request.operation != 'DELETE' || oldObject != null
        - expression: "object == null || variables.sum < 10"
          messageExpression: "'sum %d by %s in %s'.format([variables.sum, request.userInfo.username, namespaceObject.metadata.name])"
        - expression: request.resource.resource == 'configmaps' && request.requestKind.kind == 'ConfigMap' && request.name != 'generated'
        - expression: "'system:masters' in request.userInfo.groups && !request.dryRun || request.dryRun"
        - expression: authorizer.group('').resource('pods').namespace('default').check('get').allowed()
        - expression: "!authorizer.requestResource.check('delete').allowed()"
        """,
        "Deny");
    Response refused = server.await(CONFIG_MAPS, configMap("a", "data: {num: '12'}"), 422);
    assertThat(message(refused)).endsWith("denied request: sum 12 by kubernetes-admin in default");
    server.made(CONFIG_MAPS, configMap("a", "data: {num: '5'}"));
    Response update = server.send("PUT", CONFIG_MAPS + "/a", configMap("a", "data: {num: '6'}"));
    assertThat(message(update)).contains("sum 11 by");
    assertThat(server.send("PUT", CONFIG_MAPS + "/a", configMap("a", "data: {num: '4'}")).status())
        .isEqualTo(200);
    assertThat(server.send("DELETE", CONFIG_MAPS + "/a", "").status()).isEqualTo(200);
  }

  @Test
  void failuresRefuseUnlessTheyAreIgnored() {
    String validation = "validations: [{expression: object.data.missing == 'x'}]\n";
    server.validating("strict", validation, "Deny");
    Response refused = server.await(CONFIG_MAPS, configMap("a", "data: {a: a}"), 422);
    assertThat(message(refused))
        .endsWith(
            "denied request: expression 'object.data.missing == 'x'' resulted in error: no such key: missing");
    assertThat(server.send("DELETE", POLICIES + "/strict", "").status()).isEqualTo(200);
    server.validating("lax", validation + "failurePolicy: Ignore\n", "Deny");
    server.await(CONFIG_MAPS, configMap("a", "data: {a: a}"), 201);
    server.await(CONFIG_MAPS, configMap("a", "data: {missing: a}"), 422);
  }

  @Test
  void warningsAndNotesLetRequestsPass() {
    server.validating(
        "warn", "validations: [{expression: 'false', message: think again}]", "Warn, Audit");
    PolicyServer.tree("{}");
    org.awaitility.Awaitility.await()
        .until(
            () ->
                server
                    .create(CONFIG_MAPS + "?dryRun=All", configMap("a", ""))
                    .headers()
                    .contains("Warning"));
    Response passed = server.create(CONFIG_MAPS, configMap("a", ""));
    assertThat(passed.status()).isEqualTo(201);
    assertThat(passed.headers().get("Warning"))
        .isEqualTo(
            "299 - \"Validation failed for ValidatingAdmissionPolicy 'warn' with binding 'warn-binding': think again\"");
  }

  @Test
  void notesGoIntoTheAuditLog() {
    server.validating(
        "noted",
        """
        auditAnnotations:
        - {key: size, valueExpression: "'data of %d'.format([object.data.size()])"}
        - {key: nothing, valueExpression: "object.data.size() > 5 ? 'big' : ''"}
        validations: [{expression: "object.data.size() < 1", message: too big}]
        """,
        "Audit");
    Map<String, String> notes = new java.util.HashMap<>();
    AdmissionContext context =
        AdmissionContext.builder(
                Operation.CREATE,
                java.util.Objects.requireNonNull(
                    Catalogue.builtin().resource(new GroupVersionResource("", "v1", "configmaps"))),
                UserInfo.of("u"))
            .target("default", "a")
            .object(PolicyServer.tree(configMap("a", "data: {a: a}")))
            .annotations((key, value, from) -> notes.put(key, value))
            .build();
    new AdmissionPolicies(server.api().objects(), Authorizer.ALLOW_ALL, new MetricRegistry())
        .validating()
        .validate(context);
    assertThat(notes)
        .containsEntry("noted/size", "data of 1")
        .containsEntry(
            "validation.policy.admission.k8s.io/validation_failure",
            "[{\"message\":\"too big\",\"policy\":\"noted\",\"binding\":\"noted-binding\",\"expressionIndex\":0,\"validationActions\":[\"Audit\"]}]")
        .doesNotContainKey("noted/nothing");
  }

  @Test
  void matchConditionsNarrowAPolicy() {
    server.validating(
        "some",
        """
        matchConditions: [{name: named, expression: object.metadata.name.startsWith('some-')}]
        validations: [{expression: 'false'}]
        """,
        "Deny");
    server.await(CONFIG_MAPS, configMap("some-a", ""), 422);
    assertThat(server.create(CONFIG_MAPS, configMap("a", "")).status()).isEqualTo(201);
  }

  @Test
  void parametersAreNamedOrSelected() {
    server.made(CONFIG_MAPS, configMap("limits", "data: {max: '3'}"));
    server.made(
        POLICIES,
        PolicyServer.policy(
            "ValidatingAdmissionPolicy",
            "limited",
            "secrets",
            """
            paramKind: {apiVersion: v1, kind: ConfigMap}
            validations:
            - expression: "params == null || object.metadata.name.size() <= int(params.data.max)"
              messageExpression: "'longer than ' + params.data.max"
            """));
    String binding =
        "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, "
            + "metadata: {name: %s}, spec: {policyName: limited, validationActions: [Deny], paramRef: %s}}";
    server.made(
        BINDINGS, binding.formatted("named", "{name: limits, parameterNotFoundAction: Deny}"));
    String secrets = "/api/v1/namespaces/default/secrets";
    String secret = "{apiVersion: v1, kind: Secret, metadata: {name: %s}}";
    Response refused = server.await(secrets, secret.formatted("long"), 422);
    assertThat(message(refused)).endsWith("denied request: longer than 3");
    assertThat(server.create(secrets, secret.formatted("abc")).status()).isEqualTo(201);
    server.send("DELETE", CONFIG_MAPS + "/limits", "");
    Response missing = server.create(secrets, secret.formatted("d"));
    assertThat(message(missing))
        .endsWith(
            "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction");
    server.send("DELETE", BINDINGS + "/named", "");
    server.made(
        BINDINGS,
        binding.formatted(
            "selected",
            "{selector: {matchLabels: {limits: 'yes'}}, namespace: default, parameterNotFoundAction: Allow}"));
    server.await(secrets, secret.formatted("anything"), 201);
    for (String max : List.of("9", "5")) {
      server.made(
          CONFIG_MAPS,
          "{apiVersion: v1, kind: ConfigMap, metadata: {name: l%s, labels: {limits: 'yes'}}, data: {max: '%s'}}"
              .formatted(max, max));
    }
    assertThat(message(server.create(secrets, secret.formatted("sixsix"))))
        .endsWith("denied request: longer than 5");
  }

  @Test
  void mistakesAreRefusedWhenAPolicyIsMade() {
    Response broken =
        server.create(
            POLICIES,
            PolicyServer.policy(
                "ValidatingAdmissionPolicy",
                "broken",
                "pods",
                """
                matchConditions: [{name: '', expression: x}]
                variables: [{name: a-b, expression: "1"}, {name: ok, expression: "2"}]
                auditAnnotations: [{key: k, valueExpression: "1"}]
                validations:
                - expression: object.spec.replicas
                - expression: "foo == 1"
                - expression: "variables.nope == 1"
                - expression: "variables.ok == 'x'"
                - {expression: "true", messageExpression: "5", message: " "}
                - expression: "params == null"
                - {expression: "request.foo == 1", reason: Nope}
                """));
    assertThat(broken.status()).isEqualTo(422);
    assertThat(message(broken))
        .contains(
            "spec.matchConditions[0].name: Required value",
            "spec.variables[0].name: Invalid value: \"a-b\": name is not a valid CEL identifier",
            "spec.auditAnnotations[0].valueExpression: Invalid value: \"1\": must evaluate to one of",
            "spec.validations[0].expression: Invalid value: \"object.spec.replicas\": must evaluate to bool",
            "spec.validations[1].expression: Invalid value: \"foo == 1\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')\n | foo == 1\n | ^",
            "spec.validations[2].expression: Invalid value: \"variables.nope == 1\": compilation failed: ERROR: <input>:1:10: undefined field 'nope'",
            "found no matching overload for '_==_' applied to '(int, string)'",
            "spec.validations[4].messageExpression: Invalid value: \"5\": must evaluate to string",
            "spec.validations[4].message: Invalid value: \" \": message must be non-empty if specified",
            "undeclared reference to 'params'",
            "undefined field 'foo'",
            "spec.validations[6].reason: Unsupported value: \"Nope\"");
  }

  @Test
  void theStatusSaysWhichFieldsTheKindsDoNotHave() {
    server.made(
        POLICIES,
        PolicyServer.policy(
                "ValidatingAdmissionPolicy",
                "typed",
                "deployments",
                """
                variables: [{name: size, expression: "object.spec.replicas + 1"}]
                validations:
                - expression: object.spec.replicas <= 5 && variables.size > 0
                - expression: object.spec.replica <= 5
                - {expression: object.metadata.namespace == 'x', messageExpression: string(object.kind)}
                """)
            .replace(
                "apiGroups: ['*'], apiVersions: ['*']", "apiGroups: [apps], apiVersions: [v1]"));
    org.awaitility.Awaitility.await()
        .until(
            () ->
                Trees.integer(status("typed"), "observedGeneration") instanceof Long generation
                    && generation == 1);
    assertThat(Trees.maps(status("typed"), "typeChecking", "expressionWarnings"))
        .containsExactly(
            Map.of(
                "fieldRef",
                "spec.validations[1].expression",
                "warning",
                "apps/v1, Kind=Deployment: ERROR: <input>:1:12: undefined field 'replica'\n"
                    + " | object.spec.replica <= 5\n"
                    + " | ...........^"));
  }

  private Map<String, Object> status(String policy) {
    Map<String, Object> status =
        Trees.map(server.send("GET", POLICIES + "/" + policy, "").tree(), "status");
    return status == null ? Map.of() : status;
  }

  @Test
  void whoMayNotReadParametersMakesNoPolicyOfThem() {
    String policy =
        PolicyServer.policy(
            "ValidatingAdmissionPolicy",
            "peek",
            "pods",
            """
            paramKind: {apiVersion: v1, kind: Secret}
            validations: [{expression: "false", messageExpression: string(params.data.password)}]
            """);
    String binding =
        "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, metadata: {name: peek}, spec: {policyName: peek, validationActions: [Deny], paramRef: {name: s, namespace: kube-system, parameterNotFoundAction: Allow}}}";
    Response refused = server.createAs("eve", POLICIES, policy);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(message(refused))
        .endsWith(
            "user eve must have \"get\" permission on all objects of the referenced paramKind (kind=Secret, apiVersion=v1)");
    server.made(POLICIES, policy);
    assertThat(message(server.createAs("eve", BINDINGS, binding)))
        .endsWith("user eve does not have \"get\" permission on the object referenced by paramRef");
    server.made(BINDINGS, binding);
  }

  @Test
  void policiesNeverSeePolicies() {
    server.made(
        POLICIES,
        PolicyServer.policy(
            "ValidatingAdmissionPolicy", "nothing", "'*'", "validations: [{expression: 'false'}]"));
    server.made(
        BINDINGS,
        "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, metadata: {name: nothing}, spec: {policyName: nothing, validationActions: [Deny]}}");
    server.await(CONFIG_MAPS, configMap("a", ""), 422);
    assertThat(server.send("DELETE", BINDINGS + "/nothing", "").status()).isEqualTo(200);
    server.await(CONFIG_MAPS, configMap("a", ""), 201);
  }
}
