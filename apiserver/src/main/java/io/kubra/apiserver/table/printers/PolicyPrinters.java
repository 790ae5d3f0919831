package io.kubra.apiserver.table.printers;

import static io.kubra.apiserver.table.printers.Cells.text;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.HumanDuration;
import io.kubra.apiserver.table.TablePrinter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The columns of rights, priorities, admission and what else governs the cluster. */
public final class PolicyPrinters {
  /** RoleBindings and ClusterRoleBindings. */
  public static final TablePrinter BINDING =
      Columns.named()
          .text("Role", "The role that is given.", (o, n) -> text(o, "roleRef", "kind") + "/" + text(o, "roleRef", "name"))
          .age()
          .wide("Users", "Users who get it.", (o, n) -> subjects(o, "User"))
          .wide("Groups", "Groups that get it.", (o, n) -> subjects(o, "Group"))
          .wide("ServiceAccounts", "Service accounts that get it.", (o, n) -> subjects(o, "ServiceAccount"))
          .build();

  public static final TablePrinter LEASE =
      Columns.named().text("Holder", "Who holds the lease.", (o, n) -> text(o, "spec", "holderIdentity")).age().build();

  public static final TablePrinter PRIORITY_CLASS =
      Columns.named()
          .number("Value", "The priority.", (o, n) -> Cells.number(o, "value"))
          .flag("Global-Default", "Whether it is for pods that name none.", (o, n) -> Trees.bool(o, "globalDefault"))
          .text("PreemptionPolicy", "Whether pods may push others out.", (o, n) -> Cells.textOr("PreemptLowerPriority", o, "preemptionPolicy"))
          .age()
          .build();

  public static final TablePrinter RUNTIME_CLASS =
      Columns.named().text("Handler", "The runtime's configuration.", (o, n) -> text(o, "handler")).age().build();

  public static final TablePrinter SIGNING_REQUEST =
      Columns.named()
          .age()
          .text("SignerName", "Who is asked to sign.", (o, n) -> Cells.textOr(Cells.NONE, o, "spec", "signerName"))
          .text("Requestor", "Who asks.", (o, n) -> text(o, "spec", "username"))
          .text("RequestedDuration", "How long it shall be valid.", (o, n) -> requested(o))
          .text("Condition", "What became of it.", (o, n) -> signing(o))
          .build();

  public static final TablePrinter WEBHOOKS =
      Columns.named().number("Webhooks", "The number of webhooks.", (o, n) -> (long) Trees.list(o, "webhooks").size()).age().build();

  public static final TablePrinter VALIDATING_POLICY =
      Columns.named()
          .number("Validations", "The number of validations.", (o, n) -> (long) Trees.list(o, "spec", "validations").size())
          .text("ParamKind", "The kind of parameters.", (o, n) -> paramKind(o))
          .age()
          .build();

  public static final TablePrinter MUTATING_POLICY =
      Columns.named()
          .number("Mutations", "The number of mutations.", (o, n) -> (long) Trees.list(o, "spec", "mutations").size())
          .text("ParamKind", "The kind of parameters.", (o, n) -> paramKind(o))
          .age()
          .build();

  public static final TablePrinter POLICY_BINDING =
      Columns.named()
          .text("PolicyName", "The policy.", (o, n) -> text(o, "spec", "policyName"))
          .text("ParamRef", "The parameters.", (o, n) -> paramRef(o))
          .age()
          .build();

  public static final TablePrinter FLOW_SCHEMA =
      Columns.named()
          .text("PriorityLevel", "The level that matching requests get.", (o, n) -> Cells.textOr(Cells.NONE, o, "spec", "priorityLevelConfiguration", "name"))
          .number("MatchingPrecedence", "The order in which schemas are tried.", (o, n) -> Cells.number(o, "spec", "matchingPrecedence"))
          .text("DistinguisherMethod", "How flows are told apart.", (o, n) -> Cells.textOr(Cells.NONE, o, "spec", "distinguisherMethod", "type"))
          .age()
          .text("MissingPL", "Whether the level does not exist.", (o, n) -> dangling(o))
          .build();

  public static final TablePrinter PRIORITY_LEVEL =
      Columns.named()
          .text("Type", "Whether requests are limited.", (o, n) -> text(o, "spec", "type"))
          .text("NominalConcurrencyShares", "The share of all requests.", (o, n) -> Cells.textOr(Cells.NONE, o, "spec", "limited", "nominalConcurrencyShares"))
          .text("Queues", "The number of queues.", (o, n) -> queuing(o, "queues"))
          .text("HandSize", "The queues that one flow is spread over.", (o, n) -> queuing(o, "handSize"))
          .text("QueueLengthLimit", "How many requests may wait in a queue.", (o, n) -> queuing(o, "queueLengthLimit"))
          .age()
          .build();

