package io.kubra.api.schema;

import java.util.List;
import java.util.Map;

/** How objects of a kind are brought into shape where the walk of its schema is not enough. */
@FunctionalInterface
public interface ObjectForm {

  /**
   * Brings a tree into shape, in place.
   *
   * @return {@code unknown field "spec.foo"} for each field that was dropped
   * @throws DecodeException if the tree cannot be of the kind
   */
  List<String> decode(Map<String, Object> tree);
}
