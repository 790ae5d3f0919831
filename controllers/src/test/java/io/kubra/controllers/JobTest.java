package io.kubra.controllers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.model.Codec;
import io.kubra.model.batch.v1.Job;
import io.kubra.model.batch.v1.JobCondition;
import io.kubra.model.core.v1.Event;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.meta.v1.DeleteOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class JobTest {
  @AutoClose private static final ControlledCluster cluster = new ControlledCluster();
  private static final ResourceClient<Job> jobs = cluster.resource(Job.RESOURCE);

  private final String namespace = cluster.namespace();

  @Test
  void aJobRunsItsCompletionsAndCountsEachPodOnce() {
    create("\"completions\":3,\"parallelism\":2");
    awaitPods(2);
    assertThat(pods())
        .allSatisfy(
            p -> {
              assertThat(p.metadata().name()).startsWith("work-");
              assertThat(p.metadata().finalizers())
                  .containsExactly("batch.kubernetes.io/job-tracking");
            });
    unfinished().forEach(p -> finish(p, "Succeeded", 0));
    await().until(() -> unfinished().size() == 1);
    finish(unfinished().getFirst(), "Succeeded", 0);
    awaitEnd("Complete", "CompletionsReached", "Reached expected number of succeeded pods");

    Job job = job();
    assertThat(job.status().succeeded()).isEqualTo(3);
    assertThat(job.status().active()).isNull();
    assertThat(job.status().ready()).isZero();
    assertThat(job.status().completionTime()).isNotNull();
    assertThat(condition("SuccessCriteriaMet")).isNotNull();
    assertThat(pods()).hasSize(3).allSatisfy(p -> assertThat(p.metadata().finalizers()).isEmpty());
    await().untilAsserted(() -> assertThat(events()).contains("Completed: Job completed"));
  }

  @Test
  void anIndexedJobGivesEachPodItsIndex() {
    create("\"completions\":4,\"parallelism\":4,\"completionMode\":\"Indexed\"");
    awaitPods(4);
    Pod second = byIndex(1);
    assertThat(second.metadata().name()).startsWith("work-1-");
    assertThat(second.spec().hostname()).isEqualTo("work-1");
    assertThat(second.metadata().labels())
        .containsEntry("batch.kubernetes.io/job-completion-index", "1");
    assertThat(second.spec().containers().getFirst().env())
        .anySatisfy(e -> assertThat(e.name()).isEqualTo("JOB_COMPLETION_INDEX"));
    for (int index : List.of(0, 2, 3)) {
      finish(byIndex(index), "Succeeded", 0);
    }
    await().until(() -> "0,2,3".equals(job().status().completedIndexes()));
    finish(second, "Succeeded", 0);
    awaitEnd("Complete", "CompletionsReached", "Reached expected number of succeeded pods");
    assertThat(job().status().completedIndexes()).isEqualTo("0-3");
  }

  @Test
  void tooManyFailuresEndTheJobAndItsOtherPods() {
    create("\"completions\":2,\"parallelism\":2,\"backoffLimit\":0");
    awaitPods(2);
    finish(pods().getFirst(), "Failed", 1);
    awaitEnd("Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit");
    assertThat(job().status().failed()).isEqualTo(2);
    assertThat(condition("FailureTarget")).isNotNull();
    await()
        .untilAsserted(
            () ->
                assertThat(events())
                    .contains("BackoffLimitExceeded: Job has reached the specified backoff limit"));
  }

  @Test
  void aFailedPodIsReplacedAfterItsBackoff() {
    create("\"backoffLimit\":2");
    awaitPods(1);
    finish(pods().getFirst(), "Failed", 1);
    await().until(() -> Objects.equals(job().status().failed(), 1));
    assertThat(unfinished()).isEmpty();
    cluster.advance(Duration.ofSeconds(11));
    touch();
    await().until(() -> unfinished().size() == 1);
  }

  @Test
  void theFailurePolicyFailsTheJobOrIgnoresTheFailure() {
    create(
        """
        "backoffLimit":0,"podFailurePolicy":{"rules":[
          {"action":"Ignore","onPodConditions":[{"type":"DisruptionTarget"}]},
          {"action":"FailJob","onExitCodes":{"operator":"In","values":[42]}}]}
        """);
    awaitPods(1);
    Pod disrupted = pods().getFirst();
    status(
        disrupted,
        "{\"phase\":\"Failed\",\"conditions\":[{\"type\":\"DisruptionTarget\",\"status\":\"True\"}]}");
    cluster.advance(Duration.ofSeconds(11));
    await().until(() -> !tracked(disrupted));
    touch();
    await().until(() -> unfinished().size() == 1);
    assertThat(job().status().failed()).isNull();
    Pod second = unfinished().getFirst();
    finish(second, "Failed", 42);
    awaitEnd(
        "Failed",
        "PodFailurePolicy",
        "Container main for pod %s/%s failed with exit code 42 matching FailJob rule at index 1"
            .formatted(namespace, second.metadata().name()));
  }

  @Test
  void eachIndexHasItsOwnLimit() {
    create(
        "\"completions\":2,\"parallelism\":2,\"completionMode\":\"Indexed\",\"backoffLimitPerIndex\":1");
    awaitPods(2);
    finish(byIndex(0), "Succeeded", 0);
    finish(byIndex(1), "Failed", 1);
    await().until(() -> "0".equals(job().status().completedIndexes()));
    cluster.advance(Duration.ofSeconds(11));
    touch();
    await().until(() -> unfinished().size() == 1);
    Pod again = unfinished().getFirst();
    assertThat(again.metadata().annotations())
        .containsEntry("batch.kubernetes.io/job-index-failure-count", "1");
    finish(again, "Failed", 1);
    awaitEnd("Failed", "FailedIndexes", "Job has failed indexes");
    assertThat(job().status().failedIndexes()).isEqualTo("1");
    assertThat(job().status().failed()).isEqualTo(2);
  }

  @Test
  void theSuccessPolicyEndsTheJobEarly() {
    create(
        """
        "completions":3,"parallelism":3,"completionMode":"Indexed",
        "successPolicy":{"rules":[{"succeededIndexes":"0","succeededCount":1}]}
        """);
    awaitPods(3);
    finish(byIndex(0), "Succeeded", 0);
    awaitEnd("Complete", "SuccessPolicy", "Matched rules at index 0");
    assertThat(job().status().succeeded()).isEqualTo(1);
    await().until(() -> pods().size() == 1);
  }

  @Test
  void aSuspendedJobHasNoPodsAndRunsWhenResumed() {
    create("\"suspend\":true");
    await().until(() -> condition("Suspended") != null);
    assertThat(pods()).isEmpty();
    assertThat(job().status().startTime()).isNull();
    patch("{\"spec\":{\"suspend\":false}}");
    awaitPods(1);
    await().until(() -> condition("Suspended").status().equals("False"));
    assertThat(job().status().startTime()).isNotNull();
    patch("{\"spec\":{\"suspend\":true}}");
    await().until(() -> pods().isEmpty());
    await().until(() -> job().status().active() == null);
    assertThat(job().status().failed()).isNull();
    await()
        .untilAsserted(
            () ->
                assertThat(events()).contains("Suspended: Job suspended", "Resumed: Job resumed"));
  }

  @Test
  void theDeadlineEndsTheJob() {
    create("\"activeDeadlineSeconds\":60");
    awaitPods(1);
    await().until(() -> Objects.equals(job().status().active(), 1));
    cluster.advance(Duration.ofSeconds(61));
    touch();
    awaitEnd("Failed", "DeadlineExceeded", "Job was active longer than specified deadline");
    await().until(() -> pods().isEmpty());
  }

  @Test
  void aFinishedJobGoesAfterItsTimeToLive() {
    create("\"ttlSecondsAfterFinished\":100");
    awaitPods(1);
    finish(pods().getFirst(), "Succeeded", 0);
    awaitEnd("Complete", "CompletionsReached", "Reached expected number of succeeded pods");
    cluster.advance(Duration.ofSeconds(101));
    touch();
    await().until(() -> jobs.find(namespace, "work").isEmpty() && pods().isEmpty());
  }

  @Test
  void deletingAJobLetsItsPodsGo() {
    create("\"parallelism\":2,\"completions\":2");
    awaitPods(2);
    jobs.delete(namespace, "work", DeleteOptions.builder().propagationPolicy("Background").build());
    await().until(() -> pods().isEmpty());
  }

  @Test
  void aJobThatIsManagedByAnotherIsLeftAlone() {
    create("\"managedBy\":\"example.com/queue\"");
    create("other", "");
    await().until(() -> pods().size() == 1);
    assertThat(job().status().startTime()).isNull();
  }

  private void create(String spec) {
    create("work", spec);
  }

  private void create(String name, String spec) {
    String json =
        """
        {"metadata":{"name":"%s","namespace":"%s"},"spec":{%s%s
         "template":{"spec":{"restartPolicy":"Never","containers":[{"name":"main","image":"good"}]}}}}
        """
            .formatted(name, namespace, spec, spec.isEmpty() ? "" : ",");
    jobs.create(Codec.read(json.getBytes(UTF_8), Job::read));
  }

  private Job job() {
    return jobs.get(namespace, "work");
  }

  private List<Pod> pods() {
    return cluster.list(Pod.RESOURCE, namespace);
  }

  private List<Pod> unfinished() {
    return pods().stream()
        .filter(p -> !List.of("Succeeded", "Failed").contains(String.valueOf(p.status().phase())))
        .toList();
  }

  private Pod byIndex(int index) {
    return pods().stream()
        .filter(
            p ->
                Integer.toString(index)
                    .equals(
                        p.metadata().annotations().get("batch.kubernetes.io/job-completion-index")))
        .findFirst()
        .orElseThrow();
  }

  private boolean tracked(Pod pod) {
    return cluster
        .resource(Pod.RESOURCE)
        .find(namespace, pod.metadata().name())
        .filter(p -> !p.metadata().finalizers().isEmpty())
        .isPresent();
  }

  /** The fake kubelet has to be through with a pod first, or it would revive it. */
  private void awaitPods(int count) {
    await().until(() -> pods().size() == count);
    await().until(() -> unfinished().stream().allMatch(p -> p.status().podIP() != null));
  }

  private void finish(Pod pod, String phase, int exitCode) {
    await()
        .until(
            () ->
                cluster
                        .resource(Pod.RESOURCE)
                        .get(namespace, pod.metadata().name())
                        .status()
                        .podIP()
                    != null);
    status(
        pod,
        """
        {"phase":"%s","containerStatuses":[{"name":"main","image":"good","imageID":"","ready":false,
          "restartCount":0,"state":{"terminated":{"exitCode":%d,"finishedAt":"%s"}}}]}
        """
            .formatted(phase, exitCode, cluster.now()));
  }

  private void status(Pod pod, String status) {
    cluster
        .resource(Pod.RESOURCE)
        .patch(
            namespace,
            pod.metadata().name(),
            PatchType.STRATEGIC,
            ("{\"status\":" + status + "}").getBytes(UTF_8),
            "status");
  }

  private void touch() {
    patch("{\"metadata\":{\"annotations\":{\"touched\":\"" + System.nanoTime() + "\"}}}");
  }

  private void patch(String patch) {
    jobs.patch(namespace, "work", PatchType.MERGE, patch.getBytes(UTF_8), null);
  }

  private JobCondition condition(String type) {
    return job().status().conditions().stream()
        .filter(c -> c.type().equals(type))
        .findFirst()
        .orElse(null);
  }

  private void awaitEnd(String type, String reason, String message) {
    await().until(() -> condition(type) != null);
    assertThat(condition(type).status()).isEqualTo("True");
    assertThat(condition(type).reason()).isEqualTo(reason);
    assertThat(condition(type).message()).isEqualTo(message);
  }

  private List<String> events() {
    return cluster.list(Event.RESOURCE, namespace).stream()
        .map(e -> e.reason() + ": " + e.message())
        .toList();
  }
}
