package io.kubra.apiserver.table.printer;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.TablePrinter;

/** Webhooks, admission policies and API services: what extends the API server. */
final class Admission {
  private Admission() {}

  static TablePrinter webhooks() {
    return Columns.named()
        .number("Webhooks", "How many webhooks there are.", r -> r.size("webhooks"))
        .age()
        .printer();
  }

  static TablePrinter validatingPolicy() {
    return policy("Validations", "How many rules are checked.", "validations");
  }

  static TablePrinter mutatingPolicy() {
    return policy("Mutations", "How many changes are made.", "mutations");
  }

  private static TablePrinter policy(String column, String description, String field) {
    return Columns.named()
        .number(column, description, r -> r.size("spec", field))
        .text("ParamKind", "The kind of its parameters.", Admission::paramKind)
        .age()
        .printer();
  }

  static TablePrinter policyBinding() {
    return Columns.named()
        .text("PolicyName", "The policy that is put in force.", r -> r.text("spec", "policyName"))
        .text("ParamRef", "The parameters.", Admission::paramRef)
        .age()
        .printer();
  }

  static TablePrinter apiService() {
    return Columns.named()
        .text("Service", "The service that answers.", Admission::service)
        .text("Available", "Whether it answers.", Admission::available)
        .age()
        .printer();
  }

  private static String paramKind(Row r) {
    return r.has("spec", "paramKind")
        ? r.text("spec", "paramKind", "apiVersion") + "/" + r.text("spec", "paramKind", "kind")
        : Row.UNSET;
  }

  private static String paramRef(Row r) {
    String name = r.text("spec", "paramRef", "name");
    if (name.isEmpty()) {
      return r.has("spec", "paramRef", "selector")
          ? Texts.selector(Trees.map(r.object(), "spec", "paramRef", "selector"))
          : Row.UNSET;
    }
    String namespace = r.text("spec", "paramRef", "namespace");
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  private static String service(Row r) {
    return r.has("spec", "service")
        ? r.text("spec", "service", "namespace") + "/" + r.text("spec", "service", "name")
        : "Local";
  }

  private static String available(Row r) {
    Object available = r.condition("Available");
    String status = Trees.stringOr(available, "Unknown", "status");
    String reason = Trees.stringOr(available, "", "reason");
    return status.equals("True") || reason.isEmpty() ? status : status + " (" + reason + ")";
  }
}
