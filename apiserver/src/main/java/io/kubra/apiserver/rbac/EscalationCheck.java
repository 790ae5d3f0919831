package io.kubra.apiserver.rbac;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.auth.RequestAttributes;
import io.kubra.apiserver.auth.UserInfo;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Nobody grants what they do not have: who writes a role needs all of its permissions or the verb
 * escalate, who writes a binding needs those of the role that is bound, or the verb bind.
 */
public final class EscalationCheck implements AdmissionPlugin {
  private static final PolicyRule EVERYTHING =
      new PolicyRule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of());
  private final RbacAuthorizer rbac;
  private final Authorizer authorizer;

  /**
   * @param authorizer what decides on escalate and bind: the whole chain, not RBAC alone
   */
  public EscalationCheck(RbacAuthorizer rbac, Authorizer authorizer) {
    this.rbac = rbac;
    this.authorizer = authorizer;
  }

  @Override
  public String name() {
    return "RBACEscalationCheck";
  }

  @Override
  public void validate(AdmissionContext context) {
    Map<String, Object> object = context.object();
    boolean write =
        context.operation() == Operation.CREATE || context.operation() == Operation.UPDATE;
    if (object == null
        || !write
        || !context.subresource().isEmpty()
        || !context.resource().gvr().group().equals(RbacAuthorizer.GROUP)
        || context.user().in(UserInfo.MASTERS)) {
      return;
    }
    switch (context.resource().gvr().resource()) {
      case "roles", "clusterroles" -> checkRole(context, object);
      case "rolebindings", "clusterrolebindings" -> checkBinding(context, object);
      default -> {}
    }
  }

  private void checkRole(AdmissionContext context, Map<String, Object> role) {
    Map<String, Object> old = context.oldObject();
    if (old != null
        && Objects.equals(old.get("rules"), role.get("rules"))
        && Objects.equals(old.get("aggregationRule"), role.get("aggregationRule"))) {
      return;
    }
    String name = Trees.stringOr(role, context.name(), "metadata", "name");
    if (may(context, "escalate", context.resource().gvr().resource(), name)) {
      return;
    }
    if (role.get("aggregationRule") != null
        && !RuleCoverage.missing(held(context), List.of(EVERYTHING)).isEmpty()) {
      throw forbidden(
          context, name, "must have cluster-admin privileges to use the aggregationRule");
    }
    requireHeld(context, name, PolicyRule.listOf(role));
  }

  private void checkBinding(AdmissionContext context, Map<String, Object> binding) {
    Map<String, Object> old = context.oldObject();
    if (old != null
        && Objects.equals(old.get("subjects"), binding.get("subjects"))
        && Objects.equals(old.get("roleRef"), binding.get("roleRef"))) {
      return;
    }
    String role = Trees.stringOr(binding, "", "roleRef", "name");
    boolean ofCluster = Trees.stringOr(binding, "", "roleRef", "kind").equals("ClusterRole");
    String roleResource = ofCluster ? "clusterroles" : "roles";
    if (may(context, "bind", roleResource, role)) {
      return;
    }
    List<PolicyRule> rules = rbac.rulesOfRole(ofCluster ? "" : context.namespace(), role);
    if (rules == null) {
      throw ApiException.notFound(RbacAuthorizer.GROUP, roleResource, role);
    }
    requireHeld(context, Trees.stringOr(binding, context.name(), "metadata", "name"), rules);
  }

  private boolean may(AdmissionContext context, String verb, String resource, String name) {
    return authorizer
        .authorize(
            RequestAttributes.resource(
                context.user(),
                verb,
                RbacAuthorizer.GROUP,
                context.resource().gvr().version(),
                resource,
                "",
                context.namespace(),
                name))
        .allowed();
  }

  private List<PolicyRule> held(AdmissionContext context) {
    return rbac.rulesFor(context.user(), context.namespace());
  }

  private void requireHeld(AdmissionContext context, String name, List<PolicyRule> wanted) {
    List<PolicyRule> missing = RuleCoverage.missing(held(context), wanted);
    if (!missing.isEmpty()) {
      String groups =
          context.user().groups().stream()
              .map(group -> '"' + group + '"')
              .collect(Collectors.joining(" ", "[", "]"));
      throw forbidden(
          context,
          name,
          "user \"%s\" (groups=%s) is attempting to grant RBAC permissions not currently held:\n%s"
              .formatted(
                  context.user().name(),
                  groups,
                  missing.stream().map(PolicyRule::toString).collect(Collectors.joining("\n"))));
    }
  }

  private static ApiException forbidden(AdmissionContext context, String name, String why) {
    return ApiException.forbidden(
        RbacAuthorizer.GROUP, context.resource().gvr().resource(), name, why);
  }
}
