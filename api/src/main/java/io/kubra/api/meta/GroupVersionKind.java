package io.kubra.api.meta;

/** A kind of object in one version of one group. */
public record GroupVersionKind(String group, String version, String kind) {
  /**
   * Of the two type fields of an object.
   *
   * @throws IllegalArgumentException if {@code apiVersion} is malformed
   */
  public static GroupVersionKind of(String apiVersion, String kind) {
    return GroupVersion.parse(apiVersion).kind(kind);
  }

  /** The group and version. */
  public GroupVersion groupVersion() {
    return new GroupVersion(group, version);
  }

  /** The {@code apiVersion} field of such objects. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  @Override
  public String toString() {
    return apiVersion() + ", Kind=" + kind;
  }
}
