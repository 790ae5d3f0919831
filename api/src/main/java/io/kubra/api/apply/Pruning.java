package io.kubra.api.apply;

import io.kubra.api.schema.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Removes what an applier owned before and has stopped applying, unless somebody else owns it.
 * First everything it owned goes, then what any manager owns comes back, and last whatever went
 * along without having been the applier's.
 */
final class Pruning {
  private Pruning() {}

  /** The merged object without what only the applier's last configuration asked for. */
  static Map<String, Object> of(
      @Nullable Schema schema, Map<String, Object> merged, FieldSet last, ManagedFields managed) {
    if (last.isEmpty()) {
      return merged;
    }
    FieldSet owned = FieldSet.empty();
    for (ManagedEntry entry : managed.entries()) {
      owned = owned.union(entry.fields());
    }
    FieldSet lost = Extraction.withNamedFields(last, schema);
    FieldSet all = present(schema, merged);
    Map<String, Object> bare = Removal.of(schema, merged, lost);
    FieldSet kept = present(schema, bare).union(Extraction.withNamedFields(owned, schema));
    Map<String, Object> backed = Removal.of(schema, merged, all.difference(kept));
    FieldSet gone = all.difference(present(schema, backed)).intersection(lost);
    return gone.isEmpty() ? merged : Removal.of(schema, merged, gone);
  }

  private static FieldSet present(@Nullable Schema schema, Map<String, Object> tree) {
    return Extraction.withNamedFields(Extraction.of(schema, tree), schema);
  }
}
