package io.kubra.apiserver.rules;

import java.util.Map;

/**
 * Translates between a served version of a resource and the version it is stored in, both ways and
 * without loss. Trees may be changed in place; apiVersion and kind are set by the implementation.
 */
public interface VersionConversion {

  /** From the served version to the stored one. */
  Map<String, Object> toStorage(Map<String, Object> served);

  /** From the stored version to the served one. */
  Map<String, Object> fromStorage(Map<String, Object> stored);
}
