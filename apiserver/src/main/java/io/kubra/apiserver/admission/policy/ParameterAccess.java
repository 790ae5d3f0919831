package io.kubra.apiserver.admission.policy;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.auth.RequestAttributes;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a policy must be allowed to read its parameters, as messages of the policy may show
 * them.
 */
final class ParameterAccess implements AdmissionPlugin {
  private static final String GROUP = "admissionregistration.k8s.io";
  private static final List<String> KINDS = List.of("validating", "mutating");

  private final ObjectReader objects;
  private final Authorizer authorizer;

  ParameterAccess(ObjectReader objects, Authorizer authorizer) {
    this.objects = objects;
    this.authorizer = authorizer;
  }

  @Override
  public String name() {
    return "AdmissionPolicyParameters";
  }

  @Override
  public void validate(AdmissionContext context) {
    boolean write =
        context.operation() == Operation.CREATE || context.operation() == Operation.UPDATE;
    Map<String, Object> object = context.object();
    if (!write || object == null || context.user().in(UserInfo.MASTERS)) {
      return;
    }
    for (String kind : KINDS) {
      if (context.isFor(GROUP, kind + "admissionpolicies")) {
        policy(context, object);
      } else if (context.isFor(GROUP, kind + "admissionpolicybindings")) {
        binding(context, object, kind + "admissionpolicies");
      }
    }
  }

  private void policy(AdmissionContext context, Map<String, Object> policy) {
    Map<String, Object> kind = Trees.map(policy, "spec", "paramKind");
    if (kind == null || Trees.equal(kind, Trees.get(context.oldObject(), "spec", "paramKind"))) {
      return;
    }
    if (!mayGet(context, Definition.paramKind(policy), "*", "*")) {
      throw refused(
          context,
          "user %s must have \"get\" permission on all objects of the referenced paramKind (kind=%s, apiVersion=%s)"
              .formatted(
                  context.user().name(),
                  Trees.stringOr(kind, "", "kind"),
                  Trees.stringOr(kind, "", "apiVersion")));
    }
  }

  private void binding(AdmissionContext context, Map<String, Object> binding, String policies) {
    Map<String, Object> reference = Trees.map(binding, "spec", "paramRef");
    String name = Trees.stringOr(binding, "", "spec", "policyName");
    boolean same =
        Trees.equal(reference, Trees.get(context.oldObject(), "spec", "paramRef"))
            && name.equals(Trees.string(context.oldObject(), "spec", "policyName"));
    if (reference == null || same) {
      return;
    }
    Map<String, Object> policy = objects.get(new GroupResource(GROUP, policies), "", name);
    GroupVersionKind kind = policy == null ? null : Definition.paramKind(policy);
    if (!mayGet(
        context,
        kind,
        Trees.stringOr(reference, "", "namespace"),
        Trees.stringOr(reference, "", "name"))) {
      throw refused(
          context,
          "user %s does not have \"get\" permission on the object referenced by paramRef"
              .formatted(context.user().name()));
    }
  }

  /** What is not known must be allowed for everything. */
  private boolean mayGet(
      AdmissionContext context, @Nullable GroupVersionKind kind, String namespace, String name) {
    ResourceInfo resource = kind == null ? null : objects.resourceOf(kind);
    return authorizer
        .authorize(
            RequestAttributes.resource(
                context.user(),
                "get",
                kind == null ? "*" : kind.group(),
                kind == null ? "*" : kind.version(),
                resource == null ? "*" : resource.gvr().resource(),
                "",
                namespace,
                name))
        .allowed();
  }

  private static ApiException refused(AdmissionContext context, String why) {
    return ApiException.forbidden(
        context.resource().gvr().group(), context.resource().gvr().resource(), context.name(), why);
  }
}
