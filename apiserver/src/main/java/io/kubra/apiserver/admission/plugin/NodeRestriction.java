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
import java.util.TreeSet;

/** Nodes write about themselves and the pods that run on them, and about nothing else. */
final class NodeRestriction implements AdmissionPlugin {
  private static final GroupResource PODS = new GroupResource("", "pods");
  private static final String NODE_PREFIX = "system:node:";
  private static final String LEASES = "kube-node-lease";
  private final ObjectReader objects;

  NodeRestriction(ObjectReader objects) {
    this.objects = objects;
  }

  @Override
  public String name() {
    return "NodeRestriction";
  }

  @Override
  public void mutate(AdmissionContext context) {
    if (!context.user().in("system:nodes") || context.operation() == Operation.CONNECT) {
      return;
    }
    String user = context.user().name();
    if (!user.startsWith(NODE_PREFIX) || user.length() == NODE_PREFIX.length()) {
      throw Refusal.forbidden(context, "could not determine node from user \"%s\"".formatted(user));
    }
    String node = user.substring(NODE_PREFIX.length());
    switch (context.resource().groupResource().toString()) {
      case "pods" -> admitPod(context, node);
      case "nodes" -> admitNode(context, node);
      case "persistentvolumeclaims" -> admitClaim(context, node);
      case "leases.coordination.k8s.io" -> admitLease(context, node);
      case "csinodes.storage.k8s.io" -> {
        String name = Trees.stringOr(context.object(), context.name(), "metadata", "name");
        if (!name.equals(node)) {
          throw Refusal.forbidden(
              context, "can only access CSINode with the same name as the requesting node");
        }
      }
      default -> {}
    }
  }

  private void admitPod(AdmissionContext context, String node) {
    switch (context.subresource()) {
      case "" -> {
        switch (context.operation()) {
          case CREATE -> admitMirrorPod(context, node);
          case DELETE -> requireOwnPod(context, node, "delete pods");
          case UPDATE, CONNECT -> throw unexpected(context, node);
        }
      }
      case "status" -> {
        if (context.operation() != Operation.UPDATE) {
          throw unexpected(context, node);
        }
        if (!runsOn(context.oldObject(), node)) {
          throw Refusal.forbidden(
              context,
              "node \"%s\" can only update pod status for pods with spec.nodeName set to itself"
                  .formatted(node));
        }
        if (!Trees.equal(labels(context.oldObject()), labels(context.object()))) {
          throw Refusal.forbidden(
              context, "node \"%s\" cannot update labels through pod status".formatted(node));
        }
      }
      case "eviction" -> requireOwnPod(context, node, "evict pods");
      default ->
          throw Refusal.forbidden(
              context,
              "unexpected pod subresource \"%s\", only 'status' and 'eviction' are allowed"
                  .formatted(context.subresource()));
    }
  }

  private static void admitMirrorPod(AdmissionContext context, String node) {
    Map<String, Object> pod = context.object();
    if (pod == null || !Pods.mirror(pod)) {
      throw Refusal.forbidden(
          context,
          "pod does not have \"%s\" annotation, node \"%s\" can only create mirror pods"
              .formatted(Pods.MIRROR, node));
    }
    if (!runsOn(pod, node)) {
      throw Refusal.forbidden(
          context,
          "node \"%s\" can only create pods with spec.nodeName set to itself".formatted(node));
    }
    if (!Trees.stringOr(pod, "", "spec", "serviceAccountName").isEmpty()) {
      throw Refusal.forbidden(
          context,
          "node \"%s\" can not create pods that reference a service account".formatted(node));
    }
    for (Map<String, Object> volume : Trees.maps(pod, "spec", "volumes")) {
      for (String kind :
          new String[] {"secret", "configMap", "persistentVolumeClaim", "projected"}) {
        if (volume.get(kind) != null) {
          throw Refusal.forbidden(
              context, "node \"%s\" can not create pods that reference %ss".formatted(node, kind));
        }
      }
    }
  }

