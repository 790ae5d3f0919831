package io.kubra.apiserver.cache;

import io.kubra.api.json.Json;
import io.kubra.store.Entry;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One version of an object as it is kept: its JSON without resourceVersion, and what selectors ask
 * for. The resourceVersion is spliced in when the object is written to a client, so that reading
 * never decodes. Immutable; the bytes must not be changed.
 *
 * @param splice where {@code "resourceVersion":"N",} belongs in the bytes
 */
public record StoredObject(
    String key,
    long revision,
    String namespace,
    String name,
    Map<String, String> labels,
    Map<String, String> fields,
    byte[] json,
    int splice) {

  private static final byte[] FIELD = "\"resourceVersion\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\",".getBytes(StandardCharsets.US_ASCII);

  /** An object as the store has it, without its index record; for reading by name. */
  public static StoredObject of(Entry entry, String namespace, String name) {
    return new StoredObject(
        entry.key(),
        entry.modRevision(),
        namespace,
        name,
        Map.of(),
        Map.of(),
        entry.value(),
        spliceOf(entry.value()));
  }

  /** The same object at another revision; a deletion shows the last state at a new revision. */
  public StoredObject at(long otherRevision) {
    return new StoredObject(key, otherRevision, namespace, name, labels, fields, json, splice);
  }

  /** The number of bytes of {@link #wire()}. */
  public int wireLength() {
    if (revision == 0) {
      return json.length;
    }
    return json.length + FIELD.length + END.length + digits(revision);
  }

  /** The JSON with its resourceVersion, in a new array. */
  public byte[] wire() {
    byte[] out = new byte[wireLength()];
    copyTo(out, 0);
    return out;
  }

  /** Copies the JSON with its resourceVersion into an array and returns the position after it. */
  public int copyTo(byte[] out, int at) {
    if (revision == 0) {
      // a dry run: nothing is stored, so there is no version
      System.arraycopy(json, 0, out, at, json.length);
      return at + json.length;
    }
    System.arraycopy(json, 0, out, at, splice);
    int p = at + splice;
    System.arraycopy(FIELD, 0, out, p, FIELD.length);
    p += FIELD.length;
    int digits = digits(revision);
    long rest = revision;
    for (int i = p + digits - 1; i >= p; i--) {
      out[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    p += digits;
    System.arraycopy(END, 0, out, p, END.length);
    p += END.length;
    System.arraycopy(json, splice, out, p, json.length - splice);
    return p + json.length - splice;
  }

  /** Decodes the object, with its resourceVersion; the tree belongs to the caller. */
  public Map<String, Object> tree() {
    Map<String, Object> tree = Json.parseObject(json);
    if (revision > 0 && tree.get("metadata") instanceof Map<?, ?> metadata) {
      @SuppressWarnings("unchecked")
      Map<String, Object> typed = (Map<String, Object>) metadata;
      typed.put("resourceVersion", Long.toString(revision));
    }
    return tree;
  }

  /** The value of a field for field selectors; empty if the object has none. */
  public String field(String path) {
    return switch (path) {
      case "metadata.name" -> name;
      case "metadata.namespace" -> namespace;
      default -> fields.getOrDefault(path, "");
    };
  }

  /** Orders a tree for storage: apiVersion, kind and metadata first, no resourceVersion. */
  public static Map<String, Object> storageForm(Map<String, Object> tree) {
    Map<String, Object> ordered = new LinkedHashMap<>();
    for (String first : new String[] {"apiVersion", "kind"}) {
      Object value = tree.get(first);
      if (value != null) {
        ordered.put(first, value);
      }
    }
    if (tree.get("metadata") instanceof Map<?, ?> metadata) {
      Map<Object, Object> copy = new LinkedHashMap<>(metadata);
      copy.remove("resourceVersion");
      copy.remove("selfLink");
      ordered.put("metadata", copy);
    }
    for (Map.Entry<String, Object> e : tree.entrySet()) {
      ordered.putIfAbsent(e.getKey(), e.getValue());
    }
    return ordered;
  }

  /** Finds where the resourceVersion belongs in bytes written from {@link #storageForm}. */
  public static int spliceOf(byte[] json) {
    byte[] mark = METADATA;
    outer:
    for (int i = 0; i <= json.length - mark.length; i++) {
      for (int j = 0; j < mark.length; j++) {
        if (json[i + j] != mark[j]) {
          continue outer;
        }
      }
      return i + mark.length;
    }
    throw new IllegalArgumentException("stored object without metadata");
  }

  private static final byte[] METADATA = "\"metadata\":{".getBytes(StandardCharsets.US_ASCII);

  private static int digits(long n) {
    int d = 1;
    for (long rest = n; rest >= 10; rest /= 10) {
      d++;
    }
    return d;
  }
}
