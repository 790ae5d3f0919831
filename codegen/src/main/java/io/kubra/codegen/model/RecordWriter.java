package io.kubra.codegen.model;

import io.kubra.codegen.data.SchemaData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the source of one record.
 *
 * <p>Absent scalars and structs are null, absent lists and maps are empty; required scalars are
 * primitive or empty strings, and {@code metadata}, {@code spec}, {@code status} and {@code
 * template} are never null, so that callers read paths such as {@code pod.spec().containers()}
 * without checks.
 */
final class RecordWriter {
  private static final Set<String> NEVER_NULL = Set.of("metadata", "spec", "status", "template");
  private static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

  private record Field(String json, String name, FieldType type, boolean required, Shape shape) {}

  /** How a component is held. */
  private enum Shape {
    PRIMITIVE,
    TEXT,
    NEVER_NULL_STRUCT,
    CONTAINER,
    NULLABLE
  }

  private final String schemaName;
  private final String name;
  private final List<Field> fields = new ArrayList<>();
  private final @Nullable Map<String, Object> gvk;
  private final @Nullable Map<String, Object> resource;
  private final StringBuilder out = new StringBuilder();

  RecordWriter(
      String schemaName,
      Map<String, Map<String, Object>> types,
      @Nullable Map<String, Object> gvk,
      @Nullable Map<String, Object> resource) {
    this.schemaName = schemaName;
    this.name = JavaNames.simpleName(schemaName);
    this.gvk = gvk;
    this.resource = resource;
    Map<String, Object> type = types.getOrDefault(schemaName, Map.of());
    List<?> required = (List<?>) type.getOrDefault("required", List.of());
    SchemaData.properties(type)
        .forEach(
            (json, node) -> {
              if (gvk != null && (json.equals("kind") || json.equals("apiVersion"))) {
                return;
              }
              FieldType fieldType = FieldType.of(SchemaData.map(node), types);
              boolean isRequired = required.contains(json);
              fields.add(
                  new Field(
                      json,
                      JavaNames.component(json),
                      fieldType,
                      isRequired,
                      shape(json, fieldType, isRequired)));
            });
  }

  private Shape shape(String json, FieldType type, boolean required) {
    if (type instanceof FieldType.ListOf || type instanceof FieldType.MapOf) {
      return Shape.CONTAINER;
    }
    if (type instanceof FieldType.Struct s) {
      boolean self = s.java().equals(JavaNames.className(schemaName));
      return !self && NEVER_NULL.contains(json) ? Shape.NEVER_NULL_STRUCT : Shape.NULLABLE;
    }
    if (type == FieldType.STRING && (required || schemaName.equals(OBJECT_META))) {
      return Shape.TEXT;
    }
    boolean number = primitive(type) != null;
    return required && number ? Shape.PRIMITIVE : Shape.NULLABLE;
  }

  private static @Nullable String primitive(FieldType type) {
    return switch (type.java()) {
      case "Integer" -> "int";
      case "Long" -> "long";
      case "Double" -> "double";
      case "Boolean" -> "boolean";
      default -> null;
    };
  }

  /** The whole source file. */
  String source() {
    line("package " + JavaNames.packageOf(schemaName) + ";");
    line("");
    line("import io.kubra.model.Codec;");
    line("import org.jspecify.annotations.NullMarked;");
    line("import org.jspecify.annotations.Nullable;");
    line("import tools.jackson.core.JsonGenerator;");
    line("import tools.jackson.core.JsonParser;");
    line("import tools.jackson.core.JsonToken;");
    line("");
    line("/** The Kubernetes API type {@code " + schemaName + "}. Generated; immutable. */");
    line("@NullMarked");
    line("public record " + name + "(");
    for (Field f : fields) {
      line("    " + declared(f) + " " + f.name + ",");
    }
    line("    java.util.Map<String, Object> additional)");
    line("    implements " + interfaceName() + " {");
    constants();
    constructor();
    withers();
    line("  public static Builder builder() { return new Builder(); }");
    line("  public Builder toBuilder() {");
    line("    Builder b = new Builder();");
    for (Field f : fields) {
      line("    b." + f.name + " = " + f.name + ";");
    }
    line("    b.additional = additional;");
    line("    return b;");
    line("  }");
    reader();
    writer();
    builder();
    line("}");
    return out.toString();
  }

  private String interfaceName() {
    return resource != null ? "io.kubra.model.KubernetesObject" : "io.kubra.model.ModelType";
  }

  private void constants() {
    line("  private static final " + name + " EMPTY = new Builder().build();");
    line("  /** The value with nothing set. */");
    line("  public static " + name + " empty() { return EMPTY; }");
    if (gvk == null) {
      return;
    }
    String apiVersion = apiVersion(gvk);
    if (resource != null) {
      line("  /** The resource that serves this type. */");
      line("  public static final io.kubra.model.ResourceType<" + name + "> RESOURCE =");
      line(
          "      new io.kubra.model.ResourceType<>(\"%s\", \"%s\", \"%s\", \"%s\", %s, %s.class, %s::read);"
              .formatted(
                  gvk.get("group"),
                  gvk.get("version"),
                  resource.get("name"),
                  gvk.get("kind"),
                  resource.get("namespaced"),
                  name,
                  name));
      line("  @Override");
    }
    line("  public String apiVersion() { return \"" + apiVersion + "\"; }");
    line(resource != null ? "  @Override" : "");
    line("  public String kind() { return \"" + gvk.get("kind") + "\"; }");
  }

