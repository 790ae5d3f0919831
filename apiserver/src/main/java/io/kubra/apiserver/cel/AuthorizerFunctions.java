package io.kubra.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionOverload;
import io.kubra.apiserver.auth.Decision;
import io.kubra.apiserver.auth.RequestAttributes;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.cel.Function.Arg;
import java.util.List;

/** The authorizer library: questions to the cluster's authoriser. */
final class AuthorizerFunctions {
  static final CelType TYPE = OpaqueType.create("kubernetes.authorization.Authorizer");
  static final CelType RESOURCE_TYPE = OpaqueType.create("kubernetes.authorization.ResourceCheck");
  private static final CelType PATH_TYPE = OpaqueType.create("kubernetes.authorization.PathCheck");
  private static final CelType GROUP_TYPE =
      OpaqueType.create("kubernetes.authorization.GroupCheck");
  private static final CelType DECISION_TYPE =
      OpaqueType.create("kubernetes.authorization.Decision");

  private static final Arg AUTHORIZER = new Arg(TYPE, AuthorizerValue.class);
  private static final Arg PATH = new Arg(PATH_TYPE, PathCheck.class);
  private static final Arg GROUP = new Arg(GROUP_TYPE, GroupCheck.class);
  private static final Arg RESOURCE = new Arg(RESOURCE_TYPE, AuthorizerValue.ResourceCheck.class);
  private static final Arg DECISION = new Arg(DECISION_TYPE, Decision.class);

  private record PathCheck(AuthorizerValue authorizer, String path) {}

  private record GroupCheck(AuthorizerValue authorizer, String group) {}

  static final List<Function> ALL =
      List.of(
          named("path", AUTHORIZER, PATH_TYPE, a -> path((AuthorizerValue) a[0], (String) a[1])),
          named(
              "group",
              AUTHORIZER,
              GROUP_TYPE,
              a -> new GroupCheck((AuthorizerValue) a[0], (String) a[1])),
          Function.of(
              "serviceAccount",
              Function.member(
                  "authorizer_serviceaccount",
                  TYPE,
                  List.of(AUTHORIZER, Arg.STRING, Arg.STRING),
                  a -> account((AuthorizerValue) a[0], (String) a[1], (String) a[2]))),
          named(
              "resource",
              GROUP,
              RESOURCE_TYPE,
              a ->
                  ((GroupCheck) a[0])
                      .authorizer()
                      .resource(((GroupCheck) a[0]).group(), (String) a[1])),
          named("subresource", RESOURCE, RESOURCE_TYPE, a -> of(a).withSubresource((String) a[1])),
          named("namespace", RESOURCE, RESOURCE_TYPE, a -> of(a).withNamespace((String) a[1])),
          named("name", RESOURCE, RESOURCE_TYPE, a -> of(a).withName((String) a[1])),
          // Authorisers here know no selectors, so these narrow nothing, which is always safe.
          named("fieldSelector", RESOURCE, RESOURCE_TYPE, a -> of(a)),
          named("labelSelector", RESOURCE, RESOURCE_TYPE, a -> of(a)),
          Function.of(
              "check",
              Function.member(
                  "pathcheck_check",
                  DECISION_TYPE,
                  List.of(PATH, Arg.STRING),
                  a -> check((PathCheck) a[0], (String) a[1])),
              Function.member(
                  "resourcecheck_check",
                  DECISION_TYPE,
                  List.of(RESOURCE, Arg.STRING),
                  a -> of(a).check((String) a[1]))),
          said("allowed", SimpleType.BOOL, a -> ((Decision) a[0]).allowed()),
          said("reason", SimpleType.STRING, a -> ((Decision) a[0]).reason()),
          said("errored", SimpleType.BOOL, a -> false),
          said("error", SimpleType.STRING, a -> ""));

  private AuthorizerFunctions() {}

  private static Function named(String name, Arg target, CelType result, CelFunctionOverload code) {
    return Function.of(
        name, Function.member("authorizer_" + name, result, List.of(target, Arg.STRING), code));
  }

  private static Function said(String name, CelType result, CelFunctionOverload code) {
    return Function.of(name, Function.member("decision_" + name, result, List.of(DECISION), code));
  }

  private static AuthorizerValue.ResourceCheck of(Object[] arguments) {
    return (AuthorizerValue.ResourceCheck) arguments[0];
  }

  private static PathCheck path(AuthorizerValue authorizer, String path)
      throws CelEvaluationException {
    if (path.isEmpty()) {
      throw new CelEvaluationException("path must not be empty");
    }
    return new PathCheck(authorizer, path);
  }

  private static Decision check(PathCheck check, String verb) {
    AuthorizerValue a = check.authorizer();
    return a.authorizer().authorize(RequestAttributes.nonResource(a.user(), verb, check.path()));
  }

  private static AuthorizerValue account(
      AuthorizerValue authorizer, String namespace, String name) {
    UserInfo user =
        UserInfo.of(
            "system:serviceaccount:" + namespace + ":" + name,
            "system:serviceaccounts",
            "system:serviceaccounts:" + namespace,
            "system:authenticated");
    return new AuthorizerValue(authorizer.authorizer(), user);
  }
}
