package io.kubra.apiserver.table.printer;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.TablePrinter;
import java.util.ArrayList;
import java.util.List;

/** Priorities of pods and of requests, leases, devices. */
final class Scheduling {
  private Scheduling() {}

  static TablePrinter priorityClass() {
    return Columns.named()
        .number("Value", "The higher, the earlier.", r -> r.number("value"))
        .flag(
            "Global-Default", "Whether pods without a class get it.", r -> r.flag("globalDefault"))
        .age()
        .text(
            "PreemptionPolicy",
            "Whether lower pods are removed for it.",
            r -> r.textOr("PreemptLowerPriority", "preemptionPolicy"))
        .printer();
  }

  static TablePrinter lease() {
    return Columns.named()
        .text("Holder", "Who holds the lease.", r -> r.text("spec", "holderIdentity"))
        .age()
        .printer();
  }

  static TablePrinter flowSchema() {
    return Columns.named()
        .text(
            "PriorityLevel",
            "The level that its requests get.",
            r -> r.text("spec", "priorityLevelConfiguration", "name"))
        .count(
            "MatchingPrecedence",
            "The lowest that matches is taken.",
            r -> r.number("spec", "matchingPrecedence"))
        .text(
            "DistinguisherMethod",
            "What tells flows apart.",
            r -> r.textOr(Row.NONE, "spec", "distinguisherMethod", "type"))
        .age()
        .text(
            "MissingPL",
            "Whether the priority level is missing.",
            r -> Trees.stringOr(r.condition("Dangling"), "?", "status"))
        .printer();
  }

  static TablePrinter priorityLevel() {
    String[] queuing = {"spec", "limited", "limitResponse", "queuing"};
    return Columns.named()
        .text("Type", "Limited or Exempt.", r -> r.text("spec", "type"))
        .text(
            "NominalConcurrencyShares",
            "Its share of concurrent requests.",
            r -> r.anyOr(Row.NONE, "spec", "limited", "nominalConcurrencyShares"))
        .text("Queues", "How many queues there are.", r -> queue(r, queuing, "queues"))
        .text("HandSize", "How many queues a flow may use.", r -> queue(r, queuing, "handSize"))
        .text(
            "QueueLengthLimit",
            "How many requests may wait in a queue.",
            r -> queue(r, queuing, "queueLengthLimit"))
        .age()
        .printer();
  }

  static TablePrinter resourceClaim() {
    return Columns.named()
        .text("State", "Whether devices are allocated and in use.", Scheduling::claimState)
        .age()
        .printer();
  }

  static TablePrinter resourceSlice() {
    return Columns.named()
        .text("Node", "The node that has the devices.", r -> r.text("spec", "nodeName"))
        .text("Driver", "The driver of the devices.", r -> r.text("spec", "driver"))
        .text("Pool", "The pool they belong to.", r -> r.text("spec", "pool", "name"))
        .age()
        .printer();
  }

  private static String queue(Row r, String[] queuing, String field) {
    Object queue = Trees.get(r.object(), queuing);
    Object value = Trees.get(queue, field);
    return value == null ? Row.NONE : value.toString();
  }

  private static String claimState(Row r) {
    List<String> states = new ArrayList<>();
    if (r.deleted()) {
      states.add("deleted");
    }
    if (r.has("status", "allocation")) {
      states.add("allocated");
      if (r.size("status", "reservedFor") > 0) {
        states.add("reserved");
      }
    } else if (!r.deleted()) {
      states.add("pending");
    }
    return String.join(",", states);
  }
}
