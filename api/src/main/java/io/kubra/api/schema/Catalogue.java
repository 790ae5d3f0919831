package io.kubra.api.schema;

import io.kubra.api.meta.GroupVersion;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.meta.GroupVersionResource;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All built-in types and resources. Loading reads only directories; a type's fields are read when
 * first asked for. Safe from any thread.
 */
public final class Catalogue {
  private final Map<String, Schema> types;
  private final Map<GroupVersionKind, Schema> kinds;
  private final List<ResourceInfo> resources;
  private final Map<GroupVersionResource, ResourceInfo> byResource = new HashMap<>();
  private final Map<GroupVersionKind, ResourceInfo> byKind = new HashMap<>();
  private final CatalogueReader reader;

  private static final class Builtin {
    static final Catalogue INSTANCE = new Catalogue(new CatalogueReader(CatalogueData.load()));
  }

  private Catalogue(CatalogueReader reader) {
    this.reader = reader;
    this.types = reader.types();
    this.kinds = reader.kinds();
    this.resources = List.copyOf(reader.resources(kinds));
    for (ResourceInfo resource : resources) {
      byResource.put(resource.gvr(), resource);
      byKind.putIfAbsent(resource.kind(), resource);
    }
  }

  /** The catalogue of the built-in API. */
  public static Catalogue builtin() {
    return Builtin.INSTANCE;
  }

  /** All resources, of all versions, in the order of the data. */
  public List<ResourceInfo> resources() {
    return resources;
  }

  /** The resource of that name, or null. */
  public @Nullable ResourceInfo resource(GroupVersionResource resource) {
    return byResource.get(resource);
  }

  /** The resource of that kind, or null. */
  public @Nullable ResourceInfo byKind(GroupVersionKind kind) {
    return byKind.get(kind);
  }

  /**
   * The type of that name, such as {@code io.k8s.api.core.v1.Pod}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Schema type(String name) {
    Schema type = types.get(name);
    if (type == null) {
      throw new IllegalArgumentException("no such type: " + name);
    }
    return type;
  }

  /** The type of a kind (also of lists and of kinds that are no resources), or null. */
  public @Nullable Schema typeOf(GroupVersionKind kind) {
    return kinds.get(kind);
  }

  /** The names of all types in the order of the data. */
  public Collection<String> typeNames() {
    return Collections.unmodifiableSet(types.keySet());
  }

  /** All kinds with a type. */
  public Collection<GroupVersionKind> kinds() {
    return Collections.unmodifiableSet(kinds.keySet());
  }

  /** The versions of all resources, each once, in the order of the data. */
  public List<GroupVersion> groupVersions() {
    return resources.stream().map(r -> r.gvr().groupVersion()).distinct().toList();
  }

  /** A protobuf message that has no JSON type, by its full name, or null. */
  public @Nullable ProtoMessage protoMessage(String name) {
    return reader.messages().get(name);
  }
}
