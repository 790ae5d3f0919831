package io.kubra.api.schema;

import io.kubra.api.meta.GroupVersionKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A node of the schema graph: what a value may be and how values are merged. What hangs on a
 * property (list type, merge key, patch strategy) is on the instance of that property; the fields
 * of a named type are shared by all its instances. Immutable, and cyclic for recursive types.
 */
public final class Schema {
  /** What a value is. */
  public enum Kind {
    OBJECT,
    MAP,
    LIST,
    STRING,
    INTEGER,
    NUMBER,
    BOOLEAN,
    INT_OR_STRING,
    QUANTITY,
    TIME,
    MICRO_TIME,
    /** Base64 text. */
    BYTES,
    /** Anything at all: RawExtension, JSON, FieldsV1. */
    RAW
  }

  /** How lists merge. */
  public enum ListType {
    ATOMIC,
    SET,
    MAP
  }

  /** A field of an object; {@code protoNumber} is 0 and {@code wire} empty where there is none. */
  public record Field(String name, Schema schema, boolean required, int protoNumber, String wire) {}

  private final Kind kind;
  private final Structure structure;
  private final String format;
  private final @Nullable Schema items;
  private final @Nullable Schema values;
  private final ListType listType;
  private final List<String> listMapKeys;
  private final @Nullable Boolean atomicMap;
  private final @Nullable String patchMergeKey;
  private final Set<String> patchStrategies;
  private final boolean preserveUnknownFields;

  private Schema(Builder b) {
    this.kind = b.kind;
    this.structure =
        b.structure != null
            ? b.structure
            : new Structure(
                b.name,
                new Structure.Body(
                    "",
                    "",
                    false,
                    List.copyOf(b.kinds),
                    List.of(),
                    java.util.Collections.unmodifiableMap(new LinkedHashMap<>(b.fields)),
                    b.fields.values().stream().filter(Field::required).map(Field::name).toList()));
    this.format = b.format;
    this.items = b.items;
    this.values = b.values;
    this.listType = b.listType;
    this.listMapKeys = List.copyOf(b.listMapKeys);
    this.atomicMap = b.atomicMap;
    this.patchMergeKey = b.patchMergeKey;
    this.patchStrategies = Set.copyOf(b.patchStrategies);
    this.preserveUnknownFields = b.preserveUnknownFields || b.kind == Kind.RAW;
  }

  /** A type of the compiled catalogue: there are hundreds, so this is kept cheap. */
  Schema(Kind kind, Structure structure) {
    this.kind = kind;
    this.structure = structure;
    this.format = "";
    this.items = null;
    this.values = null;
    this.listType = ListType.ATOMIC;
    this.listMapKeys = List.of();
    this.atomicMap = null;
    this.patchMergeKey = null;
    this.patchStrategies = Set.of();
    this.preserveUnknownFields = kind == Kind.RAW;
  }

  /**
   * A named object type whose fields are made when first asked for.
   *
   * @param preserveUnknownFields whether objects keep fields that are not in the schema
   * @param fields gives a schema with the fields of the type
   */
  public static Schema lazy(
      String name, GroupVersionKind kind, boolean preserveUnknownFields, Supplier<Schema> fields) {
    Structure structure =
        new Structure(
            name,
            () -> {
              Schema made = fields.get();
              return new Structure.Body(
                  "", "", false, List.of(kind), List.of(), made.fields(), made.required());
            });
    return builder(Kind.OBJECT)
        .structure(structure)
        .preserveUnknownFields(preserveUnknownFields)
        .build();
  }

  /** Starts a schema of that kind. */
  public static Builder builder(Kind kind) {
    return new Builder(kind);
  }

  /** Starts a schema of the same named type, for another property. */
  Builder sameType() {
    return new Builder(kind).structure(structure);
  }

  /** What a value is. */
  public Kind kind() {
    return kind;
  }

  /** The name of the type, such as {@code io.k8s.api.core.v1.Pod}; null for anonymous schemas. */
  public @Nullable String name() {
    return structure.name();
  }

  /** The fields of an object in the order of the data. */
  public Map<String, Field> fields() {
    return structure.body().fields();
  }

  /** The field of that name, or null. */
  public @Nullable Field field(String name) {
    return structure.body().fields().get(name);
  }

