package io.kubra.apiserver.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.schema.SchemaWalk;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.autoscaling.AutoscalerConversion;
import io.kubra.apiserver.rules.core.EventConversion;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConversionTest {
  @Test
  void eventsHaveTwoFormsOfTheSame() {
    Map<String, Object> event =
        Objects.of(
            "{apiVersion: events.k8s.io/v1, kind: Event, metadata: {name: e}, regarding: {kind:"
                + " Pod}, note: text, reportingController: c, deprecatedCount: 2}");
    EventConversion conversion = new EventConversion();
    Map<String, Object> stored = conversion.toStorage(Trees.deepCopy(event));
    assertThat(SchemaWalk.unknownFields(Objects.resource(stored).schema(), stored, false))
        .isEmpty();
    assertThat(stored)
        .containsEntry("apiVersion", "v1")
        .containsEntry("message", "text")
        .containsEntry("count", 2L);
    assertThat(conversion.fromStorage(stored)).isEqualTo(event);
  }

  @Test
  void theFirstAutoscalersTargetIsAMetric() {
    Map<String, Object> first =
        Objects.of(
            "{apiVersion: autoscaling/v1, kind: HorizontalPodAutoscaler, metadata: {name: h}, spec:"
                + " {maxReplicas: 3, targetCPUUtilizationPercentage: 70}, status:"
                + " {currentReplicas: 1, desiredReplicas: 1, currentCPUUtilizationPercentage: 12}}");
    AutoscalerConversion conversion = new AutoscalerConversion();
    Map<String, Object> stored = conversion.toStorage(Trees.deepCopy(first));
    assertThat(SchemaWalk.unknownFields(Objects.resource(stored).schema(), stored, false))
        .isEmpty();
    assertThat(Trees.get(Trees.maps(stored, "spec", "metrics").getFirst(), "resource", "target"))
        .isEqualTo(Map.of("type", "Utilization", "averageUtilization", 70L));
    assertThat(
            Trees.integer(conversion.fromStorage(stored), "spec", "targetCPUUtilizationPercentage"))
        .isEqualTo(70);
  }

  @Test
  void metricsThatTheFirstVersionLacksSurviveIt() {
    Map<String, Object> second =
        Objects.of(
            """
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: h}
            spec:
              maxReplicas: 3
              metrics:
              - type: Resource
                resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}
              - type: Resource
                resource: {name: memory, target: {type: AverageValue, averageValue: 1Gi}}
              - type: Pods
                pods: {metric: {name: hits, selector: {matchLabels: {a: b}}}, target: {type: AverageValue, averageValue: "5"}}
              - type: Object
                object: {metric: {name: q}, describedObject: {kind: Queue, name: q}, target: {type: Value, value: "9"}}
              - type: External
                external: {metric: {name: e}, target: {type: AverageValue, averageValue: "1"}}
              behavior: {scaleDown: {selectPolicy: Disabled}}
            """);
    AutoscalerConversion conversion = new AutoscalerConversion();
    Map<String, Object> first = conversion.fromStorage(Trees.deepCopy(second));
    assertThat(SchemaWalk.unknownFields(Objects.resource(first).schema(), first, false)).isEmpty();
    assertThat(Trees.integer(first, "spec", "targetCPUUtilizationPercentage")).isEqualTo(50);
    assertThat(Trees.equal(conversion.toStorage(first), second)).isTrue();
  }
}
