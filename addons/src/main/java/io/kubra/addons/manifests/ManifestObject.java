package io.kubra.addons.manifests;

import io.kubra.api.tree.Trees;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An object of a manifest, or the memory of one.
 *
 * @param namespace as written; empty for none
 * @param uid the object's in the cluster; empty if it is not known
 */
record ManifestObject(String apiVersion, String kind, String namespace, String name, String uid) {

  /** What a manifest says; its uid is not known. */
  static ManifestObject of(Map<String, Object> tree) {
    return new ManifestObject(
        Trees.stringOr(tree, "", "apiVersion"),
        Trees.stringOr(tree, "", "kind"),
        Trees.stringOr(tree, "", "metadata", "namespace"),
        Trees.stringOr(tree, "", "metadata", "name"),
        "");
  }

  /** What an Addon's status remembers. */
  static ManifestObject remembered(Map<String, Object> entry) {
    return new ManifestObject(
        Trees.stringOr(entry, "", "apiVersion"),
        Trees.stringOr(entry, "", "kind"),
        Trees.stringOr(entry, "", "namespace"),
        Trees.stringOr(entry, "", "name"),
        Trees.stringOr(entry, "", "uid"));
  }

  /** As {@link #remembered} reads it. */
  Map<String, Object> entry() {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("apiVersion", apiVersion);
    entry.put("kind", kind);
    if (!namespace.isEmpty()) {
      entry.put("namespace", namespace);
    }
    entry.put("name", name);
    if (!uid.isEmpty()) {
      entry.put("uid", uid);
    }
    return entry;
  }

  /** Tells objects apart; the version is none of what makes an object. */
  String key() {
    int slash = apiVersion.indexOf('/');
    return (slash < 0 ? "" : apiVersion.substring(0, slash))
        + "/"
        + kind
        + "/"
        + namespace
        + "/"
        + name;
  }

  ManifestObject in(String otherNamespace) {
    return new ManifestObject(apiVersion, kind, otherNamespace, name, uid);
  }

  ManifestObject withUid(String known) {
    return new ManifestObject(apiVersion, kind, namespace, name, known);
  }

  /** For messages: {@code Deployment "shop/web"}. */
  @Override
  public String toString() {
    return kind + " \"" + (namespace.isEmpty() ? name : namespace + "/" + name) + '"';
  }
}
