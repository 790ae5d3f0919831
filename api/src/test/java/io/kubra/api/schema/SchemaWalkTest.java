package io.kubra.api.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.api.json.Json;
import io.kubra.api.meta.GroupVersionKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaWalkTest {
  private static final Schema POD = Catalogue.builtin().type("io.k8s.api.core.v1.Pod");
  private static final Schema DEPLOYMENT =
      Catalogue.builtin().type("io.k8s.api.apps.v1.Deployment");

  private static Map<String, Object> json(String text) {
    return Json.parseObject(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(Schema schema, String text) {
    Map<String, Object> tree = json(text);
    assertThat(SchemaWalk.decode(schema, tree)).isEmpty();
    return Json.toString(tree);
  }

  @Test
  void unknownFieldsAreReportedAndDropped() {
    Map<String, Object> pod =
        json("{\"foo\":1,\"spec\":{\"containers\":[{\"name\":\"a\",\"bar\":{}}],\"x\":null}}");
    assertThat(SchemaWalk.decode(POD, pod))
        .containsExactly(
            "unknown field \"foo\"",
            "unknown field \"spec.containers[0].bar\"",
            "unknown field \"spec.x\"");
    assertThat(Json.toString(pod)).isEqualTo("{\"spec\":{\"containers\":[{\"name\":\"a\"}]}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"spec\":{\"replicas\":\"x\"}}|json: cannot unmarshal string into Go struct field"
            + " DeploymentSpec.spec.replicas of type int32",
        "{\"spec\":{\"replicas\":1.5}}|json: cannot unmarshal number 1.5 into Go struct field"
            + " DeploymentSpec.spec.replicas of type int32",
        "{\"spec\":{\"replicas\":3000000000}}|json: cannot unmarshal number 3000000000 into Go"
            + " struct field DeploymentSpec.spec.replicas of type int32",
        "{\"metadata\":{\"labels\":{\"a\":1}}}|json: cannot unmarshal number into Go struct field"
            + " ObjectMeta.metadata.labels of type string",
        "{\"metadata\":{\"labels\":[]}}|json: cannot unmarshal array into Go struct field"
            + " ObjectMeta.metadata.labels of type map[string]string",
        "{\"spec\":{\"template\":{\"spec\":{\"containers\":{}}}}}|json: cannot unmarshal object into"
            + " Go struct field PodSpec.spec.template.spec.containers of type []v1.Container",
        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"ports\":[{\"containerPort\":\"x\"}]}]}}}}"
            + "|json: cannot unmarshal string into Go struct field"
            + " ContainerPort.spec.template.spec.containers.ports.containerPort of type int32",
        "{\"spec\":[]}|json: cannot unmarshal array into Go struct field Deployment.spec of type"
            + " v1.DeploymentSpec",
        "{\"spec\":{\"paused\":\"yes\"}}|json: cannot unmarshal string into Go struct field"
            + " DeploymentSpec.spec.paused of type bool",
        "{\"metadata\":{\"creationTimestamp\":\"soon\"}}|parsing time \"soon\" as"
            + " \"2006-01-02T15:04:05Z07:00\": cannot parse \"soon\" as \"2006\"",
        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"resources\":{\"limits\":{\"cpu\":\"x\"}}}]}}}}"
            + "|quantities must match the regular expression"
            + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      })
  void wrongTypesAreRefusedInTheReferencesWords(String text, String message) {
    assertThatThrownBy(() -> SchemaWalk.decode(DEPLOYMENT, json(text)))
        .isInstanceOf(DecodeException.class)
        .hasMessage(message);
  }

  @Test
  void theAnswerNamesTheKind() {
    assertThat(
            SchemaWalk.strictError(
                    new GroupVersionKind("apps", "v1", "Deployment"),
                    List.of("unknown field \"spec.a\"", "duplicate field \"spec.b\""))
                .message())
        .isEqualTo(
            "Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error:"
                + " unknown field \"spec.a\", duplicate field \"spec.b\"");
  }

  @Test
  void nullsAndEmptyOptionalCollectionsAreAsAbsent() {
    assertThat(
            decoded(
                POD,
                "{\"metadata\":{\"name\":\"a\",\"namespace\":\"\",\"labels\":{},\"creationTimestamp\":null},"
                    + "\"spec\":{\"containers\":[],\"volumes\":[{\"name\":\"v\",\"emptyDir\":{}}],"
                    + "\"nodeSelector\":{},\"tolerations\":[]},\"status\":null}"))
        .isEqualTo(
            "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"containers\":[],\"volumes\":[{\"name\":\"v\",\"emptyDir\":{}}]}}");
  }

  @Test
  void quantitiesAndTimesBecomeCanonical() {
    assertThat(
            decoded(
                POD,
                "{\"metadata\":{\"creationTimestamp\":\"2026-01-02T03:04:05.678+02:00\"},"
                    + "\"spec\":{\"containers\":[{\"resources\":{\"limits\":{\"cpu\":0.5,\"memory\":\"1024Mi\","
                    + "\"x\":\"1000\"}}}]}}"))
        .isEqualTo(
            "{\"metadata\":{\"creationTimestamp\":\"2026-01-02T01:04:05Z\"},"
                + "\"spec\":{\"containers\":[{\"resources\":{\"limits\":{\"cpu\":\"500m\",\"memory\":\"1Gi\",\"x\":\"1k\"}}}]}}");
  }

  @Test
  void microTimesKeepSixDigits() {
    Schema lease = Catalogue.builtin().type("io.k8s.api.coordination.v1.Lease");
    assertThat(decoded(lease, "{\"spec\":{\"renewTime\":\"2026-01-02T03:04:05.5Z\"}}"))
        .isEqualTo("{\"spec\":{\"renewTime\":\"2026-01-02T03:04:05.500000Z\"}}");
  }

  @Test
  void bytesMustBeBase64() {
    Schema secret = Catalogue.builtin().type("io.k8s.api.core.v1.Secret");
    assertThat(decoded(secret, "{\"data\":{\"a\":\"aGk=\",\"b\":null}}"))
        .isEqualTo("{\"data\":{\"a\":\"aGk=\",\"b\":\"\"}}");
    assertThatThrownBy(() -> SchemaWalk.decode(secret, json("{\"data\":{\"a\":\"a b\"}}")))
        .hasMessage("illegal base64 data at input byte 1");
  }

  @Test
  void anythingGoesInRawFields() {
    Schema revision = Catalogue.builtin().type("io.k8s.api.apps.v1.ControllerRevision");
    assertThat(decoded(revision, "{\"data\":{\"x\":[null,{\"y\":{}}]},\"revision\":1}"))
        .isEqualTo("{\"data\":{\"x\":[null,{\"y\":{}}]},\"revision\":1}");
  }

  @Test
  void unknownFieldsCanBeReportedWithoutAChange() {
    Map<String, Object> pod = json("{\"spec\":{\"x\":1,\"nodeSelector\":null}}");
    assertThat(SchemaWalk.unknownFields(POD, pod, false))
        .containsExactly("unknown field \"spec.x\"");
    assertThat(Json.toString(pod)).isEqualTo("{\"spec\":{\"x\":1,\"nodeSelector\":null}}");
  }
}
