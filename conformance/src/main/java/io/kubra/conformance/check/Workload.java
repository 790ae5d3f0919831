package io.kubra.conformance.check;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * An application that was put on the platform, by its pods' template.
 *
 * @param name kind, namespace and name
 * @param object the outermost owner itself
 * @param meta the metadata of its pods
 * @param spec the spec of its pods
 */
public record Workload(
    String name,
    String namespace,
    Map<String, Object> object,
    Map<String, Object> meta,
    Map<String, Object> spec) {
  /** What a check of workloads decides where there are none. */
  public static final Verdict NONE =
      Verdict.notApplicable("there are no workloads outside the platform's namespaces");

  private static final Map<String, String> OWNERS =
      Map.of(
          "Deployment", "/apis/apps/v1/deployments",
          "StatefulSet", "/apis/apps/v1/statefulsets",
          "DaemonSet", "/apis/apps/v1/daemonsets",
          "ReplicaSet", "/apis/apps/v1/replicasets",
          "Job", "/apis/batch/v1/jobs");

  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  /** The workloads outside the platform's own namespaces, each once, under its outermost owner. */
  public static List<Workload> all(Context context) throws InterruptedException {
    List<Workload> workloads = new ArrayList<>();
    for (Map.Entry<String, String> kind : new java.util.TreeMap<>(OWNERS).entrySet()) {
      for (Map<String, Object> owner : context.list(kind.getValue())) {
        add(workloads, kind.getKey(), owner, Trees.map(owner, "spec", "template"));
      }
    }
    for (Map<String, Object> job : context.list("/apis/batch/v1/cronjobs")) {
      add(workloads, "CronJob", job, Trees.map(job, "spec", "jobTemplate", "spec", "template"));
    }
    for (Map<String, Object> pod : context.list("/api/v1/pods")) {
      add(workloads, "Pod", pod, pod);
    }
    return workloads;
  }

  private static void add(
      List<Workload> workloads,
      String kind,
      Map<String, Object> object,
      @org.jspecify.annotations.Nullable Map<String, Object> template) {
    boolean owned =
        Trees.maps(object, "metadata", "ownerReferences").stream()
            .anyMatch(o -> Trees.bool(o, "controller"));
    Map<String, Object> spec = Trees.map(template, "spec");
    if (owned || spec == null || platform(Named.namespace(object))) {
      return;
    }
    Map<String, Object> meta = Trees.map(template, "metadata");
    workloads.add(
        new Workload(
            kind + " " + Named.full(object),
            Named.namespace(object),
            object,
            meta == null ? Map.of() : meta,
            spec));
  }

  /** Whether a namespace belongs to the platform or to a run of these checks. */
  public static boolean platform(String namespace) {
    return namespace.startsWith("kube-") || namespace.startsWith("kubra-");
  }

  /** The pods outside the platform's own namespaces that are meant to run. */
  public static List<Map<String, Object>> pods(Context context) throws InterruptedException {
    return context.list("/api/v1/pods").stream()
        .filter(p -> !platform(Named.namespace(p)))
        .filter(p -> !ENDED.contains(Trees.stringOr(p, "", "status", "phase")))
        .toList();
  }

  /** Whether a pod is one of this workload's, by its selector, or the workload itself. */
  public boolean owns(Map<String, Object> pod) {
    if (!Named.namespace(pod).equals(namespace)) {
      return false;
    }
    Map<String, Object> labels = Trees.map(object, "spec", "selector", "matchLabels");
    return labels == null || labels.isEmpty()
        ? Named.name(pod).equals(Named.name(object))
        : labels.entrySet().stream()
            .allMatch(l -> Named.label(pod, l.getKey()).equals(l.getValue()));
  }

  /** All containers, also those that run before the others. */
  public List<Map<String, Object>> containers() {
    List<Map<String, Object>> all = new ArrayList<>(Trees.maps(spec, "initContainers"));
    all.addAll(main());
    return all;
  }

  /** The containers that run together. */
  public List<Map<String, Object>> main() {
    return Trees.maps(spec, "containers");
  }

  /** A check of every workload; the rule returns what is wrong with one, a line each. */
  public static Check rule(String how, Function<Workload, List<String>> rule) {
    return Check.of(
        how,
        context -> {
          List<Workload> all = all(context);
          if (all.isEmpty()) {
            return NONE;
          }
          Findings findings = new Findings();
          for (Workload workload : all) {
            List<String> wrong = rule.apply(workload);
            wrong.forEach(line -> findings.breach(workload.name() + ": " + line));
            if (wrong.isEmpty()) {
              findings.saw(workload.name() + " complies");
            }
          }
          return findings.verdict();
        });
  }

  /** A check of every container; the rule returns what is wrong with one, or an empty text. */
  public static Check containers(String how, Function<Map<String, Object>, String> rule) {
    return rule(
        how,
        workload -> {
          List<String> wrong = new ArrayList<>();
          for (Map<String, Object> container : workload.containers()) {
            String line = rule.apply(container);
            if (!line.isEmpty()) {
              wrong.add("container " + Trees.stringOr(container, "", "name") + ": " + line);
            }
          }
          return wrong;
        });
  }
}
