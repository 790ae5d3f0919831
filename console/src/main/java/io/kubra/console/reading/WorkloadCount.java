package io.kubra.console.reading;

import io.kubra.client.ApiClient;
import io.kubra.client.ListOptions;
import io.kubra.model.apps.v1.DaemonSet;
import io.kubra.model.apps.v1.Deployment;
import io.kubra.model.apps.v1.StatefulSet;
import io.kubra.model.core.v1.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How many objects of a kind there are, and how many are as they should be.
 *
 * @param id the kind, as in {@link Kinds.Kind#id}
 * @param detail for example the phases of pods
 */
public record WorkloadCount(String title, String id, int good, int all, String detail) {
  /** The most used kinds of workloads. */
  public static List<WorkloadCount> read(ApiClient api) {
    List<WorkloadCount> counts = new ArrayList<>();
    counts.add(pods(api));
    List<Deployment> deployments =
        api.resource(Deployment.RESOURCE).list("", ListOptions.ALL).items();
    counts.add(
        of(
            "Deployments",
            "deployments.apps",
            deployments,
            d -> number(d.spec().replicas(), 1),
            d -> number(d.status().readyReplicas(), 0)));
    List<StatefulSet> sets = api.resource(StatefulSet.RESOURCE).list("", ListOptions.ALL).items();
    counts.add(
        of(
            "Stateful sets",
            "statefulsets.apps",
            sets,
            s -> number(s.spec().replicas(), 1),
            s -> number(s.status().readyReplicas(), 0)));
    List<DaemonSet> daemons = api.resource(DaemonSet.RESOURCE).list("", ListOptions.ALL).items();
    counts.add(
        of(
            "Daemon sets",
            "daemonsets.apps",
            daemons,
            d -> d.status().desiredNumberScheduled(),
            d -> d.status().numberReady()));
    return counts;
  }

  private static int number(@Nullable Integer value, int otherwise) {
    return Objects.requireNonNullElse(value, otherwise);
  }

  private static <T> WorkloadCount of(
      String title, String id, List<T> objects, ToIntFunction<T> wanted, ToIntFunction<T> ready) {
    int good = 0;
    int want = 0;
    int have = 0;
    for (T object : objects) {
      want += wanted.applyAsInt(object);
      have += ready.applyAsInt(object);
      if (ready.applyAsInt(object) >= wanted.applyAsInt(object)) {
        good++;
      }
    }
    return new WorkloadCount(title, id, good, objects.size(), have + " of " + want + " pods ready");
  }

  private static WorkloadCount pods(ApiClient api) {
    List<Pod> pods = api.resource(Pod.RESOURCE).list("", ListOptions.ALL).items();
    TreeMap<String, Integer> phases = new TreeMap<>();
    int good = 0;
    for (Pod pod : pods) {
      String phase = Objects.requireNonNullElse(pod.status().phase(), "Unknown");
      phases.merge(phase, 1, Integer::sum);
      boolean ready =
          pod.status().conditions().stream()
              .anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
      if (ready || phase.equals("Succeeded")) {
        good++;
      }
    }
    List<String> texts = new ArrayList<>();
    phases.forEach((phase, n) -> texts.add(n + " " + phase));
    return new WorkloadCount("Pods", "pods", good, pods.size(), String.join(", ", texts));
  }
}
