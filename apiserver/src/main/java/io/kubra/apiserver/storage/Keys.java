package io.kubra.apiserver.storage;

import io.kubra.api.meta.GroupVersionResource;
import io.kubra.apiserver.cache.StoreFeed;

/** The layout of the store's keys: {@code /registry/group/resource/[namespace/]name}. */
final class Keys {
  private Keys() {}

  static String prefix(GroupVersionResource r) {
    return StoreFeed.ROOT + (r.group().isEmpty() ? "core" : r.group()) + "/" + r.resource() + "/";
  }

  static String apiVersion(String group, String version) {
    return group.isEmpty() ? version : group + "/" + version;
  }
}
