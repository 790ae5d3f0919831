package io.kubra.apiserver.rules;

import java.util.List;
import java.util.Map;

/**
 * How objects of a custom resource are kept: in one version, whichever they were written in, and
 * read by the schema that is in force now. Trees may be changed in place.
 */
public interface StoredForm {

  /** From the stored tree to one in the served version. */
  Map<String, Object> read(Map<String, Object> stored);

  /** As {@link #read} for many, at once where that costs less; the list may be the given one. */
  default List<Map<String, Object>> readAll(List<Map<String, Object>> stored) {
    return stored.stream().map(this::read).toList();
  }

  /** From a tree in the served version to the one to be stored. */
  Map<String, Object> write(Map<String, Object> served);

  /** Whether fields have the same places in all versions. */
  default boolean keepsFields() {
    return true;
  }

  /** Whether stored objects are served as they are. */
  boolean verbatim();
}
