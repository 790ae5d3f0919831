package io.kubra.api.meta;

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
}