  private void requireOwnPod(AdmissionContext context, String node, String what) {
    Map<String, Object> pod = objects.get(PODS, context.namespace(), context.name());
    if (pod == null) {
      throw ApiException.notFound("", "pods", context.name());
    }
    if (!runsOn(pod, node)) {
      throw Refusal.forbidden(
          context,
          "node \"%s\" can only %s with spec.nodeName set to itself".formatted(node, what));
    }
  }

  private static boolean runsOn(@org.jspecify.annotations.Nullable Object pod, String node) {
    return node.equals(Trees.string(pod, "spec", "nodeName"));
  }

  private static void admitNode(AdmissionContext context, String node) {
    Map<String, Object> object = context.object();
    if (object == null) {
      if (!context.name().equals(node)) {
        throw Refusal.forbidden(
            context,
            "node \"%s\" is not allowed to modify node \"%s\"".formatted(node, context.name()));
      }
      return;
    }
    String name = Trees.stringOr(object, context.name(), "metadata", "name");
    if (!name.equals(node)) {
      throw Refusal.forbidden(
          context, "node \"%s\" is not allowed to modify node \"%s\"".formatted(node, name));
    }
    if (context.operation() == Operation.CREATE) {
      Set<String> forbidden = forbidden(labels(object).keySet());
      if (!forbidden.isEmpty()) {
        throw Refusal.forbidden(
            context,
            "node \"%s\" is not allowed to set the following labels: %s"
                .formatted(node, String.join(", ", forbidden)));
      }
    } else if (context.operation() == Operation.UPDATE) {
      if (context.subresource().isEmpty()
          && !Trees.equal(
              Trees.list(context.oldObject(), "spec", "taints"),
              Trees.list(object, "spec", "taints"))) {
        throw Refusal.forbidden(
            context, "node \"%s\" is not allowed to modify taints".formatted(node));
      }
      Set<String> forbidden = forbidden(changed(labels(context.oldObject()), labels(object)));
      if (!forbidden.isEmpty()) {
        throw Refusal.forbidden(
            context,
            "node \"%s\" is not allowed to modify labels: %s"
                .formatted(node, String.join(", ", forbidden)));
      }
    }
  }

  private static Map<String, Object> labels(@org.jspecify.annotations.Nullable Object object) {
    Map<String, Object> labels = Trees.map(object, "metadata", "labels");
    return labels == null ? Map.of() : labels;
  }

  private static Set<String> changed(Map<String, Object> before, Map<String, Object> after) {
    Set<String> changed = new TreeSet<>();
    before.forEach(
        (key, value) -> {
          if (!value.equals(after.get(key))) {
            changed.add(key);
          }
        });
    after.forEach(
        (key, value) -> {
          if (!value.equals(before.get(key))) {
            changed.add(key);
          }
        });
    return changed;
  }

  /** Those labels that a node must not set about itself. */
  private static Set<String> forbidden(Set<String> keys) {
    Set<String> forbidden = new TreeSet<>();
    for (String key : keys) {
      if (!NodeLabels.allowed(key)) {
        forbidden.add(key);
      }
    }
    return forbidden;
  }

  private void admitClaim(AdmissionContext context, String node) {
    if (context.operation() != Operation.UPDATE || !context.subresource().equals("status")) {
      throw unexpected(context, node);
    }
    if (!Trees.equal(Trees.get(context.oldObject(), "spec"), Trees.get(context.object(), "spec"))) {
      throw Refusal.forbidden(
          context, "node \"%s\" is not allowed to update fields other than status".formatted(node));
    }
  }

  private static void admitLease(AdmissionContext context, String node) {
    if (!context.namespace().equals(LEASES)) {
      throw Refusal.forbidden(
          context, "can only access leases in the \"%s\" system namespace".formatted(LEASES));
    }
    String name = Trees.stringOr(context.object(), context.name(), "metadata", "name");
    if (!name.equals(node)) {
      throw Refusal.forbidden(
          context, "can only access node lease with the same name as the requesting node");
    }
  }

  private static ApiException unexpected(AdmissionContext context, String node) {
    return Refusal.forbidden(
        context,
        "unexpected operation \"%s\", node \"%s\" can not do this"
            .formatted(context.operation(), node));
  }
}
