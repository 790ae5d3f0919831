package io.kubra.apiserver.cel;

import dev.cel.common.types.CelType;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.auth.Decision;
import io.kubra.apiserver.auth.RequestAttributes;
import io.kubra.apiserver.auth.UserInfo;

/** {@code authorizer} in expressions: what a user may do. */
public record AuthorizerValue(Authorizer authorizer, UserInfo user) {

  /** The type of the variable. */
  public static CelType type() {
    return AuthorizerFunctions.TYPE;
  }

  /** The type of {@code authorizer.requestResource}. */
  public static CelType resourceType() {
    return AuthorizerFunctions.RESOURCE_TYPE;
  }

  /** The beginning of a question about a resource. */
  public ResourceCheck resource(String group, String resource) {
    return new ResourceCheck(this, group, resource, "", "", "");
  }

  /** A question about a resource, to which only the verb is missing. */
  public record ResourceCheck(
      AuthorizerValue authorizer,
      String group,
      String resource,
      String subresource,
      String namespace,
      String name) {

    public ResourceCheck withSubresource(String value) {
      return new ResourceCheck(authorizer, group, resource, value, namespace, name);
    }

    public ResourceCheck withNamespace(String value) {
      return new ResourceCheck(authorizer, group, resource, subresource, value, name);
    }

    public ResourceCheck withName(String value) {
      return new ResourceCheck(authorizer, group, resource, subresource, namespace, value);
    }

    Decision check(String verb) {
      return authorizer
          .authorizer()
          .authorize(
              RequestAttributes.resource(
                  authorizer.user(), verb, group, "*", resource, subresource, namespace, name));
    }
  }
}
