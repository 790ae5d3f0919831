package io.kubra.apiserver.table.printer;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.TablePrinter;
import java.util.Map;
import java.util.TreeSet;

/** Nodes and what they can run. */
final class Nodes {
  private static final String ROLE_PREFIX = "node-role.kubernetes.io/";
  private static final String ROLE = "kubernetes.io/role";

  private Nodes() {}

  static TablePrinter node() {
    return Columns.named()
        .text("Status", "Whether the node is ready and may be given pods.", Nodes::status)
        .text("Roles", "What the node is for, from its labels.", Nodes::roles)
        .age()
        .text(
            "Version",
            "The version of the node agent.",
            r -> r.text("status", "nodeInfo", "kubeletVersion"))
        .wide("Internal-IP", "The address inside of the cluster.", r -> address(r, "InternalIP"))
        .wide("External-IP", "The address for clients outside.", r -> address(r, "ExternalIP"))
        .wide("OS-Image", "The operating system.", r -> info(r, "osImage"))
        .wide("Kernel-Version", "The version of the kernel.", r -> info(r, "kernelVersion"))
        .wide(
            "Container-Runtime",
            "The container runtime and its version.",
            r -> info(r, "containerRuntimeVersion"))
        .printer();
  }

  static TablePrinter runtimeClass() {
    return Columns.named()
        .text("Handler", "The runtime's name on the nodes.", r -> r.text("handler"))
        .age()
        .printer();
  }

  private static String status(Row r) {
    Map<String, Object> ready = r.condition("Ready");
    String status =
        ready == null ? "Unknown" : "True".equals(ready.get("status")) ? "Ready" : "NotReady";
    return r.flag("spec", "unschedulable") ? status + ",SchedulingDisabled" : status;
  }

  private static String roles(Row r) {
    TreeSet<String> roles = new TreeSet<>();
    Map<String, Object> labels = Trees.map(r.object(), "metadata", "labels");
    if (labels != null) {
      labels.forEach(
          (key, value) -> {
            if (key.startsWith(ROLE_PREFIX) && key.length() > ROLE_PREFIX.length()) {
              roles.add(key.substring(ROLE_PREFIX.length()));
            } else if (key.equals(ROLE) && value instanceof String role && !role.isEmpty()) {
              roles.add(role);
            }
          });
    }
    return Texts.orNone(String.join(",", roles));
  }

  private static String address(Row r, String type) {
    for (Map<String, Object> address : r.maps("status", "addresses")) {
      if (type.equals(address.get("type"))) {
        return Trees.stringOr(address, Row.NONE, "address");
      }
    }
    return Row.NONE;
  }

  private static String info(Row r, String field) {
    return r.textOr(Row.UNKNOWN, "status", "nodeInfo", field);
  }
}
