package io.kubra.apiserver.request;

import io.kubra.api.meta.GroupVersion;
import io.kubra.api.schema.ResourceInfo;
import java.util.List;

/** Where group versions are registered that others serve. Safe from any thread. */
public interface GroupRegistry {

  /** Serves a group version, instead of who served it before; it appears in discovery at once. */
  void serve(LocalGroup group, List<ResourceInfo> resources);

  /** Serves a group version no more. */
  void withdraw(GroupVersion version);
}
