package io.kubra.controllers.ttlafterfinished;

import io.kubra.client.ResourceClient;
import io.kubra.client.informer.SharedInformer;
import io.kubra.controllers.job.JobConditions;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.model.batch.v1.Job;
import io.kubra.model.batch.v1.JobCondition;
import io.kubra.model.meta.v1.DeleteOptions;
import io.kubra.model.meta.v1.Preconditions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Deletes Jobs, pods first, {@code ttlSecondsAfterFinished} after their end. */
public final class TtlAfterFinishedController implements AutoCloseable {
  private static final String ACCOUNT = "ttl-after-finished-controller";

  private final SharedInformer<Job> jobs;
  private final ResourceClient<Job> client;
  private final InstantSource clock;
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public TtlAfterFinishedController(ControllerContext context) {
    this.controller = context.controller("ttl_jobs_to_delete", 1, this::reconcile);
    this.jobs = context.informers().informer(Job.RESOURCE);
    this.client = context.client(ACCOUNT).resource(Job.RESOURCE);
    this.clock = context.clock();
    controller.watch(jobs).start();
  }

  private Duration reconcile(String key) {
    Job job = jobs.getByKey(key);
    if (job == null) {
      return Duration.ZERO;
    }
    Duration left = left(job);
    if (!left.isZero()) {
      return left.isNegative() ? Duration.ZERO : left;
    }
    // The cache may be old, and the time to live have been raised since.
    Job fresh = client.find(job.metadata().namespace(), job.metadata().name()).orElse(null);
    if (fresh == null || !left(fresh).isZero()) {
      return Duration.ZERO;
    }
    client.delete(
        fresh.metadata().namespace(),
        fresh.metadata().name(),
        DeleteOptions.builder()
            .propagationPolicy("Foreground")
            .preconditions(Preconditions.builder().uid(fresh.metadata().uid()).build())
            .build());
    return Duration.ZERO;
  }

  /** The time that is left: zero when it is over, negative for a Job that is kept. */
  private Duration left(Job job) {
    JobCondition end = JobConditions.end(job);
    Integer seconds = job.spec().ttlSecondsAfterFinished();
    Instant ended = end == null ? null : end.lastTransitionTime();
    if (seconds == null || ended == null || job.metadata().deletionTimestamp() != null) {
      return Duration.ofSeconds(-1);
    }
    Duration left = Duration.between(clock.instant(), ended.plusSeconds(seconds));
    return left.isNegative() ? Duration.ZERO : left;
  }

  @Override
  public void close() {
    controller.close();
  }
}