  /** The names of the fields that are always written. */
  public List<String> required() {
    return structure.body().required();
  }

  /** The schema of a map's values, null for other kinds. */
  public @Nullable Schema values() {
    return values;
  }

  /** The schema of a list's items, null for other kinds. */
  public @Nullable Schema items() {
    return items;
  }

  /** How the list merges in server-side apply. */
  public ListType listType() {
    return listType;
  }

  /** The keys that tell the items of a {@link ListType#MAP} list apart. */
  public List<String> listMapKeys() {
    return listMapKeys;
  }

  /** Whether an object or map is owned and merged only as a whole. */
  public boolean atomicMap() {
    return atomicMap != null ? atomicMap : structure.body().atomicMap();
  }

  /** The key by which a strategic merge patch matches items, or null. */
  public @Nullable String patchMergeKey() {
    return patchMergeKey;
  }

  /** Strategies of strategic merge patches: merge, replace, retainKeys. */
  public Set<String> patchStrategies() {
    return patchStrategies;
  }

  /** {@code int32}, {@code int64}, {@code double}, {@code date-time}, …, or null. */
  public @Nullable String format() {
    if (!format.isEmpty()) {
      return format;
    }
    String own = structure.body().format();
    return own.isEmpty() ? null : own;
  }

  /** Whether fields that are not in the schema are kept. */
  public boolean preserveUnknownFields() {
    return preserveUnknownFields;
  }

  /** Unions: each with {@code discriminator} (may be absent) and {@code fields}. */
  public List<Map<String, Object>> unions() {
    return structure.body().unions();
  }

  /** The kinds that this type is known as; several for shared types such as DeleteOptions. */
  public List<GroupVersionKind> kinds() {
    return structure.body().kinds();
  }

  /** The name of the protobuf message, or the empty string. */
  public String protoName() {
    return structure.body().protoName();
  }

  @Override
  public String toString() {
    String name = name();
    return name != null ? name : kind.toString();
  }

  /** Makes a schema. */
  public static final class Builder {
    private final Kind kind;
    private @Nullable String name;
    private @Nullable Structure structure;
    private String format = "";
    private final List<GroupVersionKind> kinds = new ArrayList<>();
    private final Map<String, Field> fields = new LinkedHashMap<>();
    private @Nullable Schema items;
    private @Nullable Schema values;
    private ListType listType = ListType.ATOMIC;
    private List<String> listMapKeys = List.of();
    private @Nullable Boolean atomicMap;
    private @Nullable String patchMergeKey;
    private final Set<String> patchStrategies = new LinkedHashSet<>();
    private boolean preserveUnknownFields;

    private Builder(Kind kind) {
      this.kind = kind;
    }

    Builder structure(Structure structure) {
      this.structure = structure;
      return this;
    }

    /** The name of the type. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** A kind that this type is known as. */
    public Builder kind(GroupVersionKind kind) {
      kinds.add(kind);
      return this;
    }

    /** Refines scalars. */
    public Builder format(String format) {
      this.format = format;
      return this;
    }

    /** Adds a field. */
    public Builder field(String name, Schema schema, boolean required) {
      fields.put(name, new Field(name, schema, required, 0, ""));
      return this;
    }

    /** The items of a list. */
    public Builder items(Schema items) {
      this.items = items;
      return this;
    }

    /** The values of a map. */
    public Builder values(Schema values) {
      this.values = values;
      return this;
    }

    /** How a list merges. */
    public Builder listType(ListType type, List<String> keys) {
      this.listType = type;
      this.listMapKeys = keys;
      return this;
    }

    /** Whether an object or map is owned as a whole. */
    public Builder atomicMap(boolean atomic) {
      this.atomicMap = atomic;
      return this;
    }

    /** The merge key of strategic merge patches. */
    public Builder patchMergeKey(String key) {
      this.patchMergeKey = key;
      return this;
    }

    /** Strategies of strategic merge patches. */
    public Builder patchStrategies(List<String> strategies) {
      patchStrategies.addAll(strategies);
      return this;
    }

    /** Keeps unknown fields. */
    public Builder preserveUnknownFields(boolean preserve) {
      this.preserveUnknownFields = preserve;
      return this;
    }

    /** The schema. */
    public Schema build() {
      return new Schema(this);
    }
  }
}
