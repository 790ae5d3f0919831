package io.kubra.apiserver.health;

import io.kubra.apiserver.request.RequestInfo;
import io.kubra.apiserver.request.RequestLimit;
import io.kubra.metrics.Histogram;
import io.kubra.metrics.MetricSource;
import io.kubra.metrics.MetricText;
import io.kubra.metrics.MetricType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * Counts and times requests under upstream's names and labels. A request costs one look-up of its
 * endpoint and one of its code; what names nothing that is served is counted without its names, so
 * that nobody can fill the memory with them.
 */
public final class RequestMetrics implements MetricSource {
  private static final double[] SECONDS = {
    0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45,
    60
  };

  private static final double[] SIZES = Histogram.exponential(1000, 10, 7);

  private final Map<Endpoint, Series> series = new ConcurrentHashMap<>();
  private final Predicate<RequestInfo> served;

  /** What a series is told apart by. */
  private record Endpoint(
      String verb,
      String group,
      String version,
      String resource,
      String subresource,
      String scope,
      boolean dryRun) {
    /** Sizes are not told apart by whether it was a dry run. */
    String[] sizeLabels() {
      List<String> all = new ArrayList<>(List.of(labels()));
      int at = all.indexOf("dry_run");
      all.subList(at, at + 2).clear();
      return all.toArray(String[]::new);
    }

    String[] labels(String... more) {
      List<String> all = new ArrayList<>(List.of(more));
      all.addAll(
          List.of(
              "component",
              "apiserver",
              "dry_run",
              dryRun ? "All" : "",
              "group",
              group,
              "resource",
              resource,
              "scope",
              scope,
              "subresource",
              subresource,
              "verb",
              verb,
              "version",
              version));
      return all.toArray(String[]::new);
    }
  }

  private static final class Series {
    final Histogram seconds = new Histogram(SECONDS);
    final Histogram sizes = new Histogram(SIZES);
    final Map<Integer, LongAdder> codes = new ConcurrentHashMap<>();
    final LongAdder running = new LongAdder();
  }

  /**
   * Metrics of requests.
   *
   * @param served whether the resource, and its subresource if one is named, is served
   */
  public RequestMetrics(Predicate<RequestInfo> served) {
    this.served = served;
  }

  /**
   * Counts a request that has been answered.
   *
   * @param size the bytes of the response's body; -1 if it was a stream
   */
  public void answered(
      RequestInfo info, boolean dryRun, boolean apply, int code, long size, long startNanos) {
    Series s = series(info, dryRun, apply);
    LongAdder counter = s.codes.get(code);
    if (counter == null) {
      counter = s.codes.computeIfAbsent(code, c -> new LongAdder());
    }
    counter.increment();
    s.seconds.observeSince(startNanos);
    if (size >= 0) {
      s.sizes.observe(size);
    }
  }

  /** Notes that a watch or connection begins (1) or ends (-1). */
  public void running(RequestInfo info, int change) {
    series(info, false, false).running.add(change);
  }

  private Series series(RequestInfo info, boolean dryRun, boolean apply) {
    Endpoint endpoint =
        new Endpoint(
            verb(info, apply),
            info.group(),
            info.version(),
            info.resource(),
            info.subresource(),
            scope(info),
            dryRun);
    Series known = series.get(endpoint);
    if (known != null) {
      return known;
    }
    if (info.resourceRequest() && !served.test(info)) {
      endpoint = new Endpoint(endpoint.verb(), "", "", "", "", "", dryRun);
    }
    return series.computeIfAbsent(endpoint, e -> new Series());
  }

  /** The verbs as upstream's metrics have them: mostly the methods. */
  private static String verb(RequestInfo info, boolean apply) {
    if (!info.resourceRequest()) {
      return switch (info.verb()) {
        case "get", "head", "post", "put", "patch", "delete" ->
            info.verb().toUpperCase(Locale.ROOT);
        default -> "other";
      };
    }
    return switch (info.verb()) {
      case "create" -> RequestLimit.lasts(info) ? "CONNECT" : "POST";
      case "update" -> "PUT";
      case "patch" -> apply ? "APPLY" : "PATCH";
      case "get" -> RequestLimit.lasts(info) ? "CONNECT" : "GET";
      case "list" -> "LIST";
      case "watch" -> "WATCH";
      case "delete" -> "DELETE";
      case "deletecollection" -> "DELETECOLLECTION";
      default -> "other";
    };
  }

  private static String scope(RequestInfo info) {
    if (!info.resourceRequest()) {
      return "";
    }
    if (!info.name().isEmpty()) {
      return "resource";
    }
    return info.namespace().isEmpty() ? "cluster" : "namespace";
  }

  @Override
  public void write(MetricText out) {
    out.family(
        "apiserver_request_total",
        MetricType.COUNTER,
        "Counter of apiserver requests broken out for each verb, dry run value, group, version,"
            + " resource, scope, component, and HTTP response code.");
    series.forEach(
        (e, s) ->
            s.codes.forEach(
                (code, n) -> out.sample(n.sum(), e.labels("code", Integer.toString(code)))));
    out.family(
        "apiserver_request_duration_seconds",
        MetricType.HISTOGRAM,
        "Response latency distribution in seconds for each verb, dry run value, group, version,"
            + " resource, subresource, scope and component.");
    series.forEach(
        (e, s) -> {
          if (!s.codes.isEmpty()) {
            out.histogram(s.seconds, e.labels());
          }
        });
    out.family(
        "apiserver_response_sizes",
        MetricType.HISTOGRAM,
        "Response size distribution in bytes for each group, version, verb, resource, subresource,"
            + " scope and component.");
    series.forEach(
        (e, s) -> {
          if (!s.codes.isEmpty() && !e.dryRun() && !e.verb().equals("WATCH")) {
            out.histogram(s.sizes, e.sizeLabels());
          }
        });
    out.family(
        "apiserver_longrunning_requests",
        MetricType.GAUGE,
        "Gauge of all active long-running apiserver requests broken out by verb, group, version,"
            + " resource, scope and component.");
    series.forEach(
        (e, s) -> {
          if (e.verb().equals("WATCH") || e.verb().equals("CONNECT")) {
            out.sample(s.running.sum(), e.labels());
          }
        });
  }
}
