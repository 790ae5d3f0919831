package io.kubra.api.meta;

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
}
