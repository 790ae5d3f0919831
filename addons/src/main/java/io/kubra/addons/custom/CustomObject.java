package io.kubra.addons.custom;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.model.Codec;
import io.kubra.model.KubernetesObject;
import io.kubra.model.ResourceType;
import io.kubra.model.meta.v1.ObjectMeta;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/**
 * An object of a custom resource.
 *
 * @param metadata its metadata
 * @param tree all of it, metadata included; not to be changed
 */
public record CustomObject(ObjectMeta metadata, Map<String, Object> tree)
    implements KubernetesObject {

  /** An object from its tree. */
  public static CustomObject of(Map<String, Object> tree) {
    Map<String, Object> metadata = Trees.map(tree, "metadata");
    return new CustomObject(
        metadata == null ? ObjectMeta.empty() : Codec.read(Json.write(metadata), ObjectMeta::read),
        tree);
  }

  /** A namespaced resource whose objects are read this way. */
  public static ResourceType<CustomObject> type(
      String group, String version, String plural, String kind) {
    return new ResourceType<>(
        group, version, plural, kind, true, CustomObject.class, CustomObject::read);
  }

  @SuppressWarnings("unchecked")
  private static CustomObject read(JsonParser p) {
    Codec.startObject(p);
    return of((Map<String, Object>) Codec.tree(p));
  }

  @Override
  public String apiVersion() {
    return Trees.stringOr(tree, "", "apiVersion");
  }

  @Override
  public String kind() {
    return Trees.stringOr(tree, "", "kind");
  }

  @Override
  public CustomObject withMetadata(ObjectMeta other) {
    Map<String, Object> changed = new LinkedHashMap<>(tree);
    changed.put("metadata", Json.parse(other.toJson()));
    return of(changed);
  }

  @Override
  public void write(JsonGenerator g) {
    Codec.tree(g, tree);
  }
}
