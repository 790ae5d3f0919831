package io.kubra.addons.manifests;

import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the objects of a file: YAML or JSON, several documents, lists. */
final class ManifestReader {
  // What others need comes first; sorting is stable, so all else keeps its order.
  private static final List<String> FIRST = List.of("Namespace", "CustomResourceDefinition");

  private ManifestReader() {}

  /**
   * The objects in the order in which they are applied.
   *
   * @throws ManifestProblem if the text cannot be read or holds something that is no object
   */
  static List<Map<String, Object>> read(byte[] text) {
    List<Map<String, Object>> objects = new ArrayList<>();
    try {
      var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
      for (Object document : Yaml.parseAll(text)) {
        add(document, objects);
      }
    } catch (JsonSyntaxException e) {
      throw new ManifestProblem(e.message());
    } catch (CharacterCodingException e) {
      throw new ManifestProblem("the file is not UTF-8");
    }
    Set<String> seen = new HashSet<>();
    for (Map<String, Object> object : objects) {
      ManifestObject of = ManifestObject.of(object);
      if (!seen.add(of.key())) {
        throw new ManifestProblem(of + " is there twice");
      }
    }
    objects.sort(Comparator.comparingInt(ManifestReader::rank));
    return objects;
  }

  private static int rank(Map<String, Object> object) {
    int rank = FIRST.indexOf(Trees.stringOr(object, "", "kind"));
    return rank < 0 ? FIRST.size() : rank;
  }

  @SuppressWarnings("unchecked")
  private static void add(Object document, List<Map<String, Object>> objects) {
    if (!(document instanceof Map<?, ?>)) {
      throw new ManifestProblem("a document is no object");
    }
    Map<String, Object> object = (Map<String, Object>) document;
    String kind = Trees.stringOr(object, "", "kind");
    if (kind.endsWith("List") && object.get("items") instanceof List<?> items) {
      items.forEach(item -> add(item == null ? "" : item, objects));
      return;
    }
    String apiVersion = Trees.stringOr(object, "", "apiVersion");
    String name = Trees.stringOr(object, "", "metadata", "name");
    if (apiVersion.isEmpty() || kind.isEmpty() || name.isEmpty()) {
      throw new ManifestProblem(
          "object %d lacks %s"
              .formatted(
                  objects.size() + 1,
                  apiVersion.isEmpty() ? "apiVersion" : kind.isEmpty() ? "kind" : "metadata.name"));
    }
    objects.add(object);
  }
}
