package io.kubra.api.schema;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.meta.GroupVersionResource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All that was added to a catalogue at one time. Immutable. */
final class Additions {
  static final Additions NONE = new Additions(0, Map.of());

  private static final String LIST_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta";

  final long number;
  final List<AddedResource> resources;
  final Map<GroupVersionResource, AddedResource> byResource = new HashMap<>();
  final Map<GroupVersionKind, AddedResource> byKind = new HashMap<>();
  final Map<GroupVersionKind, Schema> types = new HashMap<>();
  final Map<String, Schema> typesByName = new TreeMap<>();
  final Map<String, AddedResource> byTypeName = new HashMap<>();
  private final Map<String, List<AddedResource>> groups;

  private Additions(long number, Map<String, List<AddedResource>> groups) {
    this.number = number;
    this.groups = groups;
    List<AddedResource> all = new ArrayList<>();
    groups.values().forEach(all::addAll);
    this.resources = Collections.unmodifiableList(all);
    for (AddedResource added : all) {
      ResourceInfo info = added.info();
      byResource.put(info.gvr(), added);
      byKind.put(info.kind(), added);
      types.put(info.kind(), info.schema());
      typesByName.put(added.typeName(), info.schema());
      byTypeName.put(added.typeName(), added);
      Schema list = listOf(added);
      types.put(info.listKind(), list);
      typesByName.put(added.listTypeName(), list);
      byTypeName.put(added.listTypeName(), added);
    }
  }

  /** The same with other versions of one resource; none takes the resource out. */
  Additions with(GroupResource resource, List<AddedResource> versions) {
    Map<String, List<AddedResource>> next = new TreeMap<>(groups);
    String key = resource.group() + "/" + resource.resource();
    if (versions.isEmpty()) {
      next.remove(key);
    } else {
      next.put(key, List.copyOf(versions));
    }
    return new Additions(number + 1, next);
  }

  private static Schema listOf(AddedResource added) {
    ResourceInfo info = added.info();
    return Schema.lazy(
        added.listTypeName(),
        info.listKind(),
        false,
        () ->
            Schema.builder(Schema.Kind.OBJECT)
                .field("apiVersion", Schema.builder(Schema.Kind.STRING).build(), false)
                .field("kind", Schema.builder(Schema.Kind.STRING).build(), false)
                .field("metadata", Catalogue.builtin().type(LIST_META), false)
                .field("items", Schema.builder(Schema.Kind.LIST).items(info.schema()).build(), true)
                .build());
  }
}
