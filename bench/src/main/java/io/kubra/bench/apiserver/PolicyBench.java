package io.kubra.bench.apiserver;

import io.kubra.api.json.Json;
import io.kubra.api.json.Yaml;
import io.kubra.apiserver.admission.policy.AdmissionPolicies;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.metrics.MetricRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What admission policies add to a write: pods created one after the other in an API server in
 * memory, alternately without policies and with one mutating and one validating policy in force.
 * Prints the median and the 99th percentile of both, and the difference.
 *
 * <p>Arguments: rounds, creations in each round.
 */
public final class PolicyBench {
  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String GROUP = "/apis/admissionregistration.k8s.io/v1/";

  private static final String MUTATING =
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: MutatingAdmissionPolicy
      metadata: {name: team}
      spec:
        matchConstraints:
          resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
        reinvocationPolicy: Never
        matchConditions: [{name: unset, expression: "!has(object.metadata.labels) || !('team' in object.metadata.labels)"}]
        mutations:
        - patchType: ApplyConfiguration
          applyConfiguration:
            expression: >
              Object{metadata: Object.metadata{labels: {"team": request.namespace}}}
      """;

  private static final String VALIDATING =
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: pods}
      spec:
        matchConstraints:
          resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods]}]
        variables:
        - {name: containers, expression: object.spec.containers}
        validations:
        - expression: variables.containers.all(c, c.image.startsWith('registry.example.com/'))
          messageExpression: "'images of ' + object.metadata.name"
        - expression: "!has(object.spec.hostNetwork) || object.spec.hostNetwork == false"
        - expression: variables.containers.all(c, has(c.resources) && has(c.resources.limits) && 'memory' in c.resources.limits)
      """;

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: NAME, labels: {app: web}}
      spec:
        containers:
        - {name: web, image: registry.example.com/web:1, resources: {limits: {memory: 64Mi}, requests: {cpu: 10m}}, ports: [{containerPort: 80}], env: [{name: A, value: b}]}
        - {name: side, image: registry.example.com/side:1, resources: {limits: {memory: 64Mi}}}
      """;

  private PolicyBench() {}

  /** Runs it. */
  public static void main(String[] args) {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 6;
    int count = args.length > 1 ? Integer.parseInt(args[1]) : 5000;
    try (TestingApiServer plain = server();
        TestingApiServer guarded = server()) {
      create(guarded, GROUP + "mutatingadmissionpolicies", MUTATING);
      create(guarded, GROUP + "validatingadmissionpolicies", VALIDATING);
      create(
          guarded,
          GROUP + "mutatingadmissionpolicybindings",
          "{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingAdmissionPolicyBinding, metadata: {name: team}, spec: {policyName: team}}");
      create(
          guarded,
          GROUP + "validatingadmissionpolicybindings",
          "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, metadata: {name: pods}, spec: {policyName: pods, validationActions: [Deny]}}");
      for (int round = 1; round <= rounds; round++) {
        long[] without = round(plain, round, count);
        long[] with = round(guarded, round, count);
        System.out.printf(
            "round %d: without policies median %.1f us, p99 %.1f us; with %.1f us, %.1f us; added %.1f us (mean %.1f us)%n",
            round,
            without[count / 2] / 1e3,
            without[count * 99 / 100] / 1e3,
            with[count / 2] / 1e3,
            with[count * 99 / 100] / 1e3,
            (with[count / 2] - without[count / 2]) / 1e3,
            (mean(with) - mean(without)) / 1e3);
      }
    }
  }

  private static TestingApiServer server() {
    return TestingApiServer.start(
        b ->
            b.admission(
                objects -> {
                  AdmissionPolicies policies =
                      new AdmissionPolicies(objects, Authorizer.ALLOW_ALL, new MetricRegistry());
                  return List.of(policies.mutating(), policies.validating());
                }));
  }

  private static long[] round(TestingApiServer server, int round, int count) {
    List<byte[]> bodies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      bodies.add(json(POD.replace("NAME", "p" + round + "-" + i)));
    }
    long[] times = new long[count];
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      TestingApiServer.Response made = server.send("POST", PODS, "application/json", bodies.get(i));
      times[i] = System.nanoTime() - start;
      if (made.status() != 201) {
        throw new IllegalStateException(made.text());
      }
    }
    Arrays.sort(times);
    return times;
  }

  private static double mean(long[] times) {
    return Arrays.stream(times).average().orElse(0);
  }

  private static void create(TestingApiServer server, String path, String yaml) {
    TestingApiServer.Response made = server.send("POST", path, "application/json", json(yaml));
    if (made.status() != 201) {
      throw new IllegalStateException(made.text());
    }
  }

  private static byte[] json(String yaml) {
    return Json.write(Yaml.parse(yaml.getBytes(StandardCharsets.UTF_8)));
  }
}
