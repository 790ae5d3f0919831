package io.kubra.controllers.podautoscaler;

import io.kubra.api.json.Json;
import io.kubra.api.selector.LabelSelector;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.EventHandler;
import io.kubra.client.informer.SharedInformer;
import io.kubra.controllers.podautoscaler.MetricsReader.Unavailable;
import io.kubra.controllers.podautoscaler.ReplicaCalculator.Tolerance;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.ServerResources;
import io.kubra.model.autoscaling.v2.CrossVersionObjectReference;
import io.kubra.model.autoscaling.v2.HPAScalingRules;
import io.kubra.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.kubra.model.autoscaling.v2.HorizontalPodAutoscalerStatus;
import io.kubra.model.autoscaling.v2.MetricSpec;
import io.kubra.model.autoscaling.v2.MetricStatus;
import io.kubra.model.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Scales what HorizontalPodAutoscalers point at, every 15 seconds: each metric proposes a count,
 * the highest wins, and the behaviour decides how fast it is followed.
 */
public final class HorizontalPodAutoscalerController implements AutoCloseable {
  private static final String ACCOUNT = "horizontal-pod-autoscaler";
  private static final Duration PERIOD = Duration.ofSeconds(15);
  private static final double TOLERANCE = 0.1;

  private final SharedInformer<HorizontalPodAutoscaler> scalers;
  private final SharedInformer<Pod> pods;
  private final ResourceClient<HorizontalPodAutoscaler> client;
  private final ApiClient api;
  private final MetricsReader metrics;
  private final EventRecorder events;
  private final InstantSource clock;
  private final Map<String, ScalingRules> rules = new ConcurrentHashMap<>();
  private final Map<String, String> paths = new ConcurrentHashMap<>();
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public HorizontalPodAutoscalerController(ControllerContext context) {
    this.controller = context.controller("horizontalpodautoscaler", 5, this::reconcile);
    this.scalers = context.informers().informer(HorizontalPodAutoscaler.RESOURCE);
    this.pods = context.informers().informer(Pod.RESOURCE);
    this.api = context.client(ACCOUNT);
    this.client = api.resource(HorizontalPodAutoscaler.RESOURCE);
    this.metrics = new MetricsReader(api);
    this.events = context.recorder(ACCOUNT, "horizontal-pod-autoscaler");
    this.clock = context.clock();
    scalers.addHandler(new Observer());
    controller.needs(scalers).needs(pods).start();
  }

  /** Looks at an autoscaler at once when its spec changes; its status is written here. */
  private final class Observer implements EventHandler<HorizontalPodAutoscaler> {
    @Override
    public void onAdd(HorizontalPodAutoscaler scaler) {
      controller.enqueue(scaler.key());
    }

    @Override
    public void onUpdate(HorizontalPodAutoscaler old, HorizontalPodAutoscaler scaler) {
      if (!old.spec().equals(scaler.spec())) {
        onAdd(scaler);
      }
    }

    @Override
    public void onDelete(HorizontalPodAutoscaler scaler) {
      onAdd(scaler);
    }
  }

  private Duration reconcile(String key) {
    HorizontalPodAutoscaler scaler = scalers.getByKey(key);
    if (scaler == null) {
      rules.remove(key);
      return Duration.ZERO;
    }
    Instant now = clock.instant();
    ScalerConditions conditions = new ScalerConditions(scaler.status().conditions(), now);
    HorizontalPodAutoscalerStatus.Builder status = scaler.status().toBuilder();
    try {
      scale(scaler, status, conditions, now);
    } finally {
      HorizontalPodAutoscalerStatus wanted =
          status
              .conditions(conditions.list())
              .observedGeneration(scaler.metadata().generation())
              .build();
      if (!wanted.equals(scaler.status())) {
        client.updateStatus(scaler.withStatus(wanted));
      }
    }
    return PERIOD;
  }