  public static final TablePrinter AUTOSCALER =
      Columns.named()
          .text("Reference", "What is scaled.", (o, n) -> text(o, "spec", "scaleTargetRef", "kind") + "/" + text(o, "spec", "scaleTargetRef", "name"))
          .text("Targets", "Current and wanted values.", (o, n) -> AutoscalerTargets.of(o))
          .text("MinPods", "The least number of pods.", (o, n) -> Cells.textOr(Cells.UNSET, o, "spec", "minReplicas"))
          .number("MaxPods", "The greatest number of pods.", (o, n) -> Cells.number(o, "spec", "maxReplicas"))
          .number("Replicas", "The current number of pods.", (o, n) -> Cells.number(o, "status", "currentReplicas"))
          .age()
          .build();

  public static final TablePrinter API_SERVICE =
      Columns.named()
          .text("Service", "Who serves the version.", (o, n) -> service(o))
          .text("Available", "Whether it can be reached.", (o, n) -> available(o))
          .age()
          .build();

  public static final TablePrinter RESOURCE_CLAIM =
      Columns.named().text("State", "What the claim is at.", (o, n) -> claimState(o)).age().build();

  public static final TablePrinter RESOURCE_SLICE =
      Columns.named()
          .text("Node", "The node that has the devices.", (o, n) -> Cells.textOr(Trees.bool(o, "spec", "allNodes") ? "<all>" : Cells.NONE, o, "spec", "nodeName"))
          .text("Driver", "The driver.", (o, n) -> text(o, "spec", "driver"))
          .text("Pool", "The pool of the devices.", (o, n) -> text(o, "spec", "pool", "name"))
          .age()
          .build();

  /** Kinds with nothing but their age. */
  public static final TablePrinter AGE = Columns.named().age().build();

  private PolicyPrinters() {}

  private static String subjects(Map<String, Object> binding, String kind) {
    List<String> names = new ArrayList<>();
    for (Map<String, Object> subject : Trees.maps(binding, "subjects")) {
      if (text(subject, "kind").equals(kind)) {
        String name = text(subject, "name");
        names.add(kind.equals("ServiceAccount") ? text(subject, "namespace") + "/" + name : name);
      }
    }
    return String.join(", ", names);
  }

  private static String requested(Map<String, Object> request) {
    Long seconds = Trees.integer(request, "spec", "expirationSeconds");
    return seconds == null ? Cells.NONE : HumanDuration.format(Duration.ofSeconds(seconds));
  }

  private static String signing(Map<String, Object> request) {
    boolean approved = false;
    boolean denied = false;
    boolean failed = false;
    for (Map<String, Object> condition : Trees.maps(request, "status", "conditions")) {
      switch (text(condition, "type")) {
        case "Approved" -> approved = true;
        case "Denied" -> denied = true;
        case "Failed" -> failed = true;
        default -> {}
      }
    }
    String status = denied ? "Denied" : approved ? "Approved" : "Pending";
    if (failed) {
      status += ",Failed";
    }
    return text(request, "status", "certificate").isEmpty() ? status : status + ",Issued";
  }

  private static String paramKind(Map<String, Object> policy) {
    Map<String, Object> kind = Trees.map(policy, "spec", "paramKind");
    return kind == null ? Cells.UNSET : text(kind, "apiVersion") + "/" + text(kind, "kind");
  }

  private static String paramRef(Map<String, Object> binding) {
    Map<String, Object> reference = Trees.map(binding, "spec", "paramRef");
    if (reference == null) {
      return Cells.UNSET;
    }
    String namespace = text(reference, "namespace");
    return namespace.isEmpty() ? text(reference, "name") : namespace + "/" + text(reference, "name");
  }

  private static String dangling(Map<String, Object> schema) {
    for (Map<String, Object> condition : Trees.maps(schema, "status", "conditions")) {
      if (text(condition, "type").equals("Dangling")) {
        return text(condition, "status");
      }
    }
    return "?";
  }

  private static String queuing(Map<String, Object> level, String field) {
    return Cells.textOr(Cells.NONE, level, "spec", "limited", "limitResponse", "queuing", field);
  }

  private static String service(Map<String, Object> apiService) {
    Map<String, Object> service = Trees.map(apiService, "spec", "service");
    return service == null ? "Local" : text(service, "namespace") + "/" + text(service, "name");
  }

  private static String available(Map<String, Object> apiService) {
    for (Map<String, Object> condition : Trees.maps(apiService, "status", "conditions")) {
      if (text(condition, "type").equals("Available")) {
        String status = text(condition, "status");
        return status.equals("True") ? status : status + " (" + text(condition, "reason") + ")";
      }
    }
    return "Unknown";
  }

  private static String claimState(Map<String, Object> claim) {
    List<String> states = new ArrayList<>();
    if (Trees.get(claim, "metadata", "deletionTimestamp") != null) {
      states.add("deleted");
    }
    if (Trees.map(claim, "status", "allocation") == null) {
      states.add("pending");
    } else {
      states.add("allocated");
      if (!Trees.list(claim, "status", "reservedFor").isEmpty()) {
        states.add("reserved");
      }
    }
    return String.join(",", states);
  }
}
