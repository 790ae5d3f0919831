package io.kubra.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kubra.api.apply.FieldManagement;
import io.kubra.api.json.Json;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.patch.JsonPatch;
import io.kubra.api.patch.MergePatch;
import io.kubra.api.patch.StrategicMergePatch;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.Schema;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Patches of all kinds on a Deployment, which none of them may change in place. */
class PatchFuzzTest {
  private static final Schema SCHEMA =
      Objects.requireNonNull(
          Catalogue.builtin().typeOf(new GroupVersionKind("apps", "v1", "Deployment")));
  private static final byte[] DEPLOYMENT =
      """
      {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web",
        "labels": {"app": "web"}, "finalizers": ["a/b"]}, "spec": {"replicas": 2,
        "selector": {"matchLabels": {"app": "web"}}, "template": {
          "metadata": {"labels": {"app": "web"}}, "spec": {"containers": [
            {"name": "one", "image": "i", "ports": [{"containerPort": 80, "protocol": "TCP"}],
             "env": [{"name": "A", "value": "1"}]}, {"name": "two", "image": "j"}]}}}}
      """
          .getBytes(StandardCharsets.UTF_8);

  private interface Patching {
    void apply(Map<String, Object> deployment);
  }

  @FuzzTest(maxDuration = "60s")
  void jsonPatch(byte[] text) {
    if (JsonFuzzTest.parsed(text) instanceof List<?> operations) {
      attempt(deployment -> JsonPatch.apply(deployment, operations));
    }
  }

  @FuzzTest(maxDuration = "60s")
  void mergePatch(byte[] text) {
    Map<String, Object> patch = Trees.map(JsonFuzzTest.parsed(text));
    if (patch != null) {
      attempt(deployment -> MergePatch.apply(deployment, patch));
    }
  }

  @FuzzTest(maxDuration = "60s")
  void strategicMergePatch(byte[] text) {
    Map<String, Object> patch = Trees.map(JsonFuzzTest.parsed(text));
    if (patch != null) {
      attempt(deployment -> StrategicMergePatch.apply(deployment, patch, SCHEMA));
    }
  }

  @FuzzTest(maxDuration = "60s")
  void serverSideApply(byte[] text) {
    Map<String, Object> applied = Trees.map(JsonFuzzTest.parsed(text));
    if (applied != null) {
      attempt(
          deployment ->
              FieldManagement.apply(
                  SCHEMA,
                  deployment,
                  applied,
                  "fuzz",
                  false,
                  "apps/v1",
                  null,
                  Instant.EPOCH,
                  Set.of()));
    }
  }

  private static void attempt(Patching patching) {
    Map<String, Object> deployment = Json.parseObject(DEPLOYMENT);
    try {
      patching.apply(deployment);
    } catch (ApiException refused) {
      assertThat(refused.code()).isBetween(400, 500);
    }
    assertThat(deployment).isEqualTo(Json.parseObject(DEPLOYMENT));
  }
}
