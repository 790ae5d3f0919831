package io.kubra.apiserver.table.printer;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.TablePrinter;
import java.util.stream.Collectors;

/** Bindings of roles. */
final class Rbac {
  private Rbac() {}

  static TablePrinter binding() {
    return Columns.named()
        .text(
            "Role",
            "The role that is given.",
            r -> r.text("roleRef", "kind") + "/" + r.text("roleRef", "name"))
        .age()
        .wide("Users", "The users that have it.", r -> subjects(r, "User"))
        .wide("Groups", "The groups that have it.", r -> subjects(r, "Group"))
        .wide(
            "ServiceAccounts",
            "The service accounts that have it.",
            r -> subjects(r, "ServiceAccount"))
        .printer();
  }

  private static String subjects(Row r, String kind) {
    return r.maps("subjects").stream()
        .filter(s -> kind.equals(s.get("kind")))
        .map(
            s -> {
              String name = Trees.stringOr(s, "", "name");
              return kind.equals("ServiceAccount")
                  ? Trees.stringOr(s, "", "namespace") + "/" + name
                  : name;
            })
        .collect(Collectors.joining(", "));
  }
}