  static String apiVersion(Map<String, Object> gvk) {
    Object group = gvk.getOrDefault("group", "");
    return group.equals("") ? String.valueOf(gvk.get("version")) : group + "/" + gvk.get("version");
  }

  private String declared(Field f) {
    return switch (f.shape) {
      case PRIMITIVE -> Objects.requireNonNull(primitive(f.type));
      case TEXT, NEVER_NULL_STRUCT, CONTAINER -> f.type.java();
      case NULLABLE -> nullable(f.type.java());
    };
  }

  private static String nullable(String type) {
    if (type.equals("byte[]")) {
      return "byte @Nullable []";
    }
    int dot = type.lastIndexOf('.');
    return dot < 0
        ? "@Nullable " + type
        : type.substring(0, dot + 1) + "@Nullable " + type.substring(dot + 1);
  }

  private void constructor() {
    line("  public " + name + " {");
    for (Field f : fields) {
      if (f.shape == Shape.CONTAINER) {
        line("    " + f.name + " = Codec.immutable(" + f.name + ");");
      }
    }
    line("    additional = Codec.immutable(additional);");
    line("  }");
  }

  private void withers() {
    if (gvk == null) {
      return;
    }
    for (Field f : fields) {
      if (f.shape == Shape.NEVER_NULL_STRUCT) {
        String method = "with" + Character.toUpperCase(f.name.charAt(0)) + f.name.substring(1);
        if (resource != null && f.name.equals("metadata")) {
          line("  @Override");
        }
        line("  public " + name + " " + method + "(" + f.type.java() + " value) {");
        line("    return toBuilder()." + f.name + "(value).build();");
        line("  }");
      }
    }
  }

  private void reader() {
    line("  /** Reads the object whose START_OBJECT the parser stands at. */");
    line("  public static " + name + " read(JsonParser p) {");
    line("    Codec.startObject(p);");
    line("    Builder b = new Builder();");
    line("    for (String name = p.nextName(); name != null; name = p.nextName()) {");
    line("      if (p.nextToken() == JsonToken.VALUE_NULL) { continue; }");
    line("      switch (name) {");
    for (Field f : fields) {
      line("        case \"" + f.json + "\" -> b." + f.name + " = " + f.type.read("p") + ";");
    }
    if (gvk != null) {
      line("        case \"kind\", \"apiVersion\" -> p.skipChildren();");
    }
    line("        default -> b.additional = Codec.additional(b.additional, name, p);");
    line("      }");
    line("    }");
    line("    return b.build();");
    line("  }");
  }

  private void writer() {
    line("  @Override");
    line("  public void write(JsonGenerator g) {");
    line("    g.writeStartObject();");
    if (gvk != null) {
      line("    g.writeStringProperty(\"kind\", \"" + gvk.get("kind") + "\");");
      line("    g.writeStringProperty(\"apiVersion\", \"" + apiVersion(gvk) + "\");");
    }
    for (Field f : fields) {
      String put = "g.writeName(\"" + f.json + "\"); " + f.type.write("g", f.name);
      String condition =
          switch (f.shape) {
            case PRIMITIVE -> null;
            case TEXT ->
                f.required && !schemaName.equals(OBJECT_META) ? null : "!" + f.name + ".isEmpty()";
            case NEVER_NULL_STRUCT -> f.name + " != " + f.type.java() + ".empty()";
            case CONTAINER -> f.required ? null : "!" + f.name + ".isEmpty()";
            case NULLABLE -> f.name + " != null";
          };
      line(condition == null ? "    " + put : "    if (" + condition + ") { " + put + " }");
    }
    line("    Codec.additional(g, additional);");
    line("    g.writeEndObject();");
    line("  }");
  }

  private void builder() {
    line("  /** Builds a {@link " + name + "}. Not for use by several threads. */");
    line("  public static final class Builder {");
    for (Field f : fields) {
      String initial =
          switch (f.shape) {
            case PRIMITIVE, NULLABLE -> "";
            case TEXT -> " = \"\"";
            case NEVER_NULL_STRUCT -> " = " + f.type.java() + ".empty()";
            case CONTAINER ->
                f.type instanceof FieldType.ListOf
                    ? " = java.util.List.of()"
                    : " = java.util.Map.of()";
          };
      line("    private " + declared(f) + " " + f.name + initial + ";");
    }
    line("    private java.util.Map<String, Object> additional = java.util.Map.of();");
    line("    private Builder() {}");
    for (Field f : fields) {
      line("    public Builder " + f.name + "(" + declared(f) + " value) {");
      line("      this." + f.name + " = value;");
      line("      return this;");
      line("    }");
    }
    line("    public Builder additional(java.util.Map<String, Object> value) {");
    line("      this.additional = value;");
    line("      return this;");
    line("    }");
    StringBuilder arguments = new StringBuilder();
    for (Field f : fields) {
      arguments.append(f.name).append(", ");
    }
    line("    public " + name + " build() {");
    line("      return new " + name + "(" + arguments + "additional);");
    line("    }");
    line("  }");
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