  private void scale(
      HorizontalPodAutoscaler scaler,
      HorizontalPodAutoscalerStatus.Builder status,
      ScalerConditions conditions,
      Instant now) {
    String path;
    Map<String, Object> scale;
    try {
      path = path(scaler) + "/scale";
      scale = Json.parseObject(api.call(ApiRequest.get(path)));
    } catch (ApiException | Unavailable e) {
      events.warning(scaler, "FailedGetScale", String.valueOf(e.getMessage()));
      conditions.set(
          "AbleToScale",
          false,
          "FailedGetScale",
          "the HPA controller was unable to get the target's current scale: " + e.getMessage());
      return;
    }
    conditions.set(
        "AbleToScale",
        true,
        "SucceededGetScale",
        "the HPA controller was able to get the target's current scale");
    int current = (int) Trees.integerOr(scale, 0, "spec", "replicas");
    int least = Objects.requireNonNullElse(scaler.spec().minReplicas(), 1);
    int most = scaler.spec().maxReplicas();
    int desired;
    String why;
    if (current == 0 && least != 0) {
      conditions.set(
          "ScalingActive",
          false,
          "ScalingDisabled",
          "scaling is disabled since the replica count of the target is zero");
      status.currentReplicas(null).desiredReplicas(0);
      return;
    } else if (current > most) {
      desired = most;
      why = "Current number of replicas above Spec.MaxReplicas";
    } else if (current < least) {
      desired = least;
      why = "Current number of replicas below Spec.MinReplicas";
    } else {
      Proposed proposed = propose(scaler, scale, current, conditions, now);
      if (proposed == null) {
        status.currentReplicas(orAbsent((int) Trees.integerOr(scale, 0, "status", "replicas")));
        return;
      }
      status.currentMetrics(proposed.statuses());
      why =
          proposed.replicas() > current
              ? proposed.name() + " above target"
              : "All metrics below target";
      desired = followed(scaler, current, proposed.replicas(), conditions, now);
    }
    status
        .currentReplicas(orAbsent((int) Trees.integerOr(scale, 0, "status", "replicas")))
        .desiredReplicas(desired);
    if (desired != current) {
      rescale(scaler, path, scale, current, desired, why, conditions, now);
      status.lastScaleTime(now);
    }
  }

  private static @Nullable Integer orAbsent(int value) {
    return value == 0 ? null : value;
  }

  private int followed(
      HorizontalPodAutoscaler scaler,
      int current,
      int proposed,
      ScalerConditions conditions,
      Instant now) {
    ScalingRules own = rules.computeIfAbsent(scaler.key(), k -> new ScalingRules());
    ScalingRules.Outcome steady = own.stabilized(scaler, current, proposed, now);
    conditions.set("AbleToScale", true, steady.reason(), steady.message());
    ScalingRules.Outcome limited = own.limited(scaler, current, steady.replicas(), now);
    conditions.set("ScalingLimited", limited.limited(), limited.reason(), limited.message());
    return limited.replicas();
  }

  private record Proposed(int replicas, String name, List<MetricStatus> statuses) {}

  private @Nullable Proposed propose(
      HorizontalPodAutoscaler scaler,
      Map<String, Object> scale,
      int current,
      ScalerConditions conditions,
      Instant now) {
    String selector = Trees.stringOr(scale, "", "status", "selector");
    if (selector.isEmpty()) {
      events.warning(scaler, "SelectorRequired", "selector is required");
      conditions.set(
          "ScalingActive",
          false,
          "InvalidSelector",
          "the HPA target's scale is missing a selector");
      return null;
    }
    String namespace = scaler.metadata().namespace();
    LabelSelector parsed = LabelSelector.parse(selector);
    List<Pod> chosen =
        pods.list(namespace).stream().filter(p -> parsed.matches(p.metadata().labels())).toList();
    Evaluation evaluation =
        new Evaluation(
            metrics,
            new ReplicaCalculator(now),
            new Tolerance(tolerance(ScalingRules.up(scaler)), tolerance(ScalingRules.down(scaler))),
            namespace,
            selector,
            chosen,
            current,
            this::plural);
    List<MetricStatus> statuses = new ArrayList<>();
    int highest = -1;
    String name = "";
    String failure = null;
    String failedAs = "";
    int invalid = 0;
    for (MetricSpec spec : scaler.spec().metrics()) {
      try {
        Evaluation.Result result = evaluation.evaluate(spec);
        statuses.add(result.status());
        if (result.replicas() > highest) {
          highest = result.replicas();
          name = result.name();
        }
      } catch (Unavailable e) {
        invalid++;
        String message = "failed to get %s: %s".formatted(called(spec), e.getMessage());
        if (failure == null) {
          failure = message;
          failedAs = Evaluation.failure(spec);
        }
        events.warning(scaler, Evaluation.failure(spec), message);
      }
    }
    // What is known may ask for more; for less only if all is known.
    if (failure != null && (highest < 0 || highest < current)) {
      int all = scaler.spec().metrics().size();
      conditions.set(
          "ScalingActive",
          false,
          failedAs,
          "the HPA was unable to compute the replica count: " + failure);
      events.warning(
          scaler,
          "FailedComputeMetricsReplicas",
          "invalid metrics (%d invalid out of %d), first error is: %s"
              .formatted(invalid, all, failure));
      return null;
    }
    conditions.set(
        "ScalingActive",
        true,
        "ValidMetricFound",
        "the HPA was able to successfully calculate a replica count from " + name);
    return new Proposed(highest, name, statuses);
  }

