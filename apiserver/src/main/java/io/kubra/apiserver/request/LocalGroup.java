package io.kubra.apiserver.request;

import io.kubra.api.meta.GroupVersion;
import io.kubra.api.schema.AddedResource;

/**
 * A group and version whose objects are not stored here but answered by a component of the same
 * process, as an aggregated API server would. Its resources are in the server's catalogue. Its
 * requests come authenticated and authorised.
 */
public interface LocalGroup {
  /** Which group and version. */
  GroupVersion version();

  /** The priority of the group, as {@code groupPriorityMinimum} of an APIService. */
  default int priority() {
    return AddedResource.CUSTOM_PRIORITY;
  }

  /**
   * Answers a request for one of the group's resources.
   *
   * @return false if there is no such resource
   */
  boolean handle(RequestContext context) throws Exception;
}
