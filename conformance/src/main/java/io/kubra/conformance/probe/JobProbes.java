package io.kubra.conformance.probe;

import static io.kubra.conformance.probe.Probe.yaml;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.verdict.Findings;
import java.util.Map;

/** Probes of Jobs. */
public final class JobProbes {
  private JobProbes() {}

  /** Makes a Job that runs a script once, and returns its path; further fields as flow YAML. */
  private static String job(Probe probe, String name, String script, String fields) {
    Map<String, Object> pod = probe.pod(name, script).set("Never", "spec", "restartPolicy").tree();
    Map<String, Object> job =
        yaml(
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: %s}
            spec: {backoffLimit: 0, %s}
            """
                .formatted(name, fields));
    Trees.set(job, pod.get("spec"), "spec", "template", "spec");
    probe.create(job);
    return probe.path("batch/v1", "jobs/" + name);
  }

  /** A Job runs to its end. */
  public static final Check COMPLETES =
      Probe.shared(
          "a Job completes",
          probe -> {
            String path = job(probe, "job", "true", "");
            return new Findings()
                .require(
                    probe.comesAt(path, probe.run(), j -> Named.condition(j, "Complete")),
                    "the Job became Complete")
                .verdict();
          });

  /** A CronJob starts Jobs. */
  public static final Check CRON =
      Probe.shared(
          "a CronJob of every minute starts a Job within a minute",
          probe -> {
            Map<String, Object> pod =
                probe.pod("cron", "true").set("Never", "spec", "restartPolicy").tree();
            Map<String, Object> cron =
                yaml(
                    """
                    apiVersion: batch/v1
                    kind: CronJob
                    metadata: {name: cron}
                    spec: {schedule: "* * * * *", jobTemplate: {spec: {backoffLimit: 0}}}
                    """);
            Trees.set(cron, pod.get("spec"), "spec", "jobTemplate", "spec", "template", "spec");
            probe.create(cron);
            boolean started =
                probe.comesAt(
                    probe.path("batch/v1", "cronjobs/cron"),
                    probe.run().multipliedBy(3).dividedBy(2),
                    c -> Trees.string(c, "status", "lastScheduleTime") != null);
            boolean owned =
                probe.kube().list(probe.path("batch/v1", "jobs")).stream()
                    .flatMap(j -> Trees.maps(j, "metadata", "ownerReferences").stream())
                    .anyMatch(o -> "CronJob".equals(Trees.string(o, "kind")));
            return new Findings()
                .require(started, "it noted when it started a Job")
                .require(owned, "a Job that it owns is there")
                .verdict();
          });

  /** A finished Job is deleted after its time. */
  public static final Check TIME_TO_LIVE =
      Probe.shared(
          "a finished Job is gone after ttlSecondsAfterFinished",
          probe -> {
            String path = job(probe, "short-lived", "true", "ttlSecondsAfterFinished: 1");
            return new Findings()
                .require(
                    Await.until(probe.run(), () -> probe.kube().find(path).isEmpty()),
                    "the Job with a second to live is gone")
                .verdict();
          });

  /** Every index of an indexed Job runs. */
  public static final Check INDEXED =
      Probe.shared(
          "an Indexed Job completes its indexes",
          probe -> {
            String path =
                job(
                    probe,
                    "indexed",
                    "test -n \"$JOB_COMPLETION_INDEX\"",
                    "completionMode: Indexed, completions: 2, parallelism: 2");
            boolean complete =
                probe.comesAt(path, probe.run(), j -> Named.condition(j, "Complete"));
            String indexes =
                Trees.stringOr(probe.kube().get(path), "", "status", "completedIndexes");
            return new Findings()
                .require(complete, "the Job became Complete")
                .require(indexes.equals("0,1") || indexes.equals("0-1"), "both indexes completed")
                .saw("completedIndexes " + indexes)
                .verdict();
          });

  /** A suspended Job makes no pods. */
  public static final Check SUSPENDED =
      Probe.shared(
          "a suspended Job makes no pods",
          probe -> {
            String path = job(probe, "suspended", "true", "suspend: true");
            boolean suspended =
                probe.comesAt(path, probe.run(), j -> Named.condition(j, "Suspended"));
            boolean none =
                probe
                    .kube()
                    .list(probe.path("v1", "pods?labelSelector=job-name%3Dsuspended"))
                    .isEmpty();
            return new Findings()
                .require(suspended, "the Job has the condition Suspended")
                .require(none, "it has no pods")
                .verdict();
          });
}