  private static String called(MetricSpec spec) {
    var resource = spec.resource();
    if (resource == null) {
      return spec.type() + " metric value";
    }
    var target = resource.target();
    return target != null && target.averageUtilization() != null
        ? resource.name() + " utilization"
        : resource.name() + " resource metric value";
  }

  private static double tolerance(@Nullable HPAScalingRules rules) {
    var own = rules == null ? null : io.kubra.api.quantity.Quantity.tryParse(rules.tolerance());
    return own == null ? TOLERANCE : own.milli() / 1000.0;
  }

  private void rescale(
      HorizontalPodAutoscaler scaler,
      String path,
      Map<String, Object> scale,
      int current,
      int desired,
      String why,
      ScalerConditions conditions,
      Instant now) {
    Trees.set(scale, (long) desired, "spec", "replicas");
    try {
      var unused = api.call(ApiRequest.of("PUT", path, "application/json", Json.write(scale)));
    } catch (ApiException e) {
      events.warning(
          scaler,
          "FailedRescale",
          "New size: %d; reason: %s; error: %s".formatted(desired, why, e.getMessage()));
      conditions.set(
          "AbleToScale",
          false,
          "FailedUpdateScale",
          "the HPA controller was unable to update the target scale: " + e.getMessage());
      throw e;
    }
    conditions.set(
        "AbleToScale",
        true,
        "SucceededRescale",
        "the HPA controller was able to update the target scale to " + desired);
    events.normal(scaler, "SuccessfulRescale", "New size: %d; reason: %s".formatted(desired, why));
    rules.computeIfAbsent(scaler.key(), k -> new ScalingRules()).changed(desired - current, now);
  }

  /** The path of the object that is scaled. */
  private String path(HorizontalPodAutoscaler scaler) {
    CrossVersionObjectReference target = scaler.spec().scaleTargetRef();
    if (target == null) {
      throw new Unavailable("no target");
    }
    String version = Objects.requireNonNullElse(target.apiVersion(), "v1");
    String namespace = scaler.metadata().namespace();
    String template =
        paths.computeIfAbsent(version + "/" + target.kind(), k -> find(version, target.kind()));
    if (template.isEmpty()) {
      paths.remove(version + "/" + target.kind());
      throw new Unavailable(
          "no matches for kind \"%s\" in version \"%s\"".formatted(target.kind(), version));
    }
    return template.formatted(namespace) + "/" + target.name();
  }

  /** The path of a kind's resource, with a place for the namespace; empty if there is none. */
  private String find(String version, String kind) {
    for (ServerResources.Resource resource : ServerResources.list(api)) {
      String own =
          resource.group().isEmpty()
              ? resource.version()
              : resource.group() + "/" + resource.version();
      if (own.equals(version) && resource.kind().equals(kind)) {
        return resource.path("%s");
      }
    }
    return "";
  }

  private String plural(String kind) {
    return ServerResources.list(api).stream()
        .filter(r -> r.kind().equals(kind))
        .findFirst()
        .map(r -> r.group().isEmpty() ? r.name() : r.name() + "." + r.group())
        .orElse(kind);
  }

  @Override
  public void close() {
    controller.close();
  }
}
