package io.kubra.apiserver.table.printers;

import static io.kubra.apiserver.table.printers.Cells.text;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.TablePrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The columns of the core group, other than workloads, networking and storage. */
public final class CorePrinters {
  public static final TablePrinter NAMESPACE =
      Columns.named()
          .text("Status", "Whether the namespace is in use or on its way out.", (o, n) -> text(o, "status", "phase"))
          .age()
          .build();

  public static final TablePrinter NODE =
      Columns.named()
          .text("Status", "Whether the node is ready and takes pods.", (o, n) -> nodeStatus(o))
          .text("Roles", "What the node is for.", (o, n) -> roles(o))
          .age()
          .text("Version", "The version of the node agent.", (o, n) -> text(o, "status", "nodeInfo", "kubeletVersion"))
          .wide("Internal-IP", "The node's address in the cluster.", (o, n) -> address(o, "InternalIP"))
          .wide("External-IP", "The node's address for others.", (o, n) -> address(o, "ExternalIP"))
          .wide("OS-Image", "The node's operating system.", (o, n) -> Cells.textOr(Cells.UNKNOWN, o, "status", "nodeInfo", "osImage"))
          .wide("Kernel-Version", "The node's kernel.", (o, n) -> Cells.textOr(Cells.UNKNOWN, o, "status", "nodeInfo", "kernelVersion"))
          .wide("Container-Runtime", "The node's container runtime.", (o, n) -> Cells.textOr(Cells.UNKNOWN, o, "status", "nodeInfo", "containerRuntimeVersion"))
          .build();

  public static final TablePrinter CONFIG_MAP =
      Columns.named()
          .number("Data", "The number of keys.", (o, n) -> size(o, "data") + size(o, "binaryData"))
          .age()
          .build();

  public static final TablePrinter SECRET =
      Columns.named()
          .text("Type", "What the secret is for.", (o, n) -> text(o, "type"))
          .number("Data", "The number of keys.", (o, n) -> size(o, "data"))
          .age()
          .build();

  public static final TablePrinter SERVICE_ACCOUNT =
      Columns.named()
          .number("Secrets", "The number of secrets that pods may mount.", (o, n) -> (long) Trees.list(o, "secrets").size())
          .age()
          .build();

  public static final TablePrinter RESOURCE_QUOTA =
      Columns.named()
          .text("Request", "Use of what is requested.", (o, n) -> quota(o, false))
          .text("Limit", "Use of limits.", (o, n) -> quota(o, true))
          .age()
          .build();

  public static final TablePrinter COMPONENT_STATUS =
      Columns.named()
          .text("Status", "Whether the component is healthy.", (o, n) -> healthy(o))
          .text("Message", "What the component says.", (o, n) -> condition(o, "message"))
          .text("Error", "What is wrong.", (o, n) -> condition(o, "error"))
          .build();

  /** Kinds of which there is not more to say than when they were made. */
  public static final TablePrinter CREATED_AT = Columns.named().createdAt().build();

  private CorePrinters() {}

  private static Long size(Map<String, Object> object, String field) {
    Map<String, Object> map = Trees.map(object, field);
    return map == null ? 0L : (long) map.size();
  }

  private static String nodeStatus(Map<String, Object> node) {
    String status = "Unknown";
    for (Map<String, Object> condition : Trees.maps(node, "status", "conditions")) {
      if (text(condition, "type").equals("Ready")) {
        status = text(condition, "status").equals("True") ? "Ready" : "NotReady";
      }
    }
    return Trees.bool(node, "spec", "unschedulable") ? status + ",SchedulingDisabled" : status;
  }

  private static String roles(Map<String, Object> node) {
    TreeSet<String> roles = new TreeSet<>();
    Map<String, Object> labels = Trees.map(node, "metadata", "labels");
    if (labels != null) {
      labels.forEach(
          (key, value) -> {
            if (key.startsWith("node-role.kubernetes.io/")) {
              roles.add(key.substring("node-role.kubernetes.io/".length()));
            } else if (key.equals("kubernetes.io/role")) {
              roles.add(String.valueOf(value));
            }
          });
    }
    roles.remove("");
    return Cells.join(List.copyOf(roles));
  }

  private static String address(Map<String, Object> node, String type) {
    for (Map<String, Object> address : Trees.maps(node, "status", "addresses")) {
      if (text(address, "type").equals(type)) {
        return text(address, "address");
      }
    }
    return Cells.NONE;
  }

  private static String quota(Map<String, Object> quota, boolean limits) {
    Map<String, Object> hard = Trees.map(quota, "status", "hard");
    List<String> parts = new ArrayList<>();
    if (hard != null) {
      for (String name : new TreeMap<>(hard).keySet()) {
        if (name.startsWith("limits") == limits) {
          parts.add(name + ": " + Cells.textOr("0", quota, "status", "used", name) + "/" + hard.get(name));
        }
      }
    }
    return String.join(", ", parts);
  }

  private static String healthy(Map<String, Object> component) {
    for (Map<String, Object> condition : Trees.maps(component, "conditions")) {
      if (text(condition, "type").equals("Healthy")) {
        return text(condition, "status").equals("True") ? "Healthy" : "Unhealthy";
      }
    }
    return "Unhealthy";
  }

  private static String condition(Map<String, Object> component, String field) {
    for (Map<String, Object> condition : Trees.maps(component, "conditions")) {
      if (text(condition, "type").equals("Healthy")) {
        return text(condition, field);
      }
    }
    return "";
  }
}
