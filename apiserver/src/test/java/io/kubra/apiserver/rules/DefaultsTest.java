package io.kubra.apiserver.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.schema.SchemaWalk;
import io.kubra.api.tree.Trees;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DefaultsTest {
  private static final String TEMPLATE =
      "selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}},"
          + " spec: {containers: [{name: c, image: i}]}}";

  static Stream<Named<Map<String, Object>>> samples() {
    return Objects.samples().stream()
        .map(o -> Named.of(o.get("kind") + " " + Trees.string(o, "metadata", "name"), o));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void defaultsAreFieldsOfTheKindAndStayTheSame(Map<String, Object> object) {
    Map<String, Object> once = Trees.deepCopy(Objects.defaulted(object));
    assertThat(SchemaWalk.unknownFields(Objects.resource(object).schema(), once, false)).isEmpty();
    assertThat(Objects.defaulted(object)).isEqualTo(once);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void whatIsGoodIsAcceptedAndMayBeWrittenAgain(Map<String, Object> object) {
    assertThat(Objects.problems(object)).isEmpty();
    assertThat(Objects.problemsOfUpdate(object, Trees.deepCopy(object))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "busybox, Always",
    "busybox:latest, Always",
    "busybox:1.36, IfNotPresent",
    "localhost:5000/a, Always",
    "localhost:5000/a:2, IfNotPresent",
    "a@sha256:0123, IfNotPresent",
    "a:latest@sha256:0123, IfNotPresent"
  })
  void theTagDecidesWhenAnImageIsPulled(String image, String policy) {
    Map<String, Object> pod =
        Objects.defaulted(Objects.pod("containers: [{name: c, image: '" + image + "'}]"));
    assertThat(Trees.maps(pod, "spec", "containers").getFirst())
        .containsEntry("imagePullPolicy", policy);
  }

  @Test
  void aPodRequestsWhatItIsLimitedTo() {
    Map<String, Object> pod =
        Objects.defaulted(
            Objects.pod(
                "containers: [{name: c, image: i, resources: {limits: {cpu: 1, memory: 1Gi},"
                    + " requests: {cpu: 100m}}}]"));
    Object requests =
        Trees.get(Trees.maps(pod, "spec", "containers").getFirst(), "resources", "requests");
    assertThat(requests).isEqualTo(Map.of("cpu", "100m", "memory", "1Gi"));
  }

  @Test
  void templatesRequestOnlyWhatTheySay() {
    Map<String, Object> deployment =
        Objects.defaulted(
            Objects.of(
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {"
                    + TEMPLATE.replace("image: i", "image: i, resources: {limits: {cpu: 1}}")
                    + "}}"));
    Map<String, Object> container =
        Trees.maps(deployment, "spec", "template", "spec", "containers").getFirst();
    assertThat(Trees.get(container, "resources", "requests")).isNull();
    assertThat(Trees.get(deployment, "spec", "template", "spec", "enableServiceLinks")).isNull();
  }

  @Test
  void deploymentsRollOverByAQuarter() {
    Map<String, Object> spec =
        Trees.map(
            Objects.defaulted(
                Objects.of(
                    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {"
                        + TEMPLATE
                        + "}}")),
            "spec");
    assertThat(spec)
        .containsEntry("replicas", 1L)
        .containsEntry("revisionHistoryLimit", 10L)
        .containsEntry("progressDeadlineSeconds", 600L)
        .containsEntry(
            "strategy",
            Map.of(
                "type",
                "RollingUpdate",
                "rollingUpdate",
                Map.of("maxSurge", "25%", "maxUnavailable", "25%")));
  }

  @Test
  void secretsTakePlainTextIn() {
    Map<String, Object> secret =
        Objects.defaulted(
            Objects.of(
                "{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {a: eA==, b: eQ==},"
                    + " stringData: {a: new}}"));
    assertThat(secret).containsEntry("type", "Opaque").doesNotContainKey("stringData");
    assertThat(secret.get("data")).isEqualTo(Map.of("a", "bmV3", "b", "eQ=="));
  }

  @Test
  void theOldNameOfTheServiceAccountIsKept() {
    Map<String, Object> pod =
        Objects.defaulted(Objects.pod("serviceAccount: robot, containers: []"));
    assertThat(Trees.map(pod, "spec"))
        .containsEntry("serviceAccountName", "robot")
        .containsEntry("serviceAccount", "robot");
  }

  @Test
  void everyKindThatIsStoredHasAListOfSelectableFieldsThatItFills() {
    for (Map<String, Object> object : Objects.samples()) {
      KindRules rules = Objects.rules(object);
      assertThat(rules.selectableFields(object).keySet())
          .as(String.valueOf(object.get("kind")))
          .containsExactlyInAnyOrderElementsOf(List.copyOf(rules.selectableFieldNames()));
    }
  }
}
