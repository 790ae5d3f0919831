package io.kubra.apiserver.customresource;

import io.kubra.api.jsonpath.JsonPath;
import io.kubra.api.status.ApiException;
import io.kubra.api.status.FieldError;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.RuleContext;
import io.kubra.apiserver.rules.ScalePaths;
import io.kubra.apiserver.table.TablePrinter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules of one version of a custom resource, which its schema gives. */
final class CustomResourceRules implements KindRules {
  private final CustomVersionSchema schema;
  private final TablePrinter printer;
  private final Set<String> selectable;
  private final boolean terminating;
  private final List<String> warnings;
  private final ScalePaths scale;

  CustomResourceRules(
      CustomVersionSchema schema,
      TablePrinter printer,
      Set<String> selectable,
      boolean terminating,
      List<String> warnings,
      ScalePaths scale) {
    this.schema = schema;
    this.printer = printer;
    this.selectable = selectable;
    this.terminating = terminating;
    this.warnings = warnings;
    this.scale = scale;
  }

  @Override
  public void applyDefaults(Map<String, Object> object) {
    schema.structural().applyDefaults(object);
  }

  @Override
  public void prepareForCreate(RuleContext context, Map<String, Object> object) {
    if (terminating) {
      throw ApiException.generic(
          405,
          "MethodNotAllowed",
          "create not allowed while custom resource definition is terminating");
    }
  }

  @Override
  public void prepareForStatusUpdate(
      RuleContext context, Map<String, Object> object, Map<String, Object> old) {
    Object managed = Trees.get(object, "metadata", "managedFields");
    Map<String, Object> metadata = Trees.deepCopy(Trees.ensureMap(old, "metadata"));
    if (managed == null) {
      metadata.remove("managedFields");
    } else {
      metadata.put("managedFields", managed);
    }
    object.put("metadata", metadata);
  }

  @Override
  public List<FieldError> validate(Map<String, Object> object) {
    return schema.validate(object, null);
  }

  @Override
  public List<FieldError> validateUpdate(Map<String, Object> object, Map<String, Object> old) {
    return schema.validate(object, old);
  }

  @Override
  public List<FieldError> validateStatusUpdate(
      Map<String, Object> object, Map<String, Object> old) {
    return schema.validate(object, old);
  }

  @Override
  public Set<String> selectableFieldNames() {
    return selectable;
  }

  @Override
  public List<String> warnings(Map<String, Object> object) {
    return warnings;
  }

  @Override
  public ScalePaths scalePaths() {
    return scale;
  }

  @Override
  public boolean generationTracked() {
    return true;
  }

  @Override
  public boolean allowUnconditionalUpdate() {
    return false;
  }

  @Override
  public @Nullable TablePrinter printer() {
    return printer;
  }

  /** The values at these paths, by path without its leading dot, for field selectors. */
  static Map<String, String> select(Map<String, JsonPath> paths, Map<String, Object> object) {
    if (paths.isEmpty()) {
      return Map.of();
    }
    Map<String, String> values = new HashMap<>();
    paths.forEach(
        (name, path) -> {
          List<Object> found = path.find(object);
          values.put(name, found.isEmpty() ? "" : String.valueOf(found.getFirst()));
        });
    return values;
  }

  /** Reads paths; their names have no leading dot. */
  static Map<String, JsonPath> paths(List<String> texts) {
    Map<String, JsonPath> paths = new LinkedHashMap<>();
    for (String text : texts) {
      paths.put(text.startsWith(".") ? text.substring(1) : text, JsonPath.parse(text));
    }
    return paths;
  }

  @Override
  public boolean anyFinalizer() {
    return true;
  }
}
