package io.kubra.api.schema;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.meta.GroupVersionResource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A resource that a server offers: its names, scope, verbs, subresources and schema.
 *
 * @param listName the kind of a list of such objects, without group and version
 */
public record ResourceInfo(
    GroupVersionResource gvr,
    GroupVersionKind kind,
    String singular,
    boolean namespaced,
    List<String> shortNames,
    List<String> categories,
    List<String> verbs,
    List<SubresourceInfo> subresources,
    Schema schema,
    String listName) {

  /** A resource whose lists are named after its kind, as those of all built-in ones are. */
  public ResourceInfo(
      GroupVersionResource gvr,
      GroupVersionKind kind,
      String singular,
      boolean namespaced,
      List<String> shortNames,
      List<String> categories,
      List<String> verbs,
      List<SubresourceInfo> subresources,
      Schema schema) {
    this(
        gvr,
        kind,
        singular,
        namespaced,
        shortNames,
        categories,
        verbs,
        subresources,
        schema,
        kind.kind() + "List");
  }

  /**
   * Whether the version is generally available ({@code v1}, {@code v2}, …) and so on by default.
   */
  public boolean stable() {
    String version = gvr.version();
    return version.length() > 1
        && version.charAt(0) == 'v'
        && version.chars().skip(1).allMatch(c -> c >= '0' && c <= '9');
  }

  /** The resource without its version. */
  public GroupResource groupResource() {
    return gvr.groupResource();
  }

  /** The kind of a list of such objects. */
  public GroupVersionKind listKind() {
    return new GroupVersionKind(kind.group(), kind.version(), listName);
  }

  /** Whether the verb is offered on the resource itself. */
  public boolean supports(String verb) {
    return verbs.contains(verb);
  }

  /** The subresource of that name, or null. */
  public @Nullable SubresourceInfo subresource(String name) {
    for (SubresourceInfo subresource : subresources) {
      if (subresource.name().equals(name)) {
        return subresource;
      }
    }
    return null;
  }
}
