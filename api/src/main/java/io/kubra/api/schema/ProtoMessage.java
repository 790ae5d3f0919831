package io.kubra.api.schema;

import java.util.Map;

/**
 * A protobuf message without a JSON type of its own, such as the sources embedded in a Volume.
 *
 * @param fields by JSON name
 */
public record ProtoMessage(String name, Map<String, ProtoField> fields) {
  /** The number and wire type of a field. */
  public record ProtoField(String name, int number, String wire) {}
}
