package io.kubra.api.meta;

import org.jspecify.annotations.Nullable;

/** A resource (plural name) in one version of one group. */
public record GroupVersionResource(String group, String version, String resource) {
  /** The group and version. */
  public GroupVersion groupVersion() {
    return new GroupVersion(group, version);
  }

  /** The resource without its version. */
  public GroupResource groupResource() {
    return new GroupResource(group, resource);
  }

  @Override
  public String toString() {
    return groupVersion() + ", Resource=" + resource;
  }

  // written out: the compiler's version costs tens of milliseconds at its first use
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GroupVersionResource o
        && resource.equals(o.resource)
        && version.equals(o.version)
        && group.equals(o.group);
  }

  @Override
  public int hashCode() {
    return (group.hashCode() * 31 + version.hashCode()) * 31 + resource.hashCode();
  }
}
