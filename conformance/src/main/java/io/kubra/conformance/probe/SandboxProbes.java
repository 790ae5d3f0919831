package io.kubra.conformance.probe;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.cluster.Kube;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.cluster.PodDraft;
import io.kubra.conformance.cluster.Pods;
import io.kubra.conformance.verdict.Verdict;
import java.util.Map;
import java.util.Optional;

/** Probes of runtimes that put a kernel of their own between pod and node. */
public final class SandboxProbes {
  private static final String CLASSES = "/apis/node.k8s.io/v1/runtimeclasses";

  private SandboxProbes() {}

  private static PodDraft kernel(Context context, String namespace, String name) {
    return new PodDraft(namespace, name, context.image(), "uname -r");
  }

  /** Compares the kernel that a finished pod printed with that of its node. */
  private static Verdict compare(Context context, String namespace, String name, String printed) {
    String node =
        Trees.stringOr(context.kube().get(Pods.path(namespace, name)), "", "spec", "nodeName");
    String host =
        Trees.stringOr(
            context.kube().get("/api/v1/nodes/" + node), "", "status", "nodeInfo", "kernelVersion");
    String line = "the pod's kernel is " + printed.strip() + ", that of " + node + " is " + host;
    return printed.strip().equals(host) ? Verdict.fail(line) : Verdict.pass(line);
  }

  /** A pod under a sandbox's RuntimeClass runs on another kernel than its node. */
  public static final Check SANDBOX =
      Check.of(
          "a pod under a sandboxed RuntimeClass sees another kernel than the node's",
          context -> {
            Optional<Map<String, Object>> sandbox =
                context.list(CLASSES).stream()
                    .filter(
                        c -> Trees.stringOr(c, "", "handler").matches(".*(runsc|gvisor|kata).*"))
                    .findFirst();
            if (sandbox.isEmpty()) {
              return Verdict.fail("no RuntimeClass has the handler of gVisor or Kata");
            }
            String namespace = context.workspace().namespace();
            PodDraft draft =
                kernel(context, namespace, "sandbox")
                    .set(Named.name(sandbox.get()), "spec", "runtimeClassName");
            return compare(context, namespace, "sandbox", context.pods().output(draft));
          });

  /** A privileged pod that names no runtime is refused, or runs on another kernel. */
  public static final Check PRIVILEGED =
      Check.of(
          "a privileged pod without a RuntimeClass is refused or moved to a sandbox",
          context -> {
            String namespace = context.workspace().namespace();
            PodDraft draft =
                kernel(context, namespace, "privileged")
                    .main("securityContext: {privileged: true, runAsUser: 0}");
            Kube.Answer trial =
                context
                    .kube()
                    .ask(
                        "POST",
                        "/api/v1/namespaces/" + namespace + "/pods?dryRun=All",
                        Map.of(),
                        draft.tree());
            if (trial.status() == 403) {
              return Verdict.pass("it is refused: " + trial.message());
            }
            try {
              return compare(context, namespace, "privileged", context.pods().output(draft));
            } catch (ApiException e) {
              return Verdict.fail("it was answered " + e.code() + ": " + e.message());
            }
          });
}
