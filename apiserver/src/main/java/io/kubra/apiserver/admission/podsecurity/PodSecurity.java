package io.kubra.apiserver.admission.podsecurity;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.status.ApiException;
import io.kubra.api.status.FieldError;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.metrics.MetricRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds pods to the level that their namespace's labels ask for (KEP-2579): what violates the
 * enforced level is refused; of what violates the others the user is warned and the audit log told.
 * Templates of workloads are never refused, only looked at.
 */
public final class PodSecurity implements AdmissionPlugin {
  private static final GroupResource NAMESPACES = new GroupResource("", "namespaces");
  private static final GroupResource PODS = new GroupResource("", "pods");
  private static final Map<GroupResource, String[]> TEMPLATES =
      Map.of(
          new GroupResource("", "podtemplates"), new String[] {"template"},
          new GroupResource("", "replicationcontrollers"), new String[] {"spec", "template"},
          new GroupResource("apps", "deployments"), new String[] {"spec", "template"},
          new GroupResource("apps", "replicasets"), new String[] {"spec", "template"},
          new GroupResource("apps", "statefulsets"), new String[] {"spec", "template"},
          new GroupResource("apps", "daemonsets"), new String[] {"spec", "template"},
          new GroupResource("batch", "jobs"), new String[] {"spec", "template"},
          new GroupResource("batch", "cronjobs"),
              new String[] {"spec", "jobTemplate", "spec", "template"});
  private static final Set<String> POD_SUBRESOURCES = Set.of("", "ephemeralcontainers", "resize");

  private final ObjectReader objects;
  private final PodSecurityConfig config;
  private final Standards standards = new Standards();
  private final ExistingPods existing;
  private final Evaluations evaluations;

  public PodSecurity(ObjectReader objects, PodSecurityConfig config, MetricRegistry metrics) {
    this.objects = objects;
    this.config = config;
    this.existing = new ExistingPods(standards, config.runtimeClasses());
    this.evaluations = new Evaluations(metrics);
  }

  @Override
  public String name() {
    return "PodSecurity";
  }

  @Override
  public void validate(AdmissionContext context) {
    Map<String, Object> object = context.object();
    boolean write =
        context.operation() == Operation.CREATE || context.operation() == Operation.UPDATE;
    if (object == null || !write) {
      return;
    }
    GroupResource resource = context.resource().groupResource();
    if (resource.equals(PODS)) {
      pod(context, object);
    } else if (context.subresource().isEmpty()) {
      String[] template = TEMPLATES.get(resource);
      if (template != null) {
        template(context, Trees.map(object, template));
      } else if (resource.equals(NAMESPACES)) {
        namespace(context, object);
      }
    }
  }

  private void pod(AdmissionContext context, Map<String, Object> pod) {
    boolean looked =
        POD_SUBRESOURCES.contains(context.subresource())
            && (context.operation() == Operation.CREATE
                || PodChanges.significant(pod, context.oldObject()));
    if (looked && !exempt(context, Trees.stringOr(pod, "", "spec", "runtimeClassName"))) {
      evaluate(context, pod, true);
    }
  }

  private void template(AdmissionContext context, @Nullable Map<String, Object> template) {
    if (template != null
        && !exempt(context, Trees.stringOr(template, "", "spec", "runtimeClassName"))) {
      evaluate(context, template, false);
    }
  }

  private boolean exempt(AdmissionContext context, String runtimeClass) {
    String why =
        config.namespaces().contains(context.namespace())
            ? "namespace"
            : config.users().contains(context.user().name())
                ? "user"
                : config.runtimeClasses().contains(runtimeClass) ? "runtimeClass" : "";
    if (why.isEmpty()) {
      return false;
    }
    context.annotate(NamespacePolicy.PREFIX + "exempt", why);
    evaluations.exempt(context);
    return true;
  }

