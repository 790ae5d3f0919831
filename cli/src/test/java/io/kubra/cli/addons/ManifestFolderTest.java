package io.kubra.cli.addons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.addons.custom.Conditions;
import io.kubra.addons.custom.CustomObject;
import io.kubra.addons.manifests.ManifestFolder;
import io.kubra.addons.manifests.ManifestsConfig;
import io.kubra.api.json.Json;
import io.kubra.cli.config.Parts;
import io.kubra.client.ListOptions;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.model.core.v1.ConfigMap;
import io.kubra.model.core.v1.Event;
import io.kubra.model.meta.v1.ManagedFieldsEntry;
import io.kubra.model.meta.v1.ObjectMeta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in the folder is in the cluster, and goes when it leaves the folder. */
class ManifestFolderTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private static Path home;
  private static TestingServer server;
  private static ResourceClient<ConfigMap> maps;
  private static ResourceClient<CustomObject> addons;

  @TempDir private Path folder;
  private ManifestFolder running;

  @BeforeAll
  static void start() throws Exception {
    server = new TestingServer(home, Parts.NONE);
    maps = server.client().resource(ConfigMap.RESOURCE);
    addons =
        server.client().resource(CustomObject.type("addons.kubra.io", "v1", "addons", "Addon"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void run() {
    running = ManifestFolder.start(server.client(), new ManifestsConfig(folder, "server-1"));
  }

  @AfterEach
  void end() {
    running.close();
  }

  private void write(String file, String... objects) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, String.join("\n---\n", objects));
  }

  private static String map(String name, String value) {
    return """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: %s}
    data: {value: %s}
    """
        .formatted(name, value);
  }

  private static void awaitValue(String name, String value) {
    await()
        .atMost(LIMIT)
        .until(
            () -> maps.find("default", name).map(m -> m.data().get("value")).orElse(""),
            value::equals);
  }

  private static void awaitGone(String name) {
    await().atMost(LIMIT).until(() -> maps.find("default", name).isEmpty());
  }

  /** Waits until a file's record has the condition, and returns its message. */
  private static String awaitApplied(String addon, String status) {
    return await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(
            () -> Conditions.get(addons.get("kube-system", addon), "Applied"),
            c -> status.equals(c.get("status")))
        .get("message")
        .toString();
  }

  private static List<String> events(String addon) {
    return server
        .client()
        .resource(Event.RESOURCE)
        .list("kube-system", ListOptions.ALL)
        .items()
        .stream()
        .filter(e -> addon.equals(e.involvedObject().name()))
        .map(e -> e.type() + " " + e.reason())
        .toList();
  }

  @Test
  void filesAreAppliedUnderTheirOwnManagerAndFollowed() throws Exception {
    write("a.yaml", map("a-one", "first"), map("a-two", "first"));
    awaitValue("a-one", "first");
    awaitValue("a-two", "first");
    assertThat(maps.get("default", "a-one").metadata().managedFields())
        .extracting(ManagedFieldsEntry::manager, ManagedFieldsEntry::operation)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("kubra-manifests", "Apply"));
    awaitApplied("a.yaml", "True");

    write("a.yaml", map("a-one", "second"));
    awaitValue("a-one", "second");
    awaitGone("a-two");

    Files.delete(folder.resolve("a.yaml"));
    awaitGone("a-one");
    await().atMost(LIMIT).until(() -> addons.find("kube-system", "a.yaml").isEmpty());
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(events("a.yaml"))
                    .contains("Normal AppliedManifest", "Normal DeletingManifest"));
  }

  @Test
  void aBrokenFileKeepsWhatItHadAndStopsNoOther() throws Exception {
    write(
        "b-good.json",
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":"
            + "{\"name\":\"b-json\"},\"data\":{\"value\":\"x\"}}");
    write("b-bad.yaml", map("b-kept", "x"));
    awaitValue("b-kept", "x");
    write("b-bad.yaml", map("b-kept", "y"), "a: [");
    assertThat(awaitApplied("b-bad.yaml", "False")).startsWith("b-bad.yaml: ").contains("line");
    awaitValue("b-json", "x");
    assertThat(maps.get("default", "b-kept").data()).containsEntry("value", "x");
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(events("b-bad.yaml")).contains("Warning ParseManifestFailed"));

    write("b-bad.yaml", "apiVersion: v9\nkind: Thing\nmetadata: {name: x}", map("b-new", "z"));
    awaitValue("b-new", "z");
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(awaitApplied("b-bad.yaml", "False"))
                    .isEqualTo("no matches for kind \"Thing\" in version \"v9\""));
    assertThat(maps.find("default", "b-kept")).as("kept while a part fails").isPresent();
  }

  private static void foreign(String name) {
    maps.create(
        ConfigMap.builder()
            .metadata(ObjectMeta.builder().namespace("default").name(name).build())
            .data(Map.of("value", "theirs"))
            .build());
  }

  @Test
  void whatBelongsToOthersIsLeftAlone() throws Exception {
    foreign("c-foreign");
    write("c.yaml", map("c-foreign", "ours"), map("c-own", "ours"));
    awaitValue("c-own", "ours");
    assertThat(awaitApplied("c.yaml", "False"))
        .contains("ConfigMap \"default/c-foreign\" is there already and was not made from here");
    assertThat(maps.get("default", "c-foreign").data()).containsEntry("value", "theirs");

    write("c2.yaml", map("c-own", "thief"));
    assertThat(awaitApplied("c2.yaml", "False")).contains("belongs to Addon c.yaml");
    Files.delete(folder.resolve("c2.yaml"));

    // Deleted and made again by somebody else, it is another object.
    maps.delete("default", "c-own");
    foreign("c-own");
    Files.delete(folder.resolve("c.yaml"));
    await().atMost(LIMIT).until(() -> addons.find("kube-system", "c.yaml").isEmpty());
    assertThat(maps.get("default", "c-own").data()).containsEntry("value", "theirs");
    assertThat(maps.get("default", "c-foreign").data()).containsEntry("value", "theirs");
    maps.delete("default", "c-foreign");
  }

  @Test
  void aServerThatStartsAgainKnowsWhatHasLeftTheFolderMeanwhile() throws Exception {
    write("sub/D File.yml", map("d-one", "x"), map("d-two", "x"));
    write("d2.yaml", map("d-three", "x"));
    awaitValue("d-two", "x");
    awaitValue("d-three", "x");
    awaitApplied("d2.yaml", "True");
    running.close();

    write("sub/D File.yml", map("d-one", "x"));
    Files.delete(folder.resolve("d2.yaml"));
    running = ManifestFolder.start(server.client(), new ManifestsConfig(folder, "server-1"));
    awaitGone("d-two");
    awaitGone("d-three");
    assertThat(maps.find("default", "d-one")).isPresent();

    // The folder of another server, empty, is no reason to delete anything.
    running.close();
    Path other = Files.createDirectory(folder.resolve(".other"));
    running = ManifestFolder.start(server.client(), new ManifestsConfig(other, "server-2"));
    Files.writeString(other.resolve("d3.yaml"), map("d-four", "x"));
    awaitValue("d-four", "x");
    assertThat(maps.find("default", "d-one")).isPresent();
  }

  @Test
  void aRenamedFileKeepsItsObjects() throws Exception {
    write("e.yaml", map("e-one", "x"));
    awaitValue("e-one", "x");
    String uid = maps.get("default", "e-one").metadata().uid();
    Files.move(folder.resolve("e.yaml"), folder.resolve("renamed.yaml"));
    awaitApplied("renamed.yaml", "True");
    await().atMost(LIMIT).until(() -> addons.find("kube-system", "e.yaml").isEmpty());
    assertThat(maps.get("default", "e-one").metadata().uid()).isEqualTo(uid);
  }

  @Test
  void definitionsComeBeforeTheirObjectsAndSkippedFilesAreNotRead() throws Exception {
    write("f.yaml.skip", "");
    write("f.yaml", map("f-skipped", "x"));
    write(
        "f2.yaml",
        """
        apiVersion: f.example.com/v1
        kind: Widget
        metadata: {name: w}
        """,
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: widgets.f.example.com}
        spec:
          group: f.example.com
          scope: Namespaced
          names: {plural: widgets, kind: Widget}
          versions:
          - name: v1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object}}
        """);
    assertThat(awaitApplied("f2.yaml", "True")).isEqualTo("2 objects of f2.yaml are applied");
    assertThat(maps.find("default", "f-skipped")).isEmpty();
  }

  @Test
  void aFileThatAnybodyMayWriteIsRefused() throws Exception {
    write("g.yaml", map("g-one", "x"));
    Files.setPosixFilePermissions(
        folder.resolve("g.yaml"), PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(awaitApplied("g.yaml", "False")).contains("may be written by anybody");
    assertThat(maps.find("default", "g-one")).isEmpty();
    Files.setPosixFilePermissions(
        folder.resolve("g.yaml"), PosixFilePermissions.fromString("rw-r--r--"));
    awaitValue("g-one", "x");

    // What somebody changes is put right when the file is written again.
    var unused =
        maps.patch(
            "default",
            "g-one",
            PatchType.MERGE,
            Json.write(Map.of("data", Map.of("value", "changed"))),
            null);
    write("g.yaml", map("g-one", "x") + "# touched\n");
    awaitValue("g-one", "x");
  }

  @Test
  void whatCannotBeRemovedKeepsNothingElse() throws Exception {
    write("r-file.yaml", map("r-map", "x"));
    awaitApplied("r-file.yaml", "True");
    running.close();
    // Sorts before the file, and remembers an object of a kind that nobody can read or delete.
    var unused =
        addons.create(
            CustomObject.of(
                Map.of(
                    "apiVersion",
                    "addons.kubra.io/v1",
                    "kind",
                    "Addon",
                    "metadata",
                    Map.of("namespace", "kube-system", "name", "r-broken"),
                    "spec",
                    Map.of(
                        "source", "r-broken",
                        "checksum", "",
                        "folder", folder.toString(),
                        "server", "server-1"))));
    Map<String, Object> object =
        Map.of("apiVersion", "authentication.k8s.io/v1", "kind", "TokenReview", "name", "r");
    unused =
        addons.patch(
            "kube-system",
            "r-broken",
            PatchType.MERGE,
            Json.write(Map.of("status", Map.of("objects", List.of(object)))),
            "status");

    Files.delete(folder.resolve("r-file.yaml"));
    running = ManifestFolder.start(server.client(), new ManifestsConfig(folder, "server-1"));
    awaitGone("r-map");
    assertThat(addons.find("kube-system", "r-broken")).isPresent();
    addons.delete("kube-system", "r-broken");
  }
}
