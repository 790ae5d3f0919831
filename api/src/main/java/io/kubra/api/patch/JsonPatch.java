package io.kubra.api.patch;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON patch (RFC 6902), with the reference's limits. */
public final class JsonPatch {
  /** The most operations of one patch. */
  public static final int MAX_OPERATIONS = 10_000;

  /** The most bytes (roughly) that all copy operations together may add. */
  private static final long MAX_COPIED = 3L * 1024 * 1024;

  private static final int MAX_DEPTH = 250;

  private @Nullable Object root;
  private long copied;

  private JsonPatch(@Nullable Object root) {
    this.root = root;
  }

  /**
   * The document with all operations applied; the document itself is not changed.
   *
   * @throws ApiException 400 for what is no patch, 413 for too many operations, 422 for an
   *     operation that fails
   */
  public static @Nullable Object apply(@Nullable Object document, List<?> operations) {
    if (operations.size() > MAX_OPERATIONS) {
      throw ApiException.tooLarge(
          "The allowed maximum operations in a JSON patch is "
              + MAX_OPERATIONS
              + ", got "
              + operations.size());
    }
    JsonPatch patch = new JsonPatch(Trees.copyOrNull(document));
    for (Object operation : operations) {
      patch.operation(operation);
    }
    return patch.root;
  }

  private void operation(@Nullable Object operation) {
    Map<String, Object> fields = Trees.map(operation);
    if (fields == null) {
      throw PatchErrors.malformed(
          "json: cannot unmarshal "
              + Json.nameOf(operation)
              + " into Go value of type jsonpatch.Operation");
    }
    String op = text(fields, "op");
    JsonPointer path = JsonPointer.parse(text(fields, "path"));
    switch (op) {
      case "add" -> root = path.add(root, fitting(path, value(fields)));
      case "replace" -> root = path.replace(root, fitting(path, value(fields)));
      case "remove" -> path.remove(root);
      case "test" -> test(path, fields.get("value"));
      case "copy" -> {
        Object copy = Trees.copyOrNull(from(fields).get(root));
        copied += weight(copy);
        if (copied > MAX_COPIED) {
          throw PatchErrors.unprocessable(
              "Unable to complete the copy, the accumulated size increase of copy is "
                  + copied
                  + ", exceeding the limit "
                  + MAX_COPIED);
        }
        root = path.add(root, fitting(path, copy));
      }
      case "move" -> {
        JsonPointer from = from(fields);
        if (from.isAncestorOf(path)) {
          throw PatchErrors.unprocessable("cannot move " + from + " into itself");
        }
        Object moved = from.get(root);
        from.remove(root);
        root = path.add(root, fitting(path, moved));
      }
      default -> throw PatchErrors.unprocessable("Unexpected kind: " + op);
    }
  }

  /** Refuses values that would nest deeper than a document may: recursion stays bounded. */
  private static @Nullable Object fitting(JsonPointer path, @Nullable Object value) {
    if (path.steps().size() + depth(value) > MAX_DEPTH) {
      throw PatchErrors.unprocessable("exceeded max depth");
    }
    return value;
  }

  private static int depth(@Nullable Object value) {
    int deepest = 0;
    if (value instanceof Map<?, ?> map) {
      for (Object below : map.values()) {
        deepest = Math.max(deepest, depth(below));
      }
    } else if (value instanceof List<?> list) {
      for (Object below : list) {
        deepest = Math.max(deepest, depth(below));
      }
    } else {
      return 0;
    }
    return deepest + 1;
  }

  private void test(JsonPointer path, @Nullable Object expected) {
    Object actual = expected == null ? path.getOrNull(root) : path.get(root);
    if (!Trees.equal(actual, expected)) {
      throw PatchErrors.unprocessable("testing value " + path + " failed: test failed");
    }
  }

  private static JsonPointer from(Map<String, Object> fields) {
    return JsonPointer.parse(text(fields, "from"));
  }

  private static String text(Map<String, Object> fields, String name) {
    if (fields.get(name) instanceof String s) {
      return s;
    }
    throw PatchErrors.unprocessable("operation missing " + name + " field: missing value");
  }

  private static @Nullable Object value(Map<String, Object> fields) {
    if (!fields.containsKey("value")) {
      throw PatchErrors.unprocessable("operation missing value field: missing value");
    }
    return Trees.copyOrNull(fields.get("value"));
  }

  /** About as many bytes as the value takes when written. */
  private static long weight(@Nullable Object value) {
    return switch (value) {
      case String s -> s.length() + 2L;
      case Map<?, ?> map -> {
        long sum = 2;
        for (Map.Entry<?, ?> e : map.entrySet()) {
          sum += 4 + ((String) e.getKey()).length() + weight(e.getValue());
        }
        yield sum;
      }
      case List<?> list -> {
        long sum = 2;
        for (Object item : list) {
          sum += 1 + weight(item);
        }
        yield sum;
      }
      case null, default -> 8;
    };
  }
}
