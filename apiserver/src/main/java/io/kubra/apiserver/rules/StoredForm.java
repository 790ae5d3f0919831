package io.kubra.apiserver.rules;

import java.util.Map;

/**
 * How objects of a custom resource are kept: in one version, whichever they were written in, and
 * read by the schema that is in force now. Trees may be changed in place.
 */
public interface StoredForm {

  /** From the stored tree to one in the served version. */
  Map<String, Object> read(Map<String, Object> stored);

  /** From a tree in the served version to the one to be stored. */
  Map<String, Object> write(Map<String, Object> served);

  /** Whether stored objects are served as they are. */
  boolean verbatim();
}
