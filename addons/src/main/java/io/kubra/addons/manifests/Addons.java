package io.kubra.addons.manifests;

import io.kubra.addons.custom.Conditions;
import io.kubra.addons.custom.CustomObject;
import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiClient;
import io.kubra.client.ListOptions;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.model.ResourceType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The records of files in the cluster. */
final class Addons {
  static final ResourceType<CustomObject> TYPE =
      CustomObject.type("addons.kubra.io", "v1", "addons", "Addon");

  /** Where the records are. */
  static final String NAMESPACE = "kube-system";

  private static final String APPLIED = "Applied";
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final int LONGEST_NAME = 200;

  private final ResourceClient<CustomObject> addons;
  private final ManifestsConfig config;
  private final InstantSource clock = InstantSource.system();

  Addons(ApiClient client, ManifestsConfig config) {
    this.addons = client.resource(TYPE);
    this.config = config;
  }

  /** The name of a file's record: the file's own path where that can be a name. */
  static String name(String source) {
    if (source.length() <= LONGEST_NAME && SUBDOMAIN.matcher(source).matches()) {
      return source;
    }
    String plain =
        source.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    plain = plain.substring(0, Math.min(plain.length(), LONGEST_NAME));
    String hash = checksum(source.getBytes(StandardCharsets.UTF_8)).substring(0, 8);
    return plain.isEmpty() ? "x-" + hash : plain.replaceAll("-+$", "") + "-" + hash;
  }

  static String checksum(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The records of this folder on this server. */
  List<CustomObject> ours() {
    return addons.list(NAMESPACE, ListOptions.ALL).items().stream()
        .filter(a -> config.server().equals(Trees.string(a.tree(), "spec", "server")))
        .filter(a -> config.folder().toString().equals(Trees.string(a.tree(), "spec", "folder")))
        .toList();
  }

  static String source(CustomObject addon) {
    return Trees.stringOr(addon.tree(), "", "spec", "source");
  }

  static String checksum(CustomObject addon) {
    return Trees.stringOr(addon.tree(), "", "spec", "checksum");
  }

  /** What was applied, by key. */
  static Map<String, ManifestObject> objects(CustomObject addon) {
    Map<String, ManifestObject> objects = new LinkedHashMap<>();
    for (Map<String, Object> entry : Trees.maps(addon.tree(), "status", "objects")) {
      ManifestObject object = ManifestObject.remembered(entry);
      objects.put(object.key(), object);
    }
    return objects;
  }

  /** Whether the last attempt succeeded. */
  static boolean applied(CustomObject addon) {
    return "True".equals(Conditions.get(addon, APPLIED).get("status"));
  }

  /** Whether the record says this already of the file as it is. */
  static boolean says(CustomObject addon, String reason, String message) {
    Map<String, Object> condition = Conditions.get(addon, APPLIED);
    return reason.equals(condition.get("reason"))
        && message.equals(condition.get("message"))
        && Long.valueOf(Conditions.generation(addon)).equals(condition.get("observedGeneration"));
  }

  /** The record of a file, made or brought up to date. */
  CustomObject record(String source, String checksum) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("source", source);
    spec.put("folder", config.folder().toString());
    spec.put("server", config.server());
    spec.put("checksum", checksum);
    Optional<CustomObject> found = addons.find(NAMESPACE, name(source));
    if (found.isEmpty()) {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("apiVersion", TYPE.apiVersion());
      tree.put("kind", TYPE.kind());
      tree.put("metadata", Map.of("namespace", NAMESPACE, "name", name(source)));
      tree.put("spec", spec);
      return addons.create(CustomObject.of(tree));
    }
    if (Trees.equal(found.get().tree().get("spec"), spec)) {
      return found.get();
    }
    return addons.patch(
        NAMESPACE, name(source), PatchType.MERGE, Json.write(Map.of("spec", spec)), null);
  }

  /** Writes down objects before anything is done with them, so that none is ever forgotten. */
  CustomObject remember(CustomObject addon, Collection<ManifestObject> objects) {
    return status(addon, Map.of("objects", entries(objects)));
  }

  /** Writes down how an attempt ended. */
  CustomObject ended(
      CustomObject addon,
      Collection<ManifestObject> objects,
      boolean success,
      String reason,
      String message) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("objects", entries(objects));
    if (!says(addon, reason, message) || applied(addon) != success) {
      status.put(
          "conditions",
          Conditions.with(
              addon, APPLIED, success ? "True" : "False", reason, message, clock.instant()));
    }
    return status(addon, status);
  }

  private CustomObject status(CustomObject addon, Map<String, Object> fields) {
    boolean same =
        fields.entrySet().stream()
            .allMatch(
                f -> Trees.equal(Trees.get(addon.tree(), "status", f.getKey()), f.getValue()));
    return same
        ? addon
        : addons.patch(
            NAMESPACE,
            addon.metadata().name(),
            PatchType.MERGE,
            Json.write(Map.of("status", fields)),
            "status");
  }

  private static List<Object> entries(Collection<ManifestObject> objects) {
    return List.copyOf(objects.stream().map(ManifestObject::entry).toList());
  }

  /** Removes a record. */
  void remove(CustomObject addon) {
    addons.delete(NAMESPACE, addon.metadata().name());
  }
}
