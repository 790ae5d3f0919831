package io.kubra.conformance.probe;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.verdict.Findings;
import java.time.Duration;

/** Probes of Jobs. */
public final class JobProbes {
  private static final Duration RUN = Duration.ofSeconds(45);

  private JobProbes() {}

  private static String path(String namespace, String name) {
    return "/apis/batch/v1/namespaces/" + namespace + "/jobs/" + name;
  }

  /** A finished Job is deleted after its time. */
  public static final Check TIME_TO_LIVE =
      Check.of(
          "a finished Job is gone after ttlSecondsAfterFinished",
          context -> {
            String namespace = context.workspace().namespace();
            context
                .workspace()
                .create(
                    ApiProbes.job(
                        context, namespace, "short-lived", "true", "ttlSecondsAfterFinished: 1"));
            String path = path(namespace, "short-lived");
            return new Findings()
                .require(
                    Await.until(RUN, () -> context.kube().find(path).isEmpty()),
                    "the Job with a second to live is gone")
                .verdict();
          });

  /** Every index of an indexed Job runs. */
  public static final Check INDEXED =
      Check.of(
          "an Indexed Job completes its indexes",
          context -> {
            String namespace = context.workspace().namespace();
            context
                .workspace()
                .create(
                    ApiProbes.job(
                        context,
                        namespace,
                        "indexed",
                        "test -n \"$JOB_COMPLETION_INDEX\"",
                        "completionMode: Indexed, completions: 2, parallelism: 2"));
            String path = path(namespace, "indexed");
            boolean complete =
                Await.until(RUN, () -> Named.condition(context.kube().get(path), "Complete"));
            String indexes =
                Trees.stringOr(context.kube().get(path), "", "status", "completedIndexes");
            return new Findings()
                .require(complete, "the Job became Complete")
                .require(indexes.equals("0,1") || indexes.equals("0-1"), "both indexes completed")
                .saw("completedIndexes " + indexes)
                .verdict();
          });

  /** A suspended Job makes no pods. */
  public static final Check SUSPENDED =
      Check.of(
          "a suspended Job makes no pods",
          context -> {
            String namespace = context.workspace().namespace();
            context
                .workspace()
                .create(ApiProbes.job(context, namespace, "suspended", "true", "suspend: true"));
            String path = path(namespace, "suspended");
            boolean suspended =
                Await.until(RUN, () -> Named.condition(context.kube().get(path), "Suspended"));
            boolean none =
                context
                    .kube()
                    .list(
                        "/api/v1/namespaces/"
                            + namespace
                            + "/pods?labelSelector=job-name%3Dsuspended")
                    .isEmpty();
            return new Findings()
                .require(suspended, "the Job has the condition Suspended")
                .require(none, "it has no pods")
                .verdict();
          });
}
