package io.kubra.apiserver.admission.plugin;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.Map;
import java.util.Set;

/** Nothing is created in namespaces that do not exist or are being deleted; three always exist. */
final class NamespaceLifecycle implements AdmissionPlugin {
  private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");
  private static final GroupResource NAMESPACES = new GroupResource("", "namespaces");
  private final ObjectReader objects;

  NamespaceLifecycle(ObjectReader objects) {
    this.objects = objects;
  }

  @Override
  public String name() {
    return "NamespaceLifecycle";
  }

  @Override
  public void mutate(AdmissionContext context) {
    if (context.resource().groupResource().equals(NAMESPACES)) {
      if (context.operation() == Operation.DELETE
          && context.subresource().isEmpty()
          && IMMORTAL.contains(context.name())) {
        throw Refusal.forbidden(context, "this namespace may not be deleted");
      }
      return;
    }
    boolean review = context.resource().gvr().resource().equals("localsubjectaccessreviews");
    if (!context.resource().namespaced()
        || context.namespace().isEmpty()
        || context.operation() == Operation.DELETE
        || context.operation() == Operation.CONNECT
        || review) {
      return;
    }
    String name = context.namespace();
    Map<String, Object> namespace = objects.get(NAMESPACES, "", name);
    if (namespace == null) {
      throw ApiException.notFound("", "namespaces", name);
    }
    boolean terminating =
        Trees.string(namespace, "metadata", "deletionTimestamp") != null
            || "Terminating".equals(Trees.string(namespace, "status", "phase"));
    if (context.operation() == Operation.CREATE && terminating) {
      throw Refusal.forbidden(
              context,
              "unable to create new content in namespace %s because it is being terminated"
                  .formatted(name))
          .withCause(
              "NamespaceTerminating",
              "namespace %s is being terminated".formatted(name),
              "metadata.namespace");
    }
  }
}
