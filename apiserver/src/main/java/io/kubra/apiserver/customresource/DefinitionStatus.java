package io.kubra.apiserver.customresource;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.rules.extension.ApprovalPolicy;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the conditions of definitions, and removes the objects of those that go. */
final class DefinitionStatus {
  private static final GroupResource DEFINITIONS =
      new GroupResource("apiextensions.k8s.io", "customresourcedefinitions");
  private static final String FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

  private final ObjectAccess objects;
  private final Clock clock;

  DefinitionStatus(ObjectAccess objects, Clock clock) {
    this.objects = objects;
    this.clock = clock;
  }

  /** Decides which names a definition gets, and establishes it once it has all of them. */
  void decide(Definition definition, Collection<Definition> all) {
    Names names = Names.of(definition, all);
    boolean accepted = names.reason().isEmpty();
    Map<String, Object> next = Trees.deepCopy(definition.tree());
    Trees.set(next, names.accepted(), "status", "acceptedNames");
    condition(
        next,
        "NamesAccepted",
        accepted,
        accepted ? "NoConflicts" : names.reason(),
        accepted ? "no conflicts found" : names.message());
    if (accepted) {
      condition(
          next,
          "Established",
          true,
          "InitialNamesAccepted",
          "the initial names have been accepted");
    } else if (!definition.established()) {
      condition(next, "Established", false, "NotAccepted", "not all names are accepted");
    }
    approval(next);
    List<Object> stored = Trees.ensureList(next, "status", "storedVersions");
    if (!stored.contains(definition.storageVersion())) {
      stored.add(definition.storageVersion());
    }
    if (!Trees.equal(next, definition.tree())) {
      objects.updateStatus(DEFINITIONS, next);
    }
  }

  /** Says of definitions in the groups of the Kubernetes community whether they are approved. */
  private void approval(Map<String, Object> definition) {
    String type = "KubernetesAPIApprovalPolicyConformant";
    String said = ApprovalPolicy.said(definition);
    ApprovalPolicy.State state = ApprovalPolicy.of(definition);
    switch (state) {
      case APPROVED ->
          condition(definition, type, true, "ApprovedAnnotation", "approved in " + said);
      case BYPASSED ->
          condition(
              definition, type, false, "UnapprovedAnnotation", "not approved: \"" + said + "\"");
      case MISSING ->
          condition(definition, type, false, "MissingAnnotation", ApprovalPolicy.problem(state));
      case INVALID ->
          condition(definition, type, false, "InvalidAnnotation", ApprovalPolicy.problem(state));
      case NOT_NEEDED -> {}
    }
  }

  /** Deletes the objects of a definition; returns whether it could go. */
  boolean finish(Definition definition) {
    List<Object> finalizers = Trees.list(definition.tree(), "metadata", "finalizers");
    if (!finalizers.contains(FINALIZER)) {
      return true;
    }
    Map<String, Object> next = Trees.deepCopy(definition.tree());
    if (definition.established()) {
      condition(
          next,
          "Terminating",
          true,
          "InstanceDeletionInProgress",
          "CustomResource deletion is in progress");
      if (!Trees.equal(next, definition.tree())) {
        next = objects.updateStatus(DEFINITIONS, next);
      }
      for (Map<String, Object> object : objects.list(definition.resource(), null)) {
        objects.delete(
            definition.resource(),
            Trees.stringOr(object, "", "metadata", "namespace"),
            Trees.stringOr(object, "", "metadata", "name"));
      }
      if (!objects.list(definition.resource(), null).isEmpty()) {
        return false;
      }
      condition(next, "Terminating", false, "InstanceDeletionCompleted", "removed all instances");
    } else {
      condition(next, "Terminating", false, "NeverEstablished", "resource was never established");
    }
    next = objects.updateStatus(DEFINITIONS, next);
    List<Object> rest = new ArrayList<>(Trees.list(next, "metadata", "finalizers"));
    rest.remove(FINALIZER);
    Trees.set(next, rest, "metadata", "finalizers");
    objects.update(DEFINITIONS, next);
    return true;
  }

  private void condition(
      Map<String, Object> tree, String type, boolean holds, String reason, String message) {
    set(tree, type, holds, reason, message, clock.instant());
  }

  /** Sets a condition; its time changes only with its status. */
  private static void set(
      Map<String, Object> tree,
      String type,
      boolean holds,
      String reason,
      String message,
      Instant now) {
    String status = holds ? "True" : "False";
    Map<String, Object> wanted = new LinkedHashMap<>();
    wanted.put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
    wanted.put("message", message);
    wanted.put("reason", reason);
    wanted.put("status", status);
    wanted.put("type", type);
    List<Object> conditions = Trees.ensureList(tree, "status", "conditions");
    for (int i = 0; i < conditions.size(); i++) {
      if (type.equals(Trees.string(conditions.get(i), "type"))) {
        if (status.equals(Trees.string(conditions.get(i), "status"))) {
          wanted.put("lastTransitionTime", Trees.get(conditions.get(i), "lastTransitionTime"));
        }
        conditions.set(i, wanted);
        return;
      }
    }
    conditions.add(wanted);
  }
}
