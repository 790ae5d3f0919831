package io.kubra.apiserver.auth;

/**
 * What an authoriser decides about. For resource requests group, version, resource, subresource,
 * namespace and name tell what is touched (empty where not given); otherwise only path does.
 */
public record RequestAttributes(
    UserInfo user,
    String verb,
    boolean resourceRequest,
    String group,
    String version,
    String resource,
    String subresource,
    String namespace,
    String name,
    String path) {

  /** A question about a resource. */
  public static RequestAttributes resource(
      UserInfo user,
      String verb,
      String group,
      String version,
      String resource,
      String subresource,
      String namespace,
      String name) {
    return new RequestAttributes(
        user, verb, true, group, version, resource, subresource, namespace, name, "");
  }

  /** A question about a path that is no resource, such as {@code /metrics}. */
  public static RequestAttributes nonResource(UserInfo user, String verb, String path) {
    return new RequestAttributes(user, verb, false, "", "", "", "", "", "", path);
  }
}
