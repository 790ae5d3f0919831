package io.kubra.controllers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.model.Codec;
import io.kubra.model.batch.v1.CronJob;
import io.kubra.model.batch.v1.Job;
import io.kubra.model.core.v1.Event;
import io.kubra.model.core.v1.ObjectReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class CronJobTest {
  @AutoClose private static final ControlledCluster cluster = new ControlledCluster();
  private static final ResourceClient<CronJob> cronJobs = cluster.resource(CronJob.RESOURCE);

  private final String namespace = cluster.namespace();

  @Test
  void aJobIsStartedWhenItIsDue() {
    create("\"timeZone\":\"Asia/Kolkata\",");
    later(Duration.ofHours(1));
    await().until(() -> !cronJob().status().active().isEmpty());
    CronJob cronJob = cronJob();
    Instant due = Objects.requireNonNull(cronJob.status().lastScheduleTime());
    Job job = cluster.resource(Job.RESOURCE).get(namespace, "tick-" + due.getEpochSecond() / 60);
    assertThat(job.metadata().annotations().get("batch.kubernetes.io/cronjob-scheduled-timestamp"))
        .endsWith("+05:30");
    assertThat(cronJob.status().active())
        .anySatisfy(r -> assertThat(r.uid()).isEqualTo(job.metadata().uid()));
    await()
        .untilAsserted(
            () ->
                assertThat(events())
                    .contains("SuccessfulCreate: Created job " + job.metadata().name()));
  }

  @Test
  void aSecondJobMustWaitWhereThePolicyForbidsConcurrency() {
    create("\"concurrencyPolicy\":\"Forbid\",");
    later(Duration.ofHours(1));
    await().until(() -> cronJob().status().active().size() == 1);
    later(Duration.ofHours(1));
    await()
        .untilAsserted(
            () ->
                assertThat(events())
                    .contains(
                        "JobAlreadyActive: Not starting job because prior execution is running and"
                            + " concurrency policy is Forbid"));
    assertThat(jobs()).hasSize(1);
  }

  @Test
  void aSecondJobReplacesTheFirstWhereThePolicySaysSo() {
    create("\"concurrencyPolicy\":\"Replace\",");
    later(Duration.ofHours(1));
    await().until(() -> cronJob().status().active().size() == 1 && jobs().size() == 1);
    String first = jobs().getFirst().metadata().name();
    later(Duration.ofHours(1));
    await().until(() -> jobs().size() == 1 && !jobs().getFirst().metadata().name().equals(first));
  }

  @Test
  void nothingStartsWhileSuspended() {
    create("\"suspend\":true,");
    later(Duration.ofHours(1));
    patch("{\"spec\":{\"suspend\":false}}");
    await().until(() -> jobs().size() == 1);
  }

  @Test
  void finishedJobsBeyondTheHistoryGo() {
    create("\"successfulJobsHistoryLimit\":1,");
    for (int i = 0; i < 3; i++) {
      later(Duration.ofHours(1));
      await().until(() -> !cronJob().status().active().isEmpty());
      String end =
          """
          {"status":{"startTime":"%1$s","completionTime":"%1$s","succeeded":1,"conditions":[
            {"type":"Complete","status":"True","lastTransitionTime":"%1$s"}]}}
          """
              .formatted(cluster.now());
      await()
          .until(
              () -> {
                List<ObjectReference> active = cronJob().status().active();
                active.forEach(job -> end(String.valueOf(job.name()), end));
                return active.isEmpty();
              });
    }
    await().until(() -> jobs().size() == 1);
    assertThat(cronJob().status().lastSuccessfulTime()).isNotNull();
  }

  private void end(String job, String end) {
    cluster
        .resource(Job.RESOURCE)
        .patch(namespace, job, PatchType.MERGE, end.getBytes(UTF_8), "status");
  }

  private void create(String spec) {
    String json =
        """
        {"metadata":{"name":"tick","namespace":"%s"},"spec":{%s"schedule":"*/10 * * * *",
         "jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never",
           "containers":[{"name":"main","image":"slow"}]}}}}}}
        """
            .formatted(namespace, spec);
    cronJobs.create(Codec.read(json.getBytes(UTF_8), CronJob::read));
  }

  private void later(Duration time) {
    cluster.advance(time);
    patch("{\"metadata\":{\"annotations\":{\"touched\":\"" + System.nanoTime() + "\"}}}");
  }

  private void patch(String patch) {
    cronJobs.patch(namespace, "tick", PatchType.MERGE, patch.getBytes(UTF_8), null);
  }

  private CronJob cronJob() {
    return cronJobs.get(namespace, "tick");
  }

  private List<Job> jobs() {
    return cluster.list(Job.RESOURCE, namespace);
  }

  private List<String> events() {
    return cluster.list(Event.RESOURCE, namespace).stream()
        .map(e -> e.reason() + ": " + e.message())
        .toList();
  }
}
