package io.kubra.apiserver.storage;

import java.util.Map;

/**
 * How admission sees a write through a subresource whose kind is its own: not the object, but what
 * the subresource shows of it.
 */
public interface SubresourceView {

  /** What the subresource shows of an object; a new tree. */
  Map<String, Object> show(Map<String, Object> object);

  /** Takes over into the object what admission has changed. */
  void take(Map<String, Object> object, Map<String, Object> shown);
}
