package io.kubra.api.meta;

import org.jspecify.annotations.Nullable;

/** A resource of a group, whatever the version. */
public record GroupResource(String group, String resource) {
  /** The resource in one version. */
  public GroupVersionResource version(String version) {
    return new GroupVersionResource(group, version, resource);
  }

  /** {@code deployments.apps}, or {@code pods} in the core group. */
  @Override
  public String toString() {
    return group.isEmpty() ? resource : resource + "." + group;
  }

  // written out: the compiler's version costs tens of milliseconds at its first use
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GroupResource o && resource.equals(o.resource) && group.equals(o.group);
  }

  @Override
  public int hashCode() {
    return group.hashCode() * 31 + resource.hashCode();
  }
}
