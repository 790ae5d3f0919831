package io.kubra.apiserver.rest;

import static io.kubra.apiserver.rest.ConfigMaps.PATH;
import static io.kubra.apiserver.rest.ConfigMaps.configMap;
import static io.kubra.apiserver.rest.ConfigMaps.create;
import static io.kubra.apiserver.rest.ConfigMaps.tree;
import static io.kubra.apiserver.rest.ConfigMaps.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.apiserver.testing.TestingApiServer.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WriteVerbsTest {
  private static TestingApiServer api;

  @BeforeAll
  static void start() {
    api = TestingApiServer.start();
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aCreatedObjectHasItsMetadataAndCanBeRead() {
    Map<String, Object> created = create(api, "plain", "a");
    assertThat(Trees.string(created, "metadata", "uid")).hasSize(36);
    assertThat(Trees.string(created, "metadata", "creationTimestamp")).endsWith("Z");
    assertThat(Trees.string(created, "metadata", "namespace")).isEqualTo("default");
    assertThat(version(created)).matches("[0-9]+");
    assertThat(Trees.maps(created, "metadata", "managedFields")).hasSize(1);
    assertThat(api.send("GET", PATH + "/plain", null).tree()).isEqualTo(created);
  }

  @Test
  void creatingTwiceIsAlreadyExists() {
    create(api, "twice", "a");
    Response second = api.send("POST", PATH, configMap("twice", "b"));
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.tree())
        .containsEntry("reason", "AlreadyExists")
        .containsEntry("message", "configmaps \"twice\" already exists");
  }

  @Test
  void generatedNamesAreUnique() {
    Map<String, Object> body =
        tree(
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"generateName\":\"gen-\"}}");
    String a = Trees.string(api.send("POST", PATH, body).tree(), "metadata", "name");
    String b = Trees.string(api.send("POST", PATH, body).tree(), "metadata", "name");
    assertThat(a).matches("gen-[a-z0-9]{5}").isNotEqualTo(b);
  }

  @Test
  void aBadNameIsInvalid() {
    Response r = api.send("POST", PATH, configMap("Bad_Name", "a"));
    assertThat(r.status()).isEqualTo(422);
    assertThat(r.text())
        .contains("ConfigMap \\\"Bad_Name\\\" is invalid: metadata.name: Invalid value");
  }

  @Test
  void anotherNamespaceThanInThePathIsRefused() {
    Map<String, Object> body = configMap("elsewhere", "a");
    Trees.set(body, "kube-system", "metadata", "namespace");
    Response r = api.send("POST", PATH, body);
    assertThat(r.status()).isEqualTo(400);
    assertThat(r.tree().get("message"))
        .isEqualTo(
            "the namespace of the provided object does not match the namespace sent on the"
                + " request");
  }

  @Test
  void anUpdateOfAnOldVersionConflicts() {
    Map<String, Object> first = create(api, "conflict", "a");
    Map<String, Object> next = Trees.deepCopy(first);
    Trees.set(next, "b", "data", "k");
    assertThat(api.send("PUT", PATH + "/conflict", next).status()).isEqualTo(200);
    Response late = api.send("PUT", PATH + "/conflict", next);
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.tree().get("message"))
        .isEqualTo(
            "Operation cannot be fulfilled on configmaps \"conflict\": the object has been"
                + " modified; please apply your changes to the latest version and try again");
  }

  @Test
  void anUpdateThatChangesNothingKeepsTheVersion() {
    Map<String, Object> first = create(api, "same", "a");
    Map<String, Object> again = api.send("PUT", PATH + "/same", first).tree();
    assertThat(version(again)).isEqualTo(version(first));
  }

  @Test
  void metadataThatTheServerOwnsCannotBeChanged() {
    Map<String, Object> first = create(api, "owned", "a");
    Map<String, Object> next = Trees.deepCopy(first);
    Trees.set(next, "2001-01-01T00:00:00Z", "metadata", "creationTimestamp");
    Trees.set(next, "x", "data", "k");
    Map<String, Object> updated = api.send("PUT", PATH + "/owned", next).tree();
    assertThat(Trees.get(updated, "metadata", "creationTimestamp"))
        .isEqualTo(Trees.get(first, "metadata", "creationTimestamp"));
    Trees.set(next, "11111111-2222-3333-4444-555555555555", "metadata", "uid");
    Response r = api.send("PUT", PATH + "/owned", next);
    assertThat(r.status()).isEqualTo(409);
    assertThat(r.text()).contains("Precondition failed: UID in precondition");
  }

  @Test
  void allFourPatchesWork() {
    create(api, "patched", "a");
    String path = PATH + "/patched";
    Response json =
        api.send(
            "PATCH",
            path,
            "application/json-patch+json",
            bytes("[{\"op\":\"replace\",\"path\":\"/data/k\",\"value\":\"j\"}]"));
    assertThat(Trees.string(json.tree(), "data", "k")).as(json.text()).isEqualTo("j");
    Response merge =
        api.send(
            "PATCH",
            path,
            "application/merge-patch+json",
            bytes("{\"data\":{\"k\":null,\"m\":\"1\"}}"));
    assertThat(merge.tree().get("data")).as(merge.text()).isEqualTo(Map.of("m", "1"));
    Response strategic =
        api.send(
            "PATCH",
            path,
            "application/strategic-merge-patch+json",
            bytes("{\"data\":{\"s\":\"2\"}}"));
    assertThat(strategic.tree().get("data"))
        .as(strategic.text())
        .isEqualTo(Map.of("m", "1", "s", "2"));
    Response apply =
        api.send(
            "PATCH",
            path + "?fieldManager=me",
            "application/apply-patch+yaml",
            bytes("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: patched}\ndata: {a: '3'}\n"));
    assertThat(apply.status()).as(apply.text()).isEqualTo(200);
    assertThat(apply.tree().get("data")).isEqualTo(Map.of("m", "1", "s", "2", "a", "3"));
  }

  @Test
  void applyingWhatDoesNotExistCreatesIt() {
    Response r =
        api.send(
            "PATCH",
            PATH + "/applied?fieldManager=me",
            "application/apply-patch+yaml",
            bytes("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {a: '3'}\n"));
    assertThat(r.status()).as(r.text()).isEqualTo(201);
    Response again =
        api.send(
            "PATCH",
            PATH + "/applied?fieldManager=me",
            "application/apply-patch+yaml",
            bytes("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {a: '3'}\n"));
    assertThat(again.status()).isEqualTo(200);
    assertThat(version(again.tree())).isEqualTo(version(r.tree()));
  }

  @Test
  void anUnknownPatchTypeIsUnsupported() {
    create(api, "unpatched", "a");
    Response r = api.send("PATCH", PATH + "/unpatched", "text/plain", bytes("{}"));
    assertThat(r.status()).isEqualTo(415);
    assertThat(r.text()).contains("application/apply-patch+yaml");
  }

  @Test
  void aDryRunStoresNothing() {
    Response r = api.send("POST", PATH + "?dryRun=All", configMap("dry", "a"));
    assertThat(r.status()).isEqualTo(201);
    assertThat(version(r.tree())).isEmpty();
    assertThat(api.send("GET", PATH + "/dry", null).status()).isEqualTo(404);
  }

  @Test
  void deletingTellsWhatIsGone() {
    Map<String, Object> created = create(api, "gone", "a");
    Response r = api.send("DELETE", PATH + "/gone", null);
    assertThat(r.status()).isEqualTo(200);
    assertThat(r.tree()).containsEntry("kind", "Status").containsEntry("status", "Success");
    assertThat(Trees.string(r.tree(), "details", "uid"))
        .isEqualTo(Trees.string(created, "metadata", "uid"));
    assertThat(api.send("GET", PATH + "/gone", null).text())
        .contains("configmaps \\\"gone\\\" not found");
  }

  @Test
  void finalizersKeepADeletedObjectUntilTheyAreGone() {
    Map<String, Object> body = configMap("finalized", "a");
    Trees.set(body, List.of("example.com/hold"), "metadata", "finalizers");
    assertThat(api.send("POST", PATH, body).status()).isEqualTo(201);
    Response deleted = api.send("DELETE", PATH + "/finalized", null);
    assertThat(Trees.string(deleted.tree(), "metadata", "deletionTimestamp")).isNotNull();
    Response freed =
        api.send(
            "PATCH",
            PATH + "/finalized",
            "application/merge-patch+json",
            bytes("{\"metadata\":{\"finalizers\":null}}"));
    assertThat(freed.status()).isEqualTo(200);
    assertThat(api.send("GET", PATH + "/finalized", null).status()).isEqualTo(404);
  }

  @Test
  void foregroundDeletionWaitsForTheCollector() {
    create(api, "foreground", "a");
    Response r =
        api.send("DELETE", PATH + "/foreground", tree("{\"propagationPolicy\":\"Foreground\"}"));
    assertThat(r.status()).isEqualTo(202);
    assertThat(Trees.strings(r.tree(), "metadata", "finalizers"))
        .containsExactly("foregroundDeletion");
  }

  @Test
  void preconditionsProtectFromDeletingAnother() {
    create(api, "precondition", "a");
    Response r =
        api.send("DELETE", PATH + "/precondition", tree("{\"preconditions\":{\"uid\":\"other\"}}"));
    assertThat(r.status()).isEqualTo(409);
    assertThat(r.text()).contains("UID in precondition: other");
  }

  @Test
  void aCollectionIsDeletedBySelector() {
    create(api, "c1", "collect");
    create(api, "c2", "collect");
    create(api, "c3", "keep");
    Response r = api.send("DELETE", PATH + "?labelSelector=app%3Dcollect", null);
    assertThat(Trees.maps(r.tree(), "items")).hasSize(2);
    assertThat(api.send("GET", PATH + "/c1", null).status()).isEqualTo(404);
    assertThat(api.send("GET", PATH + "/c3", null).status()).isEqualTo(200);
  }

  @Test
  void malformedBodiesAreBadRequests() {
    Response r = api.send("POST", PATH, "application/json", bytes("{\"kind\": "));
    assertThat(r.status()).isEqualTo(400);
    assertThat(r.tree()).containsEntry("reason", "BadRequest");
    Response wrongKind =
        api.send("POST", PATH, tree("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{}}"));
    assertThat(wrongKind.status()).isEqualTo(400);
    Response tooLarge = api.send("POST", PATH, "application/json", new byte[3 * 1024 * 1024 + 1]);
    assertThat(tooLarge.status()).isEqualTo(413);
    assertThat(tooLarge.tree()).containsEntry("reason", "RequestEntityTooLarge");
    assertThat(api.send("POST", PATH, "text/plain", bytes("x")).status()).isEqualTo(415);
  }

  @Test
  void yamlBodiesAreRead() {
    Response r =
        api.send(
            "POST",
            PATH,
            "application/yaml",
            bytes("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata: {a: b}\n"));
    assertThat(r.status()).as(r.text()).isEqualTo(201);
  }

  @Test
  void unknownFieldsAreWarnedOfOrRefused() {
    Map<String, Object> body = configMap("fields", "a");
    body.put("unknown", 1L);
    Response strict = api.send("POST", PATH + "?fieldValidation=Strict", body);
    assertThat(strict.status()).isEqualTo(400);
    assertThat(strict.text()).contains("strict decoding error: unknown field \\\"unknown\\\"");
    Response warned = api.send("POST", PATH, body);
    assertThat(warned.status()).isEqualTo(201);
    assertThat(warned.headers().all("Warning"))
        .containsExactly("299 - \"unknown field \\\"unknown\\\"\"");
    assertThat(warned.tree()).doesNotContainKey("unknown");
    Map<String, Object> other = configMap("fields2", "a");
    other.put("unknown", 1L);
    Response ignored = api.send("POST", PATH + "?fieldValidation=Ignore", other);
    assertThat(ignored.headers().all("Warning")).isEmpty();
  }

  @Test
  void unknownPathsAreNotFound() {
    assertThat(api.send("GET", "/nonsense", null).status()).isEqualTo(404);
    assertThat(api.send("GET", "/apis/nonsense/v1/things", null).status()).isEqualTo(404);
    assertThat(api.send("GET", "/api/v1/namespaces/default/configmaps/a/nonsense", null).status())
        .isEqualTo(404);
    assertThat(api.send("PUT", PATH, configMap("x", "y")).status()).isEqualTo(405);
  }
}
