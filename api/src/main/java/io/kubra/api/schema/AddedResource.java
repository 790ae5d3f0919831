package io.kubra.api.schema;

import java.util.Map;
import java.util.function.Supplier;

/**
 * A resource that is added to a catalogue at run time.
 *
 * @param form how its objects are decoded
 * @param openApi its type as an OpenAPI v3 schema without metadata; read only when it is published
 * @param storageVersionHash what discovery says of the version that objects are stored in; empty
 *     for nothing
 * @param priority of the group: those of higher ones come first in discovery
 */
public record AddedResource(
    ResourceInfo info,
    ObjectForm form,
    Supplier<Map<String, Object>> openApi,
    String storageVersionHash,
    int priority) {
  /** The priority of groups of custom resources, as upstream has it. */
  public static final int CUSTOM_PRIORITY = 1000;

  /** A resource of a group with the priority of custom ones. */
  public AddedResource(
      ResourceInfo info,
      ObjectForm form,
      Supplier<Map<String, Object>> openApi,
      String storageVersionHash) {
    this(info, form, openApi, storageVersionHash, CUSTOM_PRIORITY);
  }

  /** The name under which the type is published, such as {@code com.example.v1.CronTab}. */
  public String typeName() {
    return typeName(info);
  }

  /** The name under which the type of lists is published. */
  public String listTypeName() {
    String name = typeName();
    return name.substring(0, name.lastIndexOf('.') + 1) + info.listName();
  }

  /** The name of the type of a resource: its group backwards, version and kind. */
  public static String typeName(ResourceInfo info) {
    return typeName(info.gvr().group(), info.gvr().version(), info.kind().kind());
  }

  /** The name of the type of a kind: its group backwards, version and kind. */
  public static String typeName(String group, String version, String kind) {
    StringBuilder name = new StringBuilder();
    String[] labels = group.split("\\.");
    for (int i = labels.length - 1; i >= 0; i--) {
      name.append(labels[i]).append('.');
    }
    return name.append(version).append('.').append(kind).toString();
  }
}
