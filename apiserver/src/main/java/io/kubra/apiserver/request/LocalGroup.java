package io.kubra.apiserver.request;

import io.kubra.api.meta.GroupVersion;

/**
 * A group and version whose objects are not stored here but answered by a component of the same
 * process, as an aggregated API server would. Its resources are in the server's catalogue. Its
 * requests come authenticated and authorised.
 */
public interface LocalGroup {
  /** Which group and version. */
  GroupVersion version();

  /**
   * Answers a request for one of the group's resources.
   *
   * @return false if there is no such resource
   */
  boolean handle(RequestContext context) throws Exception;
}
