package io.kubra.controllers.job;

import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.EventHandler;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.match.Selectors;
import io.kubra.controllers.runtime.Claims;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.Expectations;
import io.kubra.controllers.runtime.Owners;
import io.kubra.controllers.runtime.PodControl;
import io.kubra.model.batch.v1.Job;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.meta.v1.OwnerReference;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Runs Jobs: indexed or not, with limits on retries and time, failure and success policies and
 * suspension. Pods carry a finalizer until they are counted; pods whose Job is gone or has ended
 * lose it here too.
 */
public final class JobController implements AutoCloseable {
  private static final String ACCOUNT = "job-controller";
  // Pods that end together are counted together.
  private static final Duration BATCH = Duration.ofMillis(100);

  private final SharedInformer<Job> jobs;
  private final SharedInformer<Pod> pods;
  private final ResourceClient<Job> client;
  private final InstantSource clock;
  private final Expectations expectations;
  private final Claims<Pod> claims;
  private final Tracking tracking;
  private final Backoff backoff = new Backoff();
  private final JobPass.Parts parts;
  private final Controller controller;
  private final Controller orphans;

  /** Starts the controller; the context's informers are started by the caller. */
  public JobController(ControllerContext context) {
    this.controller = context.controller("job", 5, this::reconcile);
    this.orphans = context.controller("job_orphan_pod", 1, this::releaseOrphan);
    this.jobs = context.informers().informer(Job.RESOURCE);
    this.pods = context.informers().informer(Pod.RESOURCE);
    this.client = context.client(ACCOUNT).resource(Job.RESOURCE);
    this.clock = context.clock();
    this.expectations = new Expectations(clock);
    ResourceClient<Pod> podClient = context.client(ACCOUNT).resource(Pod.RESOURCE);
    this.claims = new Claims<>(pods, podClient, List.of(JobPods.FINALIZER));
    this.tracking = new Tracking(podClient);
    EventRecorder events = context.recorder(ACCOUNT, "job-controller");
    PodControl control = new PodControl("Job", podClient, events, expectations);
    this.parts = new JobPass.Parts(client, control, tracking, backoff, events);
    pods.addHandler(control.observer());
    pods.addHandler(new PodObserver());
    jobs.addHandler(new JobObserver());
    controller.watch(jobs).needs(pods).start();
    orphans.needs(jobs).needs(pods).start();
  }

  private final class PodObserver implements EventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      look(pod);
    }

    @Override
    public void onUpdate(Pod old, Pod pod) {
      if (Owners.controllerOf(old) != null && Owners.controllerOf(pod) == null) {
        look(old);
      }
      look(pod);
    }

    @Override
    public void onDelete(Pod pod) {
      tracking.seen(pod);
      Owners.keysOf(pod, "Job").forEach(key -> controller.enqueueAfter(key, BATCH));
    }

    private void look(Pod pod) {
      if (!JobPods.tracked(pod)) {
        tracking.seen(pod);
      }
      List<String> keys = Claims.owners(pod, "Job", jobs, job -> job.spec().selector());
      keys.forEach(key -> controller.enqueueAfter(key, BATCH));
      if (JobPods.tracked(pod)) {
        orphans.enqueueAfter(pod.key(), BATCH);
      }
    }
  }

  /** The pods of a Job that ends or goes must not wait for it any longer. */
  private final class JobObserver implements EventHandler<Job> {
    @Override
    public void onAdd(Job job) {
      onUpdate(job, job);
    }

    @Override
    public void onUpdate(Job old, Job job) {
      if (JobConditions.end(job) != null) {
        onDelete(job);
      }
    }

    @Override
    public void onDelete(Job job) {
      for (Pod pod : claims.of(job)) {
        if (JobPods.tracked(pod)) {
          orphans.enqueue(pod.key());
        }
      }
    }
  }

  private Duration reconcile(String key) throws InterruptedException {
    Job job = jobs.getByKey(key);
    if (job == null) {
      expectations.forget(key);
      tracking.forget(key);
      backoff.forget(key);
      return Duration.ZERO;
    }
    if (JobPods.managedByOther(job)) {
      return Duration.ZERO;
    }
    if (JobConditions.end(job) != null) {
      backoff.forget(key);
      return Duration.ZERO;
    }
    boolean settled = expectations.met(key);
    Instant now = clock.instant();
    List<Pod> mine =
        claims.claim(
            job,
            client,
            pod -> Selectors.matches(job.spec().selector(), pod.metadata().labels()),
            pod -> true);
    boolean starts = job.status().startTime() == null && !JobPods.suspended(job);
    Job running = starts ? job.withStatus(job.status().toBuilder().startTime(now).build()) : job;
    JobSync look = new JobSync(running, mine, tracking.counted(key), now);
    return new JobPass(parts, look).run(settled);
  }

  private Duration releaseOrphan(String key) {
    Pod pod = pods.getByKey(key);
    if (pod == null || !JobPods.tracked(pod)) {
      return Duration.ZERO;
    }
    OwnerReference owner = Owners.controllerOf(pod);
    if (owner != null) {
      if (!owner.kind().equals("Job") || !owner.apiVersion().equals("batch/v1")) {
        return Duration.ZERO;
      }
      Job job = jobs.get(pod.metadata().namespace(), owner.name());
      if (job != null
          && job.metadata().uid().equals(owner.uid())
          && (JobPods.managedByOther(job) || JobConditions.end(job) == null)) {
        return Duration.ZERO;
      }
    } else if (!Claims.owners(pod, "Job", jobs, job -> job.spec().selector()).isEmpty()) {
      return Duration.ZERO;
    }
    return tracking.release(pod) ? Duration.ZERO : Duration.ofSeconds(1);
  }

  @Override
  public void close() {
    orphans.close();
    controller.close();
  }
}
