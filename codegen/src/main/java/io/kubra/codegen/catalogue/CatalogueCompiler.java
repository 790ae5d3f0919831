package io.kubra.codegen.catalogue;

import io.kubra.codegen.data.SchemaData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes {@code catalogue.bin}: a string table, the directory of types with the offset of each
 * body, the bodies, the kinds, the resources and the wire-only messages. All numbers are varints;
 * the reader is {@code io.kubra.api.schema.CatalogueData}.
 */
public final class CatalogueCompiler {
  /** Bumped with the layout. */
  static final int FORMAT = 1;

  private final Map<String, Map<String, Object>> types;
  private final Map<String, Integer> typeIndex = new LinkedHashMap<>();
  private final Pool pool = new Pool();

  private CatalogueCompiler(Map<String, Map<String, Object>> types) {
    this.types = types;
    types.keySet().forEach(name -> typeIndex.put(name, typeIndex.size()));
  }

  /** Takes the folder of the resources to write to. */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0], "io/kubra/api/schema/catalogue.bin");
    byte[] bytes = new CatalogueCompiler(SchemaData.types()).compile();
    if (Files.exists(file) && java.util.Arrays.equals(Files.readAllBytes(file), bytes)) {
      return;
    }
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private byte[] compile() {
    Pool directory = pool.sibling();
    Pool bodies = pool.sibling();
    directory.number(types.size());
    types.forEach(
        (name, type) -> {
          directory.string(name);
          directory.string(kind(name, type));
          directory.number(bodies.size());
          type(bodies, type);
        });
    Pool kinds = kinds();
    Pool resources = resources();
    Pool messages = messages();
    Pool file = new Pool();
    file.number(FORMAT);
    Pool strings = pool.table();
    for (Pool section : List.of(strings, directory, bodies, kinds, resources, messages)) {
      file.number(section.size());
    }
    for (Pool section : List.of(strings, directory, bodies, kinds, resources, messages)) {
      file.append(section);
    }
    return file.toByteArray();
  }

  private static String kind(String name, Map<String, Object> type) {
    String simple = name.substring(name.lastIndexOf('.') + 1);
    return switch (simple) {
      case "Quantity" -> "QUANTITY";
      case "Time" -> "TIME";
      case "MicroTime" -> "MICRO_TIME";
      case "IntOrString" -> "INT_OR_STRING";
      case "RawExtension", "FieldsV1", "JSON" -> "RAW";
      default -> type.containsKey("type") ? plain(type) : "RAW";
    };
  }

  private static String plain(Map<String, Object> schema) {
    return switch (SchemaData.text(schema, "type")) {
      case "object" -> schema.containsKey("values") ? "MAP" : "OBJECT";
      case "array" -> "LIST";
      case "string" -> "byte".equals(schema.get("format")) ? "BYTES" : "STRING";
      case "integer" -> "INTEGER";
      case "number" -> "NUMBER";
      case "boolean" -> "BOOLEAN";
      default -> throw new IllegalStateException("unknown type in " + schema);
    };
  }

  private void type(Pool out, Map<String, Object> type) {
    out.string((String) type.getOrDefault("proto", ""));
    out.string((String) type.getOrDefault("format", ""));
    out.number("atomic".equals(type.get("map-type")) ? 1 : 0);
    List<?> gvks = SchemaData.list(type, "group-version-kind");
    out.number(gvks.size());
    for (Object gvk : gvks) {
      gvk(out, SchemaData.map(gvk));
    }
    unions(out, SchemaData.list(type, "unions"));
    List<?> required = SchemaData.list(type, "required");
    Map<String, Object> properties =
        SchemaData.map(type.getOrDefault("properties", Map.<String, Object>of()));
    out.number(properties.size());
    properties.forEach(
        (name, value) -> {
          Map<String, Object> property = SchemaData.map(value);
          out.string(name);
          out.number(required.contains(name) ? 1 : 0);
          out.number(((Number) property.getOrDefault("number", 0L)).intValue());
          out.string((String) property.getOrDefault("wire", ""));
          node(out, property);
        });
  }

  private static void gvk(Pool out, Map<String, Object> gvk) {
    out.string((String) gvk.getOrDefault("group", ""));
    out.string(SchemaData.text(gvk, "version"));
    out.string(SchemaData.text(gvk, "kind"));
  }

  private static void unions(Pool out, List<?> unions) {
    out.number(unions.size());
    for (Object each : unions) {
      Map<String, Object> union = SchemaData.map(each);
      out.string((String) union.getOrDefault("discriminator", ""));
      Map<String, Object> fields = SchemaData.map(union.get("fields-to-discriminateBy"));
      out.number(fields.size());
      fields.forEach(
          (field, value) -> {
            out.string(field);
            out.string((String) value);
          });
    }
  }

  /** A schema in the place of a property, an item or a value. */
  private void node(Pool out, Map<String, Object> node) {
    Object ref = node.get("ref");
    if (ref != null) {
      Integer index = typeIndex.get(ref);
      if (index == null) {
        throw new IllegalStateException("no such type: " + ref);
      }
      out.number(index + 1);
    } else {
      out.number(0);
      out.string(plain(node));
      out.string((String) node.getOrDefault("format", ""));
    }
    out.string((String) node.getOrDefault("list-type", ""));
    out.strings(SchemaData.list(node, "list-map-keys"));
    out.string((String) node.getOrDefault("map-type", ""));
    out.string((String) node.getOrDefault("patch-merge-key", ""));
    out.string((String) node.getOrDefault("patch-strategy", ""));
    for (String below : List.of("items", "values")) {
      Object child = node.get(below);
      out.number(child == null ? 0 : 1);
      if (child != null) {
        node(out, SchemaData.map(child));
      }
    }
  }

  private Pool kinds() {
    List<Map<String, Object>> gvks = new ArrayList<>();
    List<Integer> owners = new ArrayList<>();
    types.forEach(
        (name, type) -> {
          for (Object gvk : SchemaData.list(type, "group-version-kind")) {
            gvks.add(SchemaData.map(gvk));
            owners.add(typeIndex.get(name));
          }
        });
    Pool out = pool.sibling();
    out.number(gvks.size());
    for (int i = 0; i < gvks.size(); i++) {
      gvk(out, gvks.get(i));
      out.number(owners.get(i));
    }
    return out;
  }

  private Pool resources() {
    Pool out = pool.sibling();
    List<Map<String, Object>> resources = SchemaData.resources();
    out.number(resources.size());
    for (Map<String, Object> resource : resources) {
      out.string(SchemaData.text(resource, "groupVersion"));
      out.string(SchemaData.text(resource, "name"));
      out.string(SchemaData.text(resource, "kind"));
      out.string(SchemaData.text(resource, "singular"));
      out.number(Boolean.TRUE.equals(resource.get("namespaced")) ? 1 : 0);
      out.strings(SchemaData.list(resource, "shortNames"));
      out.strings(SchemaData.list(resource, "categories"));
      out.strings(SchemaData.list(resource, "verbs"));
      List<?> subresources = SchemaData.list(resource, "subresources");
      out.number(subresources.size());
      for (Object each : subresources) {
        Map<String, Object> subresource = SchemaData.map(each);
        out.string(SchemaData.text(subresource, "name"));
        out.string(SchemaData.text(subresource, "kind"));
        out.strings(SchemaData.list(subresource, "verbs"));
      }
    }
    return out;
  }

  private Pool messages() {
    Pool out = pool.sibling();
    Map<String, Object> messages = SchemaData.protobufOnly();
    out.number(messages.size());
    messages.forEach(
        (name, value) -> {
          out.string(name);
          Map<String, Object> fields = SchemaData.map(value);
          out.number(fields.size());
          fields.forEach(
              (field, at) -> {
                List<?> numberAndWire = (List<?>) at;
                out.string(field);
                out.number(((Number) numberAndWire.get(0)).intValue());
                out.string((String) numberAndWire.get(1));
              });
        });
    return out;
  }
}
