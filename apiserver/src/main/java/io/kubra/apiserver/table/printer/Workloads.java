package io.kubra.apiserver.table.printer;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.TablePrinter;
import java.util.Locale;
import java.util.Map;

/** What runs pods: deployments and their like. */
final class Workloads {
  private static final String[] TEMPLATE = {"spec", "template", "spec"};

  private Workloads() {}

  static TablePrinter deployment() {
    return withSelector(
        withContainers(
            Columns.named()
                .text("Ready", "How many pods are ready, of those wanted.", Workloads::ready)
                .count(
                    "Up-to-date",
                    "How many pods are of the current template.",
                    r -> r.number("status", "updatedReplicas"))
                .count(
                    "Available",
                    "How many pods have been ready for long enough.",
                    r -> r.number("status", "availableReplicas"))
                .age()));
  }

  static TablePrinter replicaSet() {
    return withSelector(withContainers(replicas().age()));
  }

  static TablePrinter replicationController() {
    return withContainers(replicas().age())
        .wide(
            "Selector",
            "The labels of the pods.",
            r -> Texts.labels(Trees.map(r.object(), "spec", "selector")))
        .printer();
  }

  private static Columns replicas() {
    return Columns.named()
        .number("Desired", "How many pods are wanted.", r -> r.number("spec", "replicas"))
        .number("Current", "How many pods there are.", r -> r.number("status", "replicas"))
        .number("Ready", "How many pods are ready.", r -> r.number("status", "readyReplicas"));
  }

  static TablePrinter daemonSet() {
    return withSelector(
        withContainers(
            Columns.named()
                .number(
                    "Desired",
                    "How many nodes should run the pod.",
                    r -> r.number("status", "desiredNumberScheduled"))
                .number(
                    "Current",
                    "How many of these nodes have the pod.",
                    r -> r.number("status", "currentNumberScheduled"))
                .number("Ready", "How many pods are ready.", r -> r.number("status", "numberReady"))
                .number(
                    "Up-to-date",
                    "How many nodes have a pod of the current template.",
                    r -> r.number("status", "updatedNumberScheduled"))
                .number(
                    "Available",
                    "How many pods have been ready for long enough.",
                    r -> r.number("status", "numberAvailable"))
                .text(
                    "Node Selector",
                    "The labels of the nodes to run on.",
                    r ->
                        Texts.labels(
                            Trees.map(r.object(), "spec", "template", "spec", "nodeSelector")))
                .age()));
  }

  static TablePrinter statefulSet() {
    return withContainers(
            Columns.named()
                .text("Ready", "How many pods are ready, of those wanted.", Workloads::ready)
                .age())
        .printer();
  }

  static TablePrinter controllerRevision() {
    return Columns.named()
        .text("Controller", "What the revision belongs to.", Workloads::controller)
        .count("Revision", "The number of the revision.", r -> r.number("revision"))
        .age()
        .printer();
  }

  static TablePrinter podTemplate() {
    return Columns.named()
        .text(
            "Containers",
            "The names of the containers.",
            r -> Texts.containers(Trees.map(r.object(), "template", "spec"), "name"))
        .text(
            "Images",
            "The images of the containers.",
            r -> Texts.containers(Trees.map(r.object(), "template", "spec"), "image"))
        .text(
            "Pod Labels",
            "The labels of the pods.",
            r -> Texts.labels(Trees.map(r.object(), "template", "metadata", "labels")))
        .printer();
  }

  static Columns withContainers(Columns columns) {
    return withContainers(columns, TEMPLATE);
  }

  static Columns withContainers(Columns columns, String... podSpec) {
    return columns
        .wide(
            "Containers",
            "The names of the containers.",
            r -> Texts.containers(Trees.map(r.object(), podSpec), "name"))
        .wide(
            "Images",
            "The images of the containers.",
            r -> Texts.containers(Trees.map(r.object(), podSpec), "image"));
  }

  static TablePrinter withSelector(Columns columns) {
    return columns
        .wide(
            "Selector",
            "Selects the pods by their labels.",
            r -> Texts.selector(Trees.map(r.object(), "spec", "selector")))
        .printer();
  }

  private static String ready(Row r) {
    return r.number("status", "readyReplicas") + "/" + r.number("spec", "replicas");
  }

  private static String controller(Row r) {
    for (Map<String, Object> owner : r.maps("metadata", "ownerReferences")) {
      if (Trees.bool(owner, "controller")) {
        String apiVersion = Trees.stringOr(owner, "", "apiVersion");
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : "." + apiVersion.substring(0, slash);
        return Trees.stringOr(owner, "", "kind").toLowerCase(Locale.ROOT)
            + group
            + "/"
            + Trees.stringOr(owner, "", "name");
      }
    }
    return Row.NONE;
  }
}
