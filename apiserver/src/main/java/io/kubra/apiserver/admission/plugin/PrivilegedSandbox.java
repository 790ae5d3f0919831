package io.kubra.apiserver.admission.plugin;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Privileged pods run in a sandbox (RA2 chapter 3, kernel isolation): a pod that names no
 * RuntimeClass is moved to a sandboxed one, one that names another is refused. Exempt are the
 * system namespaces and those labelled {@code kubra.io/privileged-runtime=unrestricted}.
 */
final class PrivilegedSandbox implements AdmissionPlugin {
  private static final GroupResource NAMESPACES = new GroupResource("", "namespaces");
  private static final Set<String> SYSTEM = Set.of("kube-system", "kubra-system");
  private static final String LABEL = "kubra.io/privileged-runtime";
  private static final String UNRESTRICTED = "unrestricted";
  private static final String WAY_OUT =
      "; an operator may label the namespace %s=%s".formatted(LABEL, UNRESTRICTED);
  private static final List<String> HOST_NAMESPACES = List.of("hostNetwork", "hostPID", "hostIPC");

  private final ObjectReader objects;
  private final Sandboxes sandboxes;

  PrivilegedSandbox(ObjectReader objects) {
    this.objects = objects;
    this.sandboxes = new Sandboxes(objects);
  }

  @Override
  public String name() {
    return "PrivilegedSandbox";
  }

  @Override
  public void mutate(AdmissionContext context) {
    Map<String, Object> pod = Pods.created(context);
    if (pod == null || !restricted(context, pod) || !named(pod).isEmpty()) {
      return;
    }
    String sandbox = sandboxes.preferred();
    if (sandbox != null) {
      Trees.set(pod, sandbox, "spec", "runtimeClassName");
    }
  }

  @Override
  public void validate(AdmissionContext context) {
    Map<String, Object> pod = Pods.created(context);
    if (pod != null) {
      validatePod(context, pod);
    } else if (debugs(context)) {
      if (restricted(context, context.object())) {
        requireSandbox(context, context.object());
      }
    } else {
      warnOfTemplate(context);
    }
  }

  private void validatePod(AdmissionContext context, Map<String, Object> pod) {
    if (restricted(context, pod)) {
      requireSandbox(context, pod);
    }
    String handler = named(pod).isEmpty() ? "" : sandboxes.handlerOf(named(pod));
    if (!Sandboxes.gvisor(handler) || Pods.mirror(pod)) {
      return;
    }
    for (String field : HOST_NAMESPACES) {
      if (Trees.bool(pod, "spec", field)) {
        throw Refusal.forbidden(
            context,
            "spec.%s: gVisor (RuntimeClass \"%s\") cannot share the host's namespaces%s"
                .formatted(field, named(pod), privileged(pod) ? WAY_OUT : ""));
      }
    }
  }

  private void requireSandbox(AdmissionContext context, @Nullable Map<String, Object> pod) {
    String runtimeClass = named(pod);
    if (!runtimeClass.isEmpty() && Sandboxes.isolates(sandboxes.handlerOf(runtimeClass))) {
      return;
    }
    throw Refusal.forbidden(context, "privileged containers must run in a sandbox, " + why(pod));
  }

  private String why(@Nullable Map<String, Object> pod) {
    String sandbox = sandboxes.preferred();
    if (sandbox == null) {
      return "and no RuntimeClass of this cluster is one: install gVisor (runsc) or Kata on nodes"
          + WAY_OUT;
    }
    String given = named(pod).isEmpty() ? "this pod has none" : "\"" + named(pod) + "\" is none";
    return "and %s: use runtimeClassName \"%s\"%s".formatted(given, sandbox, WAY_OUT);
  }

  private void warnOfTemplate(AdmissionContext context) {
    boolean write =
        context.operation() == Operation.CREATE || context.operation() == Operation.UPDATE;
    if (!write || !context.subresource().isEmpty() || context.object() == null) {
      return;
    }
    Map<String, Object> template = Trees.map(context.object(), "spec", "template");
    if (template == null) {
      template = Trees.map(context.object(), "spec", "jobTemplate", "spec", "template");
    }
    if (template == null || !restricted(context, template)) {
      return;
    }
    String runtimeClass = named(template);
    if (!runtimeClass.isEmpty() && Sandboxes.isolates(sandboxes.handlerOf(runtimeClass))) {
      return;
    }
    String sandbox = sandboxes.preferred();
    context.warn(
        runtimeClass.isEmpty() && sandbox != null
            ? "privileged pods of this template will run in the sandbox \"" + sandbox + '"'
            : "pods of this template will be refused: privileged containers must run in a sandbox, "
                + why(template));
  }

  private static boolean debugs(AdmissionContext context) {
    return context.operation() == Operation.UPDATE
        && context.subresource().equals("ephemeralcontainers")
        && context.resource().groupResource().equals(new GroupResource("", "pods"));
  }

  /** Whether the pod is privileged where that needs a sandbox. */
  private boolean restricted(AdmissionContext context, @Nullable Map<String, Object> pod) {
    if (!privileged(pod) || Pods.mirror(pod) || SYSTEM.contains(context.namespace())) {
      return false;
    }
    Map<String, Object> namespace = objects.get(NAMESPACES, "", context.namespace());
    return !UNRESTRICTED.equals(Trees.string(namespace, "metadata", "labels", LABEL));
  }

  private static boolean privileged(@Nullable Map<String, Object> pod) {
    if (pod == null) {
      return false;
    }
    List<Map<String, Object>> containers = new ArrayList<>(Pods.containers(pod));
    containers.addAll(Trees.maps(pod, "spec", "ephemeralContainers"));
    return containers.stream().anyMatch(c -> Trees.bool(c, "securityContext", "privileged"));
  }

  private static String named(@Nullable Map<String, Object> pod) {
    return Trees.stringOr(pod, "", "spec", "runtimeClassName");
  }
}
