package io.kubra.api.structural;

import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.ObjectForm;
import io.kubra.api.schema.Schema;
import io.kubra.api.schema.SchemaWalk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decodes custom resources: fields that the schema does not know are pruned, metadata is decoded as
 * that of built-in objects, and everything else stays as it was sent, for validation to look at.
 */
public record CustomForm(Schema schema) implements ObjectForm {
  private static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

  /** Metadata below its own name, so that problems are told with their whole path. */
  private static final Schema METADATA =
      Schema.builder(Schema.Kind.OBJECT)
          .field("metadata", Catalogue.builtin().type(OBJECT_META), false)
          .build();

  @Override
  public List<String> decode(Map<String, Object> tree) {
    List<String> problems = new ArrayList<>(SchemaWalk.unknownFields(schema, tree, true));
    if (tree.get("metadata") instanceof Object metadata) {
      Map<String, Object> alone = new LinkedHashMap<>();
      alone.put("metadata", metadata);
      problems.addAll(SchemaWalk.decode(METADATA, alone));
    }
    return problems;
  }
}
