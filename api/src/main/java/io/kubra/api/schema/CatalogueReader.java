package io.kubra.api.schema;

import io.kubra.api.meta.GroupVersion;
import io.kubra.api.meta.GroupVersionKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the sections of the compiled catalogue. */
final class CatalogueReader {
  private final CatalogueData data;
  private final Schema[] byIndex;
  private final Map<String, Schema> types = new LinkedHashMap<>(1600);
  private volatile @Nullable Map<String, ProtoMessage> messages;

  CatalogueReader(CatalogueData data) {
    this.data = data;
    CatalogueData.Cursor c = data.at(data.directory);
    byIndex = new Schema[c.number()];
    for (int i = 0; i < byIndex.length; i++) {
      String name = c.string();
      Schema.Kind kind = Schema.Kind.valueOf(c.string());
      int at = data.bodies + c.number();
      byIndex[i] = new Schema(kind, new Structure(name, this, at));
      types.put(name, byIndex[i]);
    }
  }

  Map<String, Schema> types() {
    return types;
  }

  Map<GroupVersionKind, Schema> kinds() {
    CatalogueData.Cursor c = data.at(data.kinds);
    int count = c.number();
    Map<GroupVersionKind, Schema> kinds = LinkedHashMap.newLinkedHashMap(count);
    for (int i = 0; i < count; i++) {
      kinds.put(gvk(c), byIndex[c.number()]);
    }
    return kinds;
  }

  private static GroupVersionKind gvk(CatalogueData.Cursor c) {
    return new GroupVersionKind(c.string(), c.string(), c.string());
  }

  Structure.Body body(int at) {
    CatalogueData.Cursor c = data.at(at);
    String proto = c.string();
    String format = c.string();
    boolean atomic = c.flag();
    int kindCount = c.number();
    List<GroupVersionKind> own = new ArrayList<>(kindCount);
    for (int i = 0; i < kindCount; i++) {
      own.add(gvk(c));
    }
    List<Map<String, Object>> unions = unions(c);
    int count = c.number();
    Map<String, Schema.Field> fields = LinkedHashMap.newLinkedHashMap(count);
    List<String> required = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = c.string();
      boolean needed = c.flag();
      int number = c.number();
      String wire = c.string();
      fields.put(name, new Schema.Field(name, node(c), needed, number, wire));
      if (needed) {
        required.add(name);
      }
    }
    return new Structure.Body(
        proto,
        format,
        atomic,
        List.copyOf(own),
        unions,
        Collections.unmodifiableMap(fields),
        List.copyOf(required));
  }

  private static List<Map<String, Object>> unions(CatalogueData.Cursor c) {
    int count = c.number();
    List<Map<String, Object>> unions = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Map<String, Object> union = new LinkedHashMap<>();
      String discriminator = c.string();
      if (!discriminator.isEmpty()) {
        union.put("discriminator", discriminator);
      }
      int size = c.number();
      Map<String, Object> fields = new LinkedHashMap<>();
      for (int f = 0; f < size; f++) {
        fields.put(c.string(), c.string());
      }
      union.put("fields", fields);
      unions.add(union);
    }
    return List.copyOf(unions);
  }

  private Schema node(CatalogueData.Cursor c) {
    int ref = c.number();
    Schema target = ref == 0 ? null : byIndex[ref - 1];
    Schema.Builder b;
    if (target == null) {
      b = Schema.builder(Schema.Kind.valueOf(c.string())).format(c.string());
      b.structure(new Structure(null, Structure.Body.EMPTY));
    } else {
      b = target.sameType();
    }
    String listType = c.string();
    List<String> keys = c.strings();
    String mapType = c.string();
    String mergeKey = c.string();
    String strategies = c.string();
    if (!listType.isEmpty()) {
      b.listType(Schema.ListType.valueOf(listType.toUpperCase(Locale.ROOT)), keys);
    }
    if (!mapType.isEmpty()) {
      b.atomicMap(mapType.equals("atomic"));
    }
    if (!mergeKey.isEmpty()) {
      b.patchMergeKey(mergeKey);
    }
    if (!strategies.isEmpty()) {
      b.patchStrategies(List.of(strategies.split(",", -1)));
    }
    if (c.flag()) {
      b.items(node(c));
    }
    if (c.flag()) {
      b.values(node(c));
    }
    boolean plain =
        listType.isEmpty() && mapType.isEmpty() && mergeKey.isEmpty() && strategies.isEmpty();
    return target != null && plain ? target : b.build();
  }

  List<ResourceInfo> resources(Map<GroupVersionKind, Schema> kinds) {
    CatalogueData.Cursor c = data.at(data.resources);
    int count = c.number();
    List<ResourceInfo> resources = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      GroupVersion gv = GroupVersion.parse(c.string());
      String name = c.string();
      GroupVersionKind kind = kind(c.string());
      String singular = c.string();
      boolean namespaced = c.flag();
      List<String> shortNames = c.strings();
      List<String> categories = c.strings();
      List<String> verbs = c.strings();
      int subCount = c.number();
      List<SubresourceInfo> subresources = new ArrayList<>(subCount);
      for (int s = 0; s < subCount; s++) {
        subresources.add(new SubresourceInfo(c.string(), kind(c.string()), c.strings()));
      }
      Schema schema = kinds.get(kind);
      if (schema == null) {
        throw new IllegalStateException("no type for " + kind);
      }
      resources.add(
          new ResourceInfo(
              gv.resource(name),
              kind,
              singular,
              namespaced,
              shortNames,
              categories,
              verbs,
              List.copyOf(subresources),
              schema));
    }
    return resources;
  }

  /** Reads {@code apps/v1/Deployment} or {@code v1/Pod}. */
  private static GroupVersionKind kind(String text) {
    int slash = text.lastIndexOf('/');
    return GroupVersion.parse(text.substring(0, slash)).kind(text.substring(slash + 1));
  }

  Map<String, ProtoMessage> messages() {
    Map<String, ProtoMessage> known = messages;
    if (known == null) {
      known = new HashMap<>();
      CatalogueData.Cursor c = data.at(data.messages);
      int count = c.number();
      for (int i = 0; i < count; i++) {
        String name = c.string();
        int size = c.number();
        Map<String, ProtoMessage.ProtoField> fields = new LinkedHashMap<>();
        for (int f = 0; f < size; f++) {
          String field = c.string();
          fields.put(field, new ProtoMessage.ProtoField(field, c.number(), c.string()));
        }
        known.put(name, new ProtoMessage(name, Collections.unmodifiableMap(fields)));
      }
      messages = known;
    }
    return known;
  }
}