  private void evaluate(AdmissionContext context, Map<String, Object> pod, boolean enforced) {
    List<FieldError> unreadable = new ArrayList<>(0);
    NamespacePolicy policy =
        NamespacePolicy.of(
            objects.get(NAMESPACES, "", context.namespace()), config.defaults(), unreadable::add);
    if (!unreadable.isEmpty()) {
      String errors = String.join(", ", unreadable.stream().map(FieldError::message).toList());
      context.annotate(NamespacePolicy.PREFIX + "error", "Failed to parse policy: " + errors);
      evaluations.error(false, context);
    }
    if (enforced) {
      context.annotate(NamespacePolicy.PREFIX + "enforce-policy", policy.enforce().toString());
    }
    if (policy.privileged()) {
      if (enforced) {
        evaluations.decided(true, "enforce", policy.enforce(), context);
      }
      return;
    }
    PodView view = PodView.of(pod);
    if (enforced) {
      List<Violation> found = standards.violations(policy.enforce(), view);
      evaluations.decided(found.isEmpty(), "enforce", policy.enforce(), context);
      if (!found.isEmpty()) {
        audit(context, policy, view);
        throw refused(context, "violates " + described(policy.enforce(), found));
      }
    }
    audit(context, policy, view);
    List<Violation> warned = standards.violations(policy.warn(), view);
    if (!warned.isEmpty()) {
      context.warn("would violate " + described(policy.warn(), warned));
      evaluations.decided(false, "warn", policy.warn(), context);
    }
  }

  private void audit(AdmissionContext context, NamespacePolicy policy, PodView view) {
    List<Violation> found = standards.violations(policy.audit(), view);
    if (!found.isEmpty()) {
      context.annotate(
          NamespacePolicy.PREFIX + "audit-violations",
          "would violate " + described(policy.audit(), found));
      evaluations.decided(false, "audit", policy.audit(), context);
    }
  }

  private static String described(LevelVersion policy, List<Violation> violations) {
    return "PodSecurity \"%s\": %s".formatted(policy, Violation.describe(violations));
  }

  private static ApiException refused(AdmissionContext context, String why) {
    String name = context.name();
    if (name.isEmpty()) {
      name = Trees.stringOr(context.object(), "", "metadata", "name");
    }
    if (name.isEmpty()) {
      name = Trees.stringOr(context.object(), "Unknown", "metadata", "generateName");
    }
    return ApiException.forbidden("", "pods", name, why);
  }

  private void namespace(AdmissionContext context, Map<String, Object> namespace) {
    List<FieldError> errors = new ArrayList<>(0);
    NamespacePolicy wanted = NamespacePolicy.of(namespace, config.defaults(), errors::add);
    String name = Trees.stringOr(namespace, context.name(), "metadata", "name");
    if (context.operation() == Operation.CREATE) {
      refuseUnreadable(name, errors);
      warnIfExempt(context, name, wanted);
      return;
    }
    List<FieldError> oldErrors = new ArrayList<>(0);
    NamespacePolicy before =
        NamespacePolicy.of(context.oldObject(), config.defaults(), oldErrors::add);
    if (oldErrors.isEmpty()) {
      // what could not be read before does not keep the rest from being changed
      refuseUnreadable(name, errors);
    }
    if (!errors.isEmpty() || !wanted.enforce().mayRefuseWhatPasses(before.enforce())) {
      if (!wanted.equals(before)) {
        warnIfExempt(context, name, wanted);
      }
      return;
    }
    if (!warnIfExempt(context, name, wanted)) {
      existing.warnings(name, wanted.enforce(), objects.list(PODS, name)).forEach(context::warn);
    }
  }

  private static void refuseUnreadable(String name, List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw ApiException.invalid("", "Namespace", name, errors);
    }
  }

  private boolean warnIfExempt(AdmissionContext context, String name, NamespacePolicy wanted) {
    if (!config.namespaces().contains(name)) {
      return false;
    }
    String policy = wanted.compact(config.defaults());
    if (!policy.isEmpty()) {
      context.warn(
          "namespace \"%s\" is exempt from Pod Security, and the policy (%s) will be ignored"
              .formatted(name, policy));
    }
    return true;
  }
}
