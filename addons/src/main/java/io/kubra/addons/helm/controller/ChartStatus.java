package io.kubra.addons.helm.controller;

import io.kubra.addons.custom.Conditions;
import io.kubra.addons.custom.CustomObject;
import io.kubra.addons.helm.release.Release;
import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes what a HelmChart says about itself, as status and as events. */
final class ChartStatus {
  static final String READY = "Ready";
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  private static final int MOST_DOUBLINGS = 5;

  private final ResourceClient<CustomObject> charts;
  private final EventRecorder events;
  private final InstantSource clock;

  ChartStatus(ResourceClient<CustomObject> charts, EventRecorder events, InstantSource clock) {
    this.charts = charts;
    this.events = events;
    this.clock = clock;
  }

  /** The namespace of the release that the chart has or is getting; empty if none. */
  static String namespace(CustomObject chart) {
    return Trees.stringOr(chart.tree(), "", "status", "namespace");
  }

  static String digest(CustomObject chart) {
    return Trees.stringOr(chart.tree(), "", "status", "digest");
  }

  static int failures(CustomObject chart) {
    return (int) Trees.integerOr(chart.tree(), 0, "status", "failures");
  }

  static boolean ready(CustomObject chart) {
    return "True".equals(Conditions.get(chart, READY).get("status"));
  }

  /** Whether an attempt was begun and its end never written: this process died in between. */
  static boolean interrupted(CustomObject chart) {
    return "Unknown".equals(Conditions.get(chart, READY).get("status"));
  }

  /** Whether the release is the one that the last attempt left. */
  static boolean leftAs(CustomObject chart, Release release) {
    return release.status().equals("deployed")
        && release.revision() == Trees.integerOr(chart.tree(), 0, "status", "revision");
  }

  /** Whether the last attempt ended, by force, with the release in the middle of its work. */
  static boolean leftPending(CustomObject chart, Release release) {
    return release.pending()
        && release.status().equals(Trees.string(chart.tree(), "status", "releaseStatus"))
        && release.revision() == Trees.integerOr(chart.tree(), 0, "status", "revision");
  }

  /** How long to wait, after what failed so far, before the next attempt. */
  Duration pause(CustomObject chart) {
    int failures = failures(chart);
    if (failures == 0) {
      return Duration.ZERO;
    }
    Instant last;
    try {
      last = Instant.parse(Trees.stringOr(chart.tree(), "", "status", "lastAttempt"));
    } catch (DateTimeParseException e) {
      return Duration.ZERO;
    }
    return Duration.between(clock.instant(), last.plus(pause(failures)));
  }

  static Duration pause(int failures) {
    return FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
  }

  /** Says that an attempt begins, on a release in a namespace. */
  CustomObject begins(CustomObject chart, String namespace, String reason, String message) {
    Map<String, @Nullable Object> status = new LinkedHashMap<>();
    status.put("namespace", namespace);
    return write(chart, status, "Unknown", reason, message);
  }

  /** Says that an attempt succeeded. */
  void succeeded(CustomObject chart, Release release, String digest, String reason) {
    String message =
        "%s %s is installed as revision %d"
            .formatted(release.chart("name"), release.chart("version"), release.revision());
    Map<String, @Nullable Object> status = new LinkedHashMap<>();
    status.put("observedGeneration", Conditions.generation(chart));
    status.put("revision", release.revision());
    status.put("releaseStatus", release.status());
    status.put("chartVersion", release.chart("version"));
    status.put("appVersion", release.chart("appVersion"));
    status.put("digest", digest);
    status.put("failures", 0);
    status.put("lastAttempt", now());
    var unused = write(chart, status, "True", reason, message);
    events.normal(chart, reason, message);
  }

  /**
   * Says that an attempt failed.
   *
   * @return how long to wait before the next
   */
  Duration failed(
      CustomObject chart,
      int failures,
      String digest,
      @Nullable Release left,
      String reason,
      String message) {
    Map<String, @Nullable Object> status = new LinkedHashMap<>();
    status.put("observedGeneration", Conditions.generation(chart));
    status.put("digest", digest);
    status.put("failures", failures);
    status.put("lastAttempt", now());
    status.put("revision", left == null ? null : left.revision());
    status.put("releaseStatus", left == null ? null : left.status());
    var unused = write(chart, status, "False", reason, message);
    events.warning(chart, reason, message);
    return pause(failures);
  }

  /** Says that nothing can be done, once for each reason. */
  void stopped(CustomObject chart, String reason, String message) {
    Map<String, Object> known = Conditions.get(chart, READY);
    if (reason.equals(known.get("reason"))
        && message.equals(known.get("message"))
        && Long.valueOf(Conditions.generation(chart)).equals(known.get("observedGeneration"))) {
      return;
    }
    Map<String, @Nullable Object> status = new LinkedHashMap<>();
    status.put("observedGeneration", Conditions.generation(chart));
    var unused = write(chart, status, "False", reason, message);
    events.warning(chart, reason, message);
  }

  private CustomObject write(
      CustomObject chart,
      Map<String, @Nullable Object> fields,
      String ready,
      String reason,
      String message) {
    fields.put(
        "conditions", Conditions.with(chart, READY, ready, reason, message, clock.instant()));
    return charts.patch(
        chart.metadata().namespace(),
        chart.metadata().name(),
        PatchType.MERGE,
        Json.write(Map.of("status", fields)),
        "status");
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
