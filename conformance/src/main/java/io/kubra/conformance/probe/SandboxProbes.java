package io.kubra.conformance.probe;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.cluster.Kube;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.cluster.PodDraft;
import io.kubra.conformance.verdict.Verdict;
import java.util.Map;
import java.util.Optional;

/** Probes of runtimes that put a kernel of their own between pod and node. */
public final class SandboxProbes {
  private static final String CLASSES = "/apis/node.k8s.io/v1/runtimeclasses";

  private SandboxProbes() {}

  private static PodDraft kernel(Probe probe, String name) {
    return probe.pod(name, "uname -r");
  }

  /** Compares the kernel that a finished pod printed with that of its node. */
  private static Verdict compare(Probe probe, String name, String printed) {
    String node = Trees.stringOr(probe.read(name), "", "spec", "nodeName");
    String host =
        Trees.stringOr(
            probe.kube().get("/api/v1/nodes/" + node), "", "status", "nodeInfo", "kernelVersion");
    String line = "the pod's kernel is " + printed.strip() + ", that of " + node + " is " + host;
    return printed.strip().equals(host) ? Verdict.fail(line) : Verdict.pass(line);
  }

  /** A pod under a sandbox's RuntimeClass runs on another kernel than its node. */
  public static final Check SANDBOX =
      Probe.shared(
          "a pod under a sandboxed RuntimeClass sees another kernel than the node's",
          probe -> {
            Optional<Map<String, Object>> sandbox =
                probe.context().list(CLASSES).stream()
                    .filter(
                        c -> Trees.stringOr(c, "", "handler").matches(".*(runsc|gvisor|kata).*"))
                    .findFirst();
            if (sandbox.isEmpty()) {
              return Verdict.fail("no RuntimeClass has the handler of gVisor or Kata");
            }
            PodDraft draft =
                kernel(probe, "sandbox").set(Named.name(sandbox.get()), "spec", "runtimeClassName");
            return compare(probe, "sandbox", probe.pods().output(draft));
          });

  /** A privileged pod that names no runtime is refused, or runs on another kernel. */
  public static final Check PRIVILEGED =
      Probe.shared(
          "a privileged pod without a RuntimeClass is refused or moved to a sandbox",
          probe -> {
            PodDraft draft =
                kernel(probe, "privileged")
                    .main("securityContext: {privileged: true, runAsUser: 0}");
            Kube.Answer trial =
                probe
                    .kube()
                    .ask("POST", probe.path("v1", "pods?dryRun=All"), Map.of(), draft.tree());
            if (trial.status() == 403) {
              return Verdict.pass("it is refused: " + trial.message());
            }
            try {
              return compare(probe, "privileged", probe.pods().output(draft));
            } catch (ApiException e) {
              return Verdict.fail("it was answered " + e.code() + ": " + e.message());
            }
          });
}
