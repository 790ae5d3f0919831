package io.kubra.conformance.probe;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Workload;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.Kube;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.cluster.Pods;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** An application that a probe may disturb: a Deployment or StatefulSet, as it is now. */
final class Subject {
  private final Context context;
  private final Workload workload;
  private final String path;

  Subject(Context context, Workload workload) {
    this.context = context;
    this.workload = workload;
    String plural = workload.name().startsWith("Deployment ") ? "deployments" : "statefulsets";
    path =
        "/apis/apps/v1/namespaces/"
            + workload.namespace()
            + "/"
            + plural
            + "/"
            + Named.name(workload.object());
  }

  Context context() {
    return context;
  }

  Workload workload() {
    return workload;
  }

  String name() {
    return workload.name();
  }

  /** The path of the Deployment or StatefulSet. */
  String path() {
    return path;
  }

  Kube kube() {
    return context.kube();
  }

  /** Whether it is a Deployment. */
  boolean deployment() {
    return path.contains("/deployments/");
  }

  private Map<String, Object> read() {
    return kube().get(path);
  }

  /** How many pods it shall have. */
  long replicas() {
    return Trees.integerOr(read(), 1, "spec", "replicas");
  }

  private static long status(Map<String, Object> object, String field) {
    return Trees.integerOr(object, 0, "status", field);
  }

  /** Whether its controller has seen its last change and all pods are of it and ready. */
  private static boolean steady(Map<String, Object> object) {
    long replicas = Trees.integerOr(object, 1, "spec", "replicas");
    return status(object, "observedGeneration")
            >= Trees.integerOr(object, 0, "metadata", "generation")
        && status(object, "replicas") == replicas
        && status(object, "updatedReplicas") == replicas
        && status(object, "readyReplicas") == replicas;
  }

  /** Whether it is steady now. */
  boolean steady() {
    return steady(read());
  }

  /**
   * What was seen while it settled.
   *
   * @param settled whether it became steady in time
   * @param fewest the fewest ready pods that were seen
   */
  record Course(boolean settled, long fewest) {}

  /** Watches it until something holds and it is steady. */
  Course settle(BooleanSupplier done) throws InterruptedException {
    long[] fewest = {Long.MAX_VALUE};
    boolean settled =
        Await.until(
            context.pace().run(),
            () -> {
              Map<String, Object> now = read();
              fewest[0] = Math.min(fewest[0], status(now, "readyReplicas"));
              return steady(now) && done.getAsBoolean();
            });
    return new Course(settled, fewest[0]);
  }

  /** Its pods that are ready now. */
  List<Map<String, Object>> readyPods() {
    return pods().stream().filter(p -> Named.condition(p, "Ready")).toList();
  }

  /** Its pods as they are now. */
  List<Map<String, Object>> pods() {
    return kube().list("/api/v1/namespaces/" + workload.namespace() + "/pods").stream()
        .filter(workload::owns)
        .filter(p -> Trees.string(p, "metadata", "deletionTimestamp") == null)
        .toList();
  }

  /** How often containers of its pods were started again. */
  long restarts() {
    return pods().stream()
        .flatMap(p -> Trees.maps(p, "status", "containerStatuses").stream())
        .mapToLong(c -> Trees.integerOr(c, 0, "restartCount"))
        .sum();
  }

  /** The path of a pod. */
  static String path(Map<String, Object> pod) {
    return Pods.path(Named.namespace(pod), Named.name(pod));
  }
}
