package io.kubra.apiserver.customresource;

import io.kubra.api.schema.Schema;
import io.kubra.api.schema.SchemaWalk;
import io.kubra.apiserver.rules.StoredForm;
import java.util.Map;

/**
 * Stores every version as one (conversion strategy None: only apiVersion differs) and reads by the
 * schema in force: what it no longer knows is dropped, what it fills in is there.
 *
 * @param unchanged whether all stored objects were written with this very schema
 */
record CustomForms(
    Schema type,
    CustomVersionSchema schema,
    String servedApiVersion,
    String storedApiVersion,
    boolean unchanged)
    implements StoredForm {

  @Override
  public Map<String, Object> read(Map<String, Object> stored) {
    if (verbatim()) {
      return stored;
    }
    stored.put("apiVersion", servedApiVersion);
    SchemaWalk.unknownFields(type, stored, true);
    schema.structural().applyDefaults(stored);
    return stored;
  }

  @Override
  public Map<String, Object> write(Map<String, Object> served) {
    served.put("apiVersion", storedApiVersion);
    return served;
  }

  @Override
  public boolean verbatim() {
    return unchanged && servedApiVersion.equals(storedApiVersion);
  }
}
