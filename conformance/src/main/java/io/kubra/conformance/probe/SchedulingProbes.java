package io.kubra.conformance.probe;

import static io.kubra.conformance.probe.Probe.yaml;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Nodes;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.cluster.PodDraft;
import io.kubra.conformance.cluster.Pods;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.Map;
import java.util.Optional;

/** Probes of how the scheduler decides between pods. */
public final class SchedulingProbes {
  private SchedulingProbes() {}

  /**
   * A pod of high priority takes the place of one of low priority. Both ask for a resource that is
   * announced on one node for the time of the probe, so that no other pod can be a victim.
   */
  public static final Check PREEMPTION =
      Probe.alone(
          "a pod of higher priority takes the only place from one of lower priority",
          "preemption",
          probe -> {
            String run = probe.context().workspace().run();
            String resource = "conformance.kubra.io/place-" + run;
            Optional<String> node =
                probe.context().nodes().stream()
                    .filter(n -> Nodes.ready(n) && Nodes.runsPods(n))
                    .filter(n -> !Trees.bool(n, "spec", "unschedulable"))
                    .filter(n -> Trees.list(n, "spec", "taints").isEmpty())
                    .map(Named::name)
                    .findFirst();
            if (node.isEmpty()) {
              return Verdict.notApplicable("no node without taints runs pods");
            }
            priority(probe, "low-" + run, 100);
            priority(probe, "high-" + run, 200);
            String path = "/api/v1/nodes/" + node.get();
            probe.context().workspace().undo(() -> announce(probe, path, resource, "null"));
            announce(probe, path, resource, "\"1\"");
            probe.pods().create(pod(probe, "low", resource));
            boolean placed =
                Await.until(
                    probe.soon(),
                    () -> {
                      // Some node agents report their status as a whole and would take it back.
                      if (Trees.string(probe.kube().get(path), "status", "allocatable", resource)
                          == null) {
                        announce(probe, path, resource, "\"1\"");
                      }
                      return placed(probe.read("low"));
                    });
            if (!placed) {
              return Verdict.fail(
                  "a pod that asks for a resource announced on "
                      + node.get()
                      + " was not placed: "
                      + probe.pods().state(probe.namespace(), "low"));
            }
            probe.pods().create(pod(probe, "high", resource));
            boolean taken =
                Await.until(
                    probe.run(),
                    () -> {
                      if (Trees.string(probe.kube().get(path), "status", "allocatable", resource)
                          == null) {
                        announce(probe, path, resource, "\"1\"");
                      }
                      return placed(probe.read("high"));
                    });
            String low = Pods.path(probe.namespace(), "low");
            boolean gone =
                probe
                    .kube()
                    .find(low)
                    .map(p -> Trees.string(p, "metadata", "deletionTimestamp") != null)
                    .orElse(true);
            announce(probe, path, resource, "null");
            return new Findings()
                .saw("both ask for the one " + resource + " of " + node.get())
                .require(taken, "the pod of higher priority was placed")
                .require(gone, "the one of lower priority had to go")
                .verdict();
          });

  private static boolean placed(Map<String, Object> pod) {
    return Named.condition(pod, "PodScheduled") && Trees.string(pod, "spec", "nodeName") != null;
  }

  private static void priority(Probe probe, String name, int value) {
    probe
        .context()
        .workspace()
        .create(
            yaml(
                "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: %s}, value: %d}"
                    .formatted(name, value)));
  }

  private static PodDraft pod(Probe probe, String name, String resource) {
    String amounts = "{%s: 1, cpu: 5m, memory: 8Mi}".formatted(resource);
    return probe
        .waiting(name)
        .set(name + "-" + probe.context().workspace().run(), "spec", "priorityClassName")
        .main("resources: {requests: %1$s, limits: %1$s}".formatted(amounts));
  }

  private static void announce(Probe probe, String node, String resource, String amount) {
    String amounts = "{\"" + resource + "\":" + amount + "}";
    try {
      probe
          .kube()
          .merge(
              node + "/status",
              "{\"status\":{\"capacity\":" + amounts + ",\"allocatable\":" + amounts + "}}");
    } catch (ApiException e) {
      if (e.code() != 404 && e.code() != 409) {
        throw e;
      }
    }
  }
}
