package io.kubra.apiserver.table.printer;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.Column;
import io.kubra.apiserver.table.TablePrinter;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Namespaces, configuration, accounts, quotas; and kinds that have no columns of their own. */
final class Core {
  private Core() {}

  /** Kinds that show only when they were created. */
  static TablePrinter nameAndCreation() {
    return Columns.named()
        .add(
            new Column("Created At", "date", "", "When the object was created.", 0),
            r -> r.text("metadata", "creationTimestamp"))
        .printer();
  }

  /** Kinds that show only their age. */
  static TablePrinter nameAndAge() {
    return Columns.named().age().printer();
  }

  static TablePrinter namespace() {
    return Columns.named()
        .text("Status", "Active or Terminating.", r -> r.text("status", "phase"))
        .age()
        .printer();
  }

  static TablePrinter configMap() {
    return Columns.named()
        .count("Data", "How many keys it has.", r -> r.size("data") + r.size("binaryData"))
        .age()
        .printer();
  }

  static TablePrinter secret() {
    return Columns.named()
        .text("Type", "What the secret is for.", r -> r.text("type"))
        .count("Data", "How many keys it has.", r -> r.size("data"))
        .age()
        .printer();
  }

  static TablePrinter serviceAccount() {
    return Columns.named()
        .count("Secrets", "How many secrets the account may use.", r -> r.size("secrets"))
        .age()
        .printer();
  }

  static TablePrinter resourceQuota() {
    return Columns.named()
        .text(
            "Request",
            "Used and allowed, of everything but limits.",
            r -> quota(r, k -> !k.startsWith("limits.")))
        .text("Limit", "Used and allowed, of limits.", r -> quota(r, k -> k.startsWith("limits.")))
        .age()
        .printer();
  }

  static TablePrinter componentStatus() {
    return Columns.named()
        .text("Status", "Whether the component is healthy.", Core::health)
        .text("Message", "What the component says.", r -> healthy(r, "message"))
        .text("Error", "What is wrong.", r -> healthy(r, "error"))
        .printer();
  }

  private static String quota(Row r, Predicate<String> wanted) {
    Map<String, Object> hard = Trees.map(r.object(), "status", "hard");
    return new TreeMap<>(hard == null ? Map.of() : hard)
        .entrySet().stream()
            .filter(e -> wanted.test(e.getKey()))
            .map(
                e ->
                    e.getKey()
                        + ": "
                        + r.anyOr("0", "status", "used", e.getKey())
                        + "/"
                        + e.getValue())
            .collect(Collectors.joining(", "));
  }

  private static String health(Row r) {
    Map<String, Object> healthy = condition(r);
    return switch (Trees.stringOr(healthy, "", "status")) {
      case "True" -> "Healthy";
      case "False" -> "Unhealthy";
      default -> "Unknown";
    };
  }

  private static String healthy(Row r, String field) {
    return Trees.stringOr(condition(r), "", field);
  }

  private static Map<String, Object> condition(Row r) {
    for (Map<String, Object> condition : r.maps("conditions")) {
      if ("Healthy".equals(condition.get("type"))) {
        return condition;
      }
    }
    return Map.of();
  }
}
