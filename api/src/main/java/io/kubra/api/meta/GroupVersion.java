package io.kubra.api.meta;

import org.jspecify.annotations.Nullable;

/** An API group and version; the core group is the empty string. */
public record GroupVersion(String group, String version) {
  /**
   * Reads {@code apps/v1} or {@code v1}.
   *
   * @throws IllegalArgumentException if there is more than one slash
   */
  public static GroupVersion parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return new GroupVersion("", text);
    }
    if (text.indexOf('/', slash + 1) >= 0) {
      throw new IllegalArgumentException("unexpected GroupVersion string: " + text);
    }
    return new GroupVersion(text.substring(0, slash), text.substring(slash + 1));
  }

  /** The kind of that name in this version. */
  public GroupVersionKind kind(String kind) {
    return new GroupVersionKind(group, version, kind);
  }

  /** The resource of that plural name in this version. */
  public GroupVersionResource resource(String resource) {
    return new GroupVersionResource(group, version, resource);
  }

  /** The form of {@code apiVersion} fields. */
  @Override
  public String toString() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  // written out: the compiler's version costs tens of milliseconds at its first use
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GroupVersion o && version.equals(o.version) && group.equals(o.group);
  }

  @Override
  public int hashCode() {
    return group.hashCode() * 31 + version.hashCode();
  }
}
