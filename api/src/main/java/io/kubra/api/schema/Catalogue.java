package io.kubra.api.schema;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersion;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.meta.GroupVersionResource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * All types and resources: the built-in ones and, in a catalogue made by {@link #extensible}, those
 * that are added while the server runs. Loading reads only directories; a type's fields are read
 * when first asked for. Safe from any thread.
 */
public final class Catalogue {
  private final Map<String, Schema> types;
  private final Map<GroupVersionKind, Schema> kinds;
  private final List<ResourceInfo> resources;
  private final Map<GroupVersionResource, ResourceInfo> byResource;
  private final Map<GroupVersionKind, ResourceInfo> byKind;
  private final CatalogueReader reader;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Additions additions = Additions.NONE;

  private static final class Builtin {
    static final Catalogue INSTANCE = new Catalogue(new CatalogueReader(CatalogueData.load()));
  }

  private Catalogue(CatalogueReader reader) {
    this.reader = reader;
    this.types = reader.types();
    this.kinds = reader.kinds();
    this.resources = List.copyOf(reader.resources(kinds));
    this.byResource = new HashMap<>();
    this.byKind = new HashMap<>();
    for (ResourceInfo resource : resources) {
      byResource.put(resource.gvr(), resource);
      byKind.putIfAbsent(resource.kind(), resource);
    }
  }

  private Catalogue(Catalogue other) {
    this.reader = other.reader;
    this.types = other.types;
    this.kinds = other.kinds;
    this.resources = other.resources;
    this.byResource = other.byResource;
    this.byKind = other.byKind;
  }

  /** The catalogue of the built-in API, to which nothing is ever added. */
  public static Catalogue builtin() {
    return Builtin.INSTANCE;
  }

  /** A catalogue that begins with the built-in API, for one server to add to. */
  public static Catalogue extensible() {
    return new Catalogue(Builtin.INSTANCE);
  }

  /**
   * Adds a resource in its versions, or replaces those that were added before; none takes it out
   * again. Built-in resources cannot be replaced.
   *
   * @throws IllegalStateException if this is the built-in catalogue
   */
  public void add(GroupResource resource, List<AddedResource> versions) {
    if (this == Builtin.INSTANCE) {
      throw new IllegalStateException("the built-in catalogue does not change");
    }
    synchronized (this) {
      additions = additions.with(resource, versions);
    }
    listeners.forEach(Runnable::run);
  }

  /** Calls the listener after each addition, on the thread that adds; it must be quick. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Rises with each addition; what was derived from the catalogue is current while it is equal. */
  public long changes() {
    return additions.number;
  }

  /** What was added, ordered by group, resource and preference of versions. */
  public List<AddedResource> added() {
    return additions.resources;
  }

  /** The added resource of that kind, or null. */
  public @Nullable AddedResource addedKind(GroupVersionKind kind) {
    return additions.byKind.get(kind);
  }

  /** The added resource whose type, or type of lists, is published under that name, or null. */
  public @Nullable AddedResource addedType(String name) {
    return additions.byTypeName.get(name);
  }

  /** All resources, of all versions: the built-in ones in the order of the data, then the added. */
  public List<ResourceInfo> resources() {
    Additions now = additions;
    if (now.resources.isEmpty()) {
      return resources;
    }
    List<ResourceInfo> all = new ArrayList<>(resources);
    now.resources.forEach(a -> all.add(a.info()));
    return all;
  }

  /**
   * All resources that a server offers unless it is told otherwise: the stable built-in ones and
   * everything that was added.
   */
  public List<ResourceInfo> offered() {
    Additions now = additions;
    List<ResourceInfo> all = new ArrayList<>(resources.size());
    for (ResourceInfo info : resources) {
      if (info.stable()) {
        all.add(info);
      }
    }
    now.resources.forEach(a -> all.add(a.info()));
    return all;
  }

  /** The resource of that name, or null. */
  public @Nullable ResourceInfo resource(GroupVersionResource resource) {
    ResourceInfo builtin = byResource.get(resource);
    if (builtin != null) {
      return builtin;
    }
    AddedResource added = additions.byResource.get(resource);
    return added == null ? null : added.info();
  }

  /** The resource of that kind, or null. */
  public @Nullable ResourceInfo byKind(GroupVersionKind kind) {
    ResourceInfo builtin = byKind.get(kind);
    if (builtin != null) {
      return builtin;
    }
    AddedResource added = additions.byKind.get(kind);
    return added == null ? null : added.info();
  }

  /**
   * The type of that name, such as {@code io.k8s.api.core.v1.Pod}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Schema type(String name) {
    Schema type = types.get(name);
    if (type == null) {
      type = additions.typesByName.get(name);
    }
    if (type == null) {
      throw new IllegalArgumentException("no such type: " + name);
    }
    return type;
  }

  /** The type of a kind (also of lists and of kinds that are no resources), or null. */
  public @Nullable Schema typeOf(GroupVersionKind kind) {
    Schema builtin = kinds.get(kind);
    return builtin != null ? builtin : additions.types.get(kind);
  }

  /** The names of all built-in types in the order of the data. */
  public Collection<String> typeNames() {
    return Collections.unmodifiableSet(types.keySet());
  }

  /** All built-in kinds with a type. */
  public Collection<GroupVersionKind> kinds() {
    return Collections.unmodifiableSet(kinds.keySet());
  }

  /** The versions of all resources, each once, in the order of the data. */
  public List<GroupVersion> groupVersions() {
    return resources().stream().map(r -> r.gvr().groupVersion()).distinct().toList();
  }

  /** Whether there is any resource of that group and version. */
  public boolean hasGroupVersion(GroupVersion version) {
    return resources.stream().anyMatch(r -> r.gvr().groupVersion().equals(version))
        || additions.resources.stream()
            .anyMatch(a -> a.info().gvr().groupVersion().equals(version));
  }

  /** A protobuf message that has no JSON type, by its full name, or null. */
  public @Nullable ProtoMessage protoMessage(String name) {
    return reader.messages().get(name);
  }
}
