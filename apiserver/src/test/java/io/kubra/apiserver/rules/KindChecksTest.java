package io.kubra.apiserver.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KindChecksTest {
  private static final String PODS =
      "template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}";

  private static Arguments bad(String apiVersion, String kind, String rest, String... problems) {
    return Arguments.of(
        "{apiVersion: " + apiVersion + ", kind: " + kind + ", metadata: {name: x}, " + rest + "}",
        List.of(problems));
  }

  static Stream<Arguments> problems() {
    return Stream.of(
        bad(
            "apps/v1",
            "Deployment",
            "spec: {}",
            "spec.selector: Required value",
            "spec.template: Required value"),
        bad(
            "apps/v1",
            "Deployment",
            "spec: {replicas: -1, selector: {matchLabels: {a: c}}, " + PODS + "}",
            "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
            "spec.template.metadata.labels: Invalid value: {\"a\":\"b\"}: `selector` does not match"
                + " template `labels`"),
        bad(
            "apps/v1",
            "Deployment",
            "spec: {selector: {}, " + PODS + "}",
            "spec.selector: Invalid value: {}: empty selector is invalid for deployment"),
        bad(
            "apps/v1",
            "Deployment",
            "spec: {selector: {matchLabels: {a: b}}, strategy: {rollingUpdate: {maxSurge: 0,"
                + " maxUnavailable: 0}}, "
                + PODS
                + "}",
            "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when"
                + " `maxSurge` is 0"),
        bad(
            "batch/v1",
            "CronJob",
            "spec: {schedule: '* * * *', jobTemplate: {spec: {"
                + PODS.replace("spec: {", "spec: {restartPolicy: Never, ")
                + "}}}",
            "spec.schedule: Invalid value: \"* * * *\": expected exactly 5 fields, found 4: [* * *"
                + " *]"),
        bad(
            "v1",
            "Service",
            "spec: {ports: [{port: 80}, {port: 81}]}",
            "spec.ports[0].name: Required value",
            "spec.ports[1].name: Required value"),
        bad("v1", "Service", "spec: {}", "spec.ports: Required value"),
        bad(
            "v1",
            "Service",
            "spec: {ports: [{port: 80, nodePort: 30000}]}",
            "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"),
        bad(
            "v1",
            "ConfigMap",
            "data: {'a b': c}",
            "data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric"
                + " characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name',"
                + " regex used for validation is '[-._a-zA-Z0-9]+')"),
        bad(
            "v1",
            "Secret",
            "type: kubernetes.io/tls, data: {tls.crt: YQ==}",
            "data[tls.key]: Required value"),
        bad(
            "v1",
            "PersistentVolumeClaim",
            "spec: {resources: {requests: {storage: 0}}}",
            "spec.accessModes: Required value: at least 1 access mode is required",
            "spec.resources[storage]: Invalid value: 0: must be greater than zero"),
        bad(
            "apiextensions.k8s.io/v1",
            "CustomResourceDefinition",
            "spec: {group: example.com, scope: Cluster, names: {plural: foos, kind: Foo}, versions:"
                + " [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]}",
            "metadata.name: Invalid value: \"x\": must be spec.names.plural+\".\"+spec.group"));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void whatIsWrongIsSaidInTheReferencesWords(String object, List<String> problems) {
    assertThat(Objects.problems(Objects.of(object))).containsExactlyElementsOf(problems);
  }

  private static Map<String, Object> sample(String kind) {
    return Objects.samples().stream()
        .filter(o -> kind.equals(o.get("kind")))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> change(String kind, Object value, String... path) {
    Map<String, Object> next = sample(kind);
    Trees.set(next, value, path);
    return Objects.problemsOfUpdate(next, sample(kind));
  }

  @Test
  void selectorsOfWorkloadsStay() {
    Map<String, Object> selector =
        Map.of("matchExpressions", List.of(Map.of("key", "a", "operator", "Exists")));
    for (String kind : List.of("Deployment", "ReplicaSet", "DaemonSet")) {
      assertThat(change(kind, selector, "spec", "selector"))
          .singleElement()
          .asString()
          .startsWith("spec.selector: Invalid value:")
          .endsWith("field is immutable");
    }
  }

  @Test
  void onlySomeOfAStatefulSetChanges() {
    assertThat(change("StatefulSet", 5L, "spec", "replicas")).isEmpty();
    assertThat(change("StatefulSet", "other", "spec", "serviceName"))
        .singleElement()
        .asString()
        .startsWith(
            "spec: Forbidden: updates to statefulset spec for fields other than 'replicas'");
  }

  @Test
  void secretsKeepTheirType() {
    assertThat(change("Secret", "Opaque", "type"))
        .containsExactly("type: Invalid value: \"Opaque\": field is immutable");
  }

  @Test
  void clusterAddressesAreKept() {
    Map<String, Object> old =
        Objects.of(
            "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: 80}], clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1]}}");
    Map<String, Object> next = Trees.deepCopy(old);
    Trees.set(next, "10.0.0.2", "spec", "clusterIP");
    Trees.set(next, new java.util.ArrayList<>(List.of("10.0.0.2")), "spec", "clusterIPs");
    assertThat(Objects.problemsOfUpdate(next, old))
        .containsExactly(
            "spec.clusterIPs[0]: Invalid value: [\"10.0.0.2\"]: may not change once set");
  }
}
