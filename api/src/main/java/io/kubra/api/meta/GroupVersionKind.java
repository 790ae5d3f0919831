package io.kubra.api.meta;

import org.jspecify.annotations.Nullable;

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

  // written out: the compiler's version costs tens of milliseconds at its first use
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GroupVersionKind o
        && kind.equals(o.kind)
        && version.equals(o.version)
        && group.equals(o.group);
  }

  @Override
  public int hashCode() {
    return (group.hashCode() * 31 + version.hashCode()) * 31 + kind.hashCode();
  }
}
