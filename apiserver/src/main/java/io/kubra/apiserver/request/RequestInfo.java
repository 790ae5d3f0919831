package io.kubra.apiserver.request;

import java.util.List;

/**
 * A request's meaning, taken from method, path and query alone. For anything that is no resource
 * (not below /api or /apis) only verb (the lower-cased method) and path are set. Texts are empty,
 * never null, where something is absent.
 *
 * @param verb get, list, watch, create, update, patch, delete, deletecollection, proxy …
 * @param parts the path segments from the resource on: resource, name, subresource, further ones
 */
public record RequestInfo(
    boolean resourceRequest,
    String path,
    String verb,
    String group,
    String version,
    String namespace,
    String resource,
    String subresource,
    String name,
    List<String> parts) {

  /** What a connect subresource such as {@code pods/x/proxy/a/b} was asked beyond itself. */
  public String trailingPath() {
    return parts.size() <= 3 ? "" : String.join("/", parts.subList(3, parts.size()));
  }

  /** The resource with its subresource, as in RBAC rules: {@code pods/log}. */
  public String resourceWithSubresource() {
    return subresource.isEmpty() ? resource : resource + "/" + subresource;
  }
}
