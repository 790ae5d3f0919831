package io.kubra.apiserver.customresource;

import io.kubra.api.schema.Schema;
import io.kubra.api.schema.SchemaWalk;
import io.kubra.apiserver.rules.StoredForm;
import java.util.List;
import java.util.Map;

/**
 * Stores every version as one and reads by the schema in force: what it no longer knows is dropped,
 * what it fills in is there.
 *
 * @param converter between the versions
 * @param unchanged whether all stored objects were written with this very schema
 */
record CustomForms(
    Schema type,
    CustomVersionSchema schema,
    String servedApiVersion,
    String storedApiVersion,
    boolean unchanged,
    Converter converter)
    implements StoredForm {

  @Override
  public Map<String, Object> read(Map<String, Object> stored) {
    return verbatim() ? stored : shaped(converter.convert(stored, servedApiVersion));
  }

  @Override
  public List<Map<String, Object>> readAll(List<Map<String, Object>> stored) {
    return verbatim()
        ? stored
        : converter.convert(stored, servedApiVersion).stream().map(this::shaped).toList();
  }

  private Map<String, Object> shaped(Map<String, Object> object) {
    SchemaWalk.unknownFields(type, object, true);
    schema.structural().applyDefaults(object);
    return object;
  }

  @Override
  public Map<String, Object> write(Map<String, Object> served) {
    return converter.convert(served, storedApiVersion);
  }

  @Override
  public boolean keepsFields() {
    return converter.keepsFields();
  }

  @Override
  public boolean verbatim() {
    return unchanged && servedApiVersion.equals(storedApiVersion);
  }
}
