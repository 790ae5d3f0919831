package io.kubra.api.apply;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of metadata.managedFields. The field set is decoded from its FieldsV1 document only
 * when somebody asks for it: most writes touch the fields of one manager out of several.
 */
final class ManagedEntry {
  static final String APPLY = "Apply";
  static final String UPDATE = "Update";

  /** The order entries are stored in. */
  static final Comparator<ManagedEntry> ORDER =
      Comparator.comparing((ManagedEntry e) -> e.id.operation())
          .thenComparing(e -> e.time)
          .thenComparing(e -> e.id.manager())
          .thenComparing(e -> e.apiVersion)
          .thenComparing(e -> e.id.subresource());

  /**
   * Who an entry belongs to. An applier stays the same manager when it moves to another API
   * version, so its identity has none.
   */
  record Id(String manager, String operation, String apiVersion, String subresource) {
    static Id update(String manager, String apiVersion, @Nullable String subresource) {
      return new Id(manager, UPDATE, apiVersion, subresource == null ? "" : subresource);
    }

    static Id apply(String manager, @Nullable String subresource) {
      return new Id(manager, APPLY, "", subresource == null ? "" : subresource);
    }

    boolean applier() {
      return operation.equals(APPLY);
    }

    /** The manager as conflict messages name it. */
    String display() {
      String name = "\"" + manager + "\"";
      if (!subresource.isEmpty()) {
        name += " with subresource \"" + subresource + "\"";
      }
      return applier() ? name : name + " using " + apiVersion;
    }
  }

  private final Id id;
  private final String apiVersion;
  private final String time;
  private @Nullable FieldSet fields;
  private @Nullable Map<String, Object> document;

  private ManagedEntry(
      Id id,
      String apiVersion,
      String time,
      @Nullable FieldSet fields,
      @Nullable Map<String, Object> document) {
    this.id = id;
    this.apiVersion = apiVersion;
    this.time = time;
    this.fields = fields;
    this.document = document;
  }

  ManagedEntry(Id id, String apiVersion, Instant time, FieldSet fields) {
    this(id, apiVersion, time.truncatedTo(ChronoUnit.SECONDS).toString(), fields, null);
  }

  /**
   * Reads an entry.
   *
   * @throws IllegalArgumentException when it is malformed
   */
  @SuppressWarnings("unchecked")
  static ManagedEntry read(Object tree) {
    if (!(tree instanceof Map<?, ?> entry)) {
      throw new IllegalArgumentException("entry must be an object");
    }
    String operation = text(entry, "operation");
    if (!operation.equals(APPLY) && !operation.equals(UPDATE)) {
      throw new IllegalArgumentException("operation must be Apply or Update, is " + operation);
    }
    if (!text(entry, "fieldsType").equals("FieldsV1")) {
      throw new IllegalArgumentException("unsupported fieldsType: " + text(entry, "fieldsType"));
    }
    String apiVersion = text(entry, "apiVersion");
    String owner = operation.equals(APPLY) ? "" : apiVersion;
    Id id = new Id(text(entry, "manager"), operation, owner, text(entry, "subresource"));
    Object fields = entry.get("fieldsV1");
    Map<String, Object> document =
        fields instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    return new ManagedEntry(id, apiVersion, text(entry, "time"), null, document);
  }

  private static String text(Map<?, ?> entry, String name) {
    return entry.get(name) instanceof String text ? text : "";
  }

  Id id() {
    return id;
  }

  String apiVersion() {
    return apiVersion;
  }

  String time() {
    return time;
  }

  FieldSet fields() {
    if (fields == null) {
      fields = FieldSet.fromFieldsV1(document == null ? Map.of() : document);
    }
    return fields;
  }

  boolean isEmpty() {
    return fields == null && document != null ? document.isEmpty() : fields().isEmpty();
  }

  ManagedEntry withFields(FieldSet changed) {
    return new ManagedEntry(id, apiVersion, time, changed, null);
  }

  /** Whether this entry holds a path of the set; answered without decoding where possible. */
  boolean overlaps(FieldSet set) {
    if (fields == null && document != null) {
      return overlaps(set, document);
    }
    return !fields().intersection(set).isEmpty();
  }

  private static boolean overlaps(FieldSet set, Map<?, ?> document) {
    if (set.member() && (document.isEmpty() || document.containsKey("."))) {
      return true;
    }
    if (document.isEmpty()) {
      return false;
    }
    for (Map.Entry<String, FieldSet> child : set.children().entrySet()) {
      if (document.get(child.getKey()) instanceof Map<?, ?> below
          && overlaps(child.getValue(), below)) {
        return true;
      }
    }
    return false;
  }

  Map<String, Object> toTree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("manager", id.manager());
    tree.put("operation", id.operation());
    tree.put("apiVersion", apiVersion);
    if (!time.isEmpty()) {
      tree.put("time", time);
    }
    tree.put("fieldsType", "FieldsV1");
    if (document == null) {
      document = fields().toFieldsV1();
    }
    tree.put("fieldsV1", document);
    if (!id.subresource().isEmpty()) {
      tree.put("subresource", id.subresource());
    }
    return tree;
  }
}
