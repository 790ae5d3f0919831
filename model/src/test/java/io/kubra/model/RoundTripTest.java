package io.kubra.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.model.core.v1.Pod;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RoundTripTest {
  private static final String POD =
      """
      {"kind":"Pod","apiVersion":"v1","metadata":{"creationTimestamp":"2026-01-02T03:04:05Z",\
      "labels":{"b":"1","a":"2"},"name":"web","namespace":"default","sinceTomorrow":{"x":[1,2.5,true,null]}},\
      "spec":{"containers":[{"image":"i","name":"c","ports":[{"containerPort":80}],\
      "readinessProbe":{"httpGet":{"port":"http"}},"resources":{"limits":{"cpu":"1"}}}],\
      "volumes":[{"emptyDir":{},"name":"v"}]},"status":{}}""";

  @Test
  void anObjectIsWrittenAsItWasReadIncludingFieldsTheModelDoesNotKnow() {
    Pod pod = Codec.read(POD.getBytes(StandardCharsets.UTF_8), Pod::read);

    assertThat(pod.metadata().creationTimestamp()).isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
    assertThat(pod.spec().containers().getFirst().ports().getFirst().containerPort()).isEqualTo(80);
    assertThat(pod.key()).isEqualTo("default/web");
    assertThat(new String(pod.toJson(), StandardCharsets.UTF_8)).isEqualTo(POD);
  }

  @Test
  void aBuilderChangesOnlyWhatItIsToldTo() {
    Pod pod = Codec.read(POD.getBytes(StandardCharsets.UTF_8), Pod::read);

    Pod moved = pod.withSpec(pod.spec().toBuilder().nodeName("n1").build());

    assertThat(moved.spec().nodeName()).isEqualTo("n1");
    assertThat(moved.metadata()).isSameAs(pod.metadata());
    assertThat(pod.spec().nodeName()).isNull();
  }
}
