package io.kubra.apiserver.encoding;

import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.AddedResource;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.DecodeException;
import io.kubra.api.schema.Schema;
import io.kubra.api.schema.SchemaWalk;
import io.kubra.api.status.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Checks parsed bodies against their kind's schema, as typed decoding would. */
public final class ObjectDecoder {
  private final Catalogue catalogue;

  public ObjectDecoder(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** The schemas in use. */
  public Catalogue catalogue() {
    return catalogue;
  }

  /**
   * Checks kind, version and types; unknown and duplicate fields are dropped, warned of or refused.
   *
   * @return the tree, normalised, without unknown fields
   * @throws ApiException 400
   */
  public Map<String, Object> decode(
      Map<String, Object> tree,
      GroupVersionKind expected,
      FieldValidation validation,
      List<String> duplicates,
      Consumer<String> warnings) {
    checkKind(tree, expected);
    Schema schema = catalogue.typeOf(expected);
    if (schema == null) {
      return tree;
    }
    List<String> problems = new ArrayList<>(duplicates.size());
    duplicates.forEach(d -> problems.add("duplicate field \"" + d + "\""));
    try {
      AddedResource added = catalogue.addedKind(expected);
      problems.addAll(added != null ? added.form().decode(tree) : SchemaWalk.decode(schema, tree));
    } catch (DecodeException e) {
      throw SchemaWalk.cannotBeHandled(expected, e.message());
    }
    if (!problems.isEmpty()) {
      switch (validation) {
        case STRICT -> throw SchemaWalk.strictError(expected, problems);
        case WARN -> problems.forEach(warnings);
        case IGNORE -> {}
      }
    }
    return tree;
  }

  private static void checkKind(Map<String, Object> tree, GroupVersionKind expected) {
    String apiVersion =
        expected.group().isEmpty()
            ? expected.version()
            : expected.group() + "/" + expected.version();
    Object kind = tree.get("kind");
    Object version = tree.get("apiVersion");
    if (version != null && !version.equals("") && !version.equals(apiVersion)) {
      throw ApiException.badRequest(
          "the API version in the data ("
              + version
              + ") does not match the expected API version ("
              + apiVersion
              + ")");
    }
    if (kind != null && !kind.equals("") && !kind.equals(expected.kind())) {
      throw ApiException.badRequest(
          kind
              + " in version \""
              + expected.version()
              + "\" cannot be handled as a "
              + expected.kind()
              + ": the kind in the data does not match the resource");
    }
    tree.put("apiVersion", apiVersion);
    tree.put("kind", expected.kind());
  }
}
