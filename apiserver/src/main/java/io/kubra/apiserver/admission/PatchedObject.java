package io.kubra.apiserver.admission;

import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.DecodeException;
import io.kubra.api.schema.Schema;
import io.kubra.api.schema.SchemaWalk;
import io.kubra.api.structural.CustomForm;
import java.util.Map;

/** Objects that a plugin patched by what others told it. */
public final class PatchedObject {
  private PatchedObject() {}

  /** The schema of a kind in a version of a resource. */
  public static Schema schema(ServedForm form, GroupVersionKind kind) {
    Schema builtin = Catalogue.builtin().typeOf(kind);
    return builtin != null ? builtin : form.resource().schema();
  }

  /**
   * Brings an object into the shape of its kind, as if a client had sent it.
   *
   * @throws DecodeException if a value has the wrong type
   */
  public static void decode(Map<String, Object> object, ServedForm form, GroupVersionKind kind) {
    Schema builtin = Catalogue.builtin().typeOf(kind);
    if (builtin != null) {
      SchemaWalk.decode(builtin, object);
    } else if (kind.equals(form.resource().kind())) {
      new CustomForm(form.resource().schema()).decode(object);
    }
  }
}
