package io.kubra.apiserver.cel;

import io.kubra.api.structural.StructuralSchema;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How large values of a schema may be: by its limits, or else by what fits into a request. For
 * texts it is bytes, for lists and maps elements.
 */
final class SchemaSizes implements Function<List<String>, @Nullable CostRange> {
  /** The largest request, in bytes. */
  private static final long REQUEST = 3 * 1024 * 1024;

  private static final long DURATION = 32;
  private static final long DATE = 12;
  private static final long SHORTEST_DURATION = 3;
  private static final long SHORTEST_TIME = 21;
  private static final long LONGEST_TIME = 27;

  /** A character may take so many bytes. */
  private static final long WIDEST = 4;

  /** What every resource has beside its schema; only names are known of metadata. */
  private static final StructuralSchema RESOURCE =
      StructuralSchema.parse(
          Map.of(
              "type",
              "object",
              "properties",
              Map.of(
                  "apiVersion",
                  Map.of("type", "string"),
                  "kind",
                  Map.of("type", "string"),
                  "metadata",
                  Map.of(
                      "type",
                      "object",
                      "properties",
                      Map.of(
                          "name", Map.of("type", "string"),
                          "generateName", Map.of("type", "string"))))));

  private final StructuralSchema root;

  /** Of the values that {@code self} and {@code oldSelf} are. */
  SchemaSizes(StructuralSchema root) {
    this.root = root;
  }

  @Override
  public @Nullable CostRange apply(List<String> path) {
    StructuralSchema at = root;
    for (String step : path.subList(1, path.size())) {
      StructuralSchema below =
          switch (step) {
            case "@items" -> at.items();
            case "@values" -> at.additional();
            case "@keys", "@indices" -> null;
            default -> property(at, step);
          };
      if (below == null) {
        return step.equals("@keys") ? CostRange.ZERO : null;
      }
      at = below;
    }
    return CostRange.upTo(most(at));
  }

  private static @Nullable StructuralSchema property(StructuralSchema schema, String identifier) {
    StructuralSchema direct = schema.properties().get(identifier);
    if (identifier.equals("metadata") && direct != null && direct.properties().isEmpty()) {
      return RESOURCE.properties().get(identifier);
    }
    if (direct != null) {
      return direct;
    }
    for (Map.Entry<String, StructuralSchema> e : schema.properties().entrySet()) {
      if (SchemaValues.escaped(e.getKey()).equals(identifier)) {
        return e.getValue();
      }
    }
    return RESOURCE.properties().get(identifier);
  }

  /** How many elements, or bytes of a text, a value has at most. */
  private static long most(StructuralSchema schema) {
    if (schema.intOrString()) {
      return REQUEST - 2;
    }
    return switch (schema.type()) {
      case "array" -> {
        Long limit = schema.maxItems();
        StructuralSchema items = schema.items();
        yield limit != null
            ? Math.max(0, limit)
            : items == null ? REQUEST : (REQUEST - 2) / (least(items) + 1);
      }
      case "object" -> {
        Long limit = schema.maxProperties();
        StructuralSchema values = schema.additional();
        yield limit != null
            ? Math.max(0, limit)
            : values == null ? 0 : (REQUEST - 2) / (least(values) + 6);
      }
      case "string" -> longest(schema);
      default -> 0;
    };
  }

  private static long longest(StructuralSchema schema) {
    Long limit = schema.maxLength();
    return switch (schema.format()) {
      case "duration" -> DURATION;
      case "date" -> DATE;
      case "date-time", "datetime" -> LONGEST_TIME;
      case "byte" -> limit != null ? Math.max(0, limit) : REQUEST - 2;
      default -> {
        if (limit != null) {
          yield Math.max(0, limit) * WIDEST;
        }
        List<Object> allowed = schema.allowed();
        yield allowed == null
            ? REQUEST - 2
            : allowed.stream().mapToLong(v -> String.valueOf(v).length() + 2L).max().orElse(0);
      }
    };
  }

  /** The bytes that a value takes at least. */
  private static long least(StructuralSchema schema) {
    if (schema.intOrString()) {
      return 1;
    }
    return switch (schema.type()) {
      case "boolean" -> 4;
      case "string" ->
          switch (schema.format()) {
            case "duration" -> SHORTEST_DURATION;
            case "date" -> DATE;
            case "date-time", "datetime" -> SHORTEST_TIME;
            default -> 2;
          };
      case "array" -> 2;
      case "object" -> {
        long size = 2;
        if (schema.additional() == null) {
          for (Map.Entry<String, StructuralSchema> e : schema.properties().entrySet()) {
            if (schema.required().contains(e.getKey()) && e.getValue().defaultValue() == null) {
              size += e.getKey().length() + least(e.getValue()) + 4;
            }
          }
        }
        yield size;
      }
      default -> 1;
    };
  }

  /** How many values of a schema fit into a request. */
  static long mostInRequest(StructuralSchema schema) {
    return REQUEST / (least(schema) + 1);
  }
}
