package io.kubra.controllers.podautoscaler;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kubra.api.json.Json;
import io.kubra.api.quantity.Quantity;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the resource, custom and external metrics APIs. Amounts are in thousandths. */
final class MetricsReader {
  /** What one pod uses, and since when it was measured. */
  record Sample(long milli, Instant time, Duration window) {}

  /** A metric that cannot be had now. */
  static final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unavailable(String message) {
      super(message);
    }
  }

  private final ApiClient api;

  MetricsReader(ApiClient api) {
    this.api = api;
  }

  /**
   * The use of a resource by pods.
   *
   * @param container the container to look at, or null for all of a pod
   */
  Map<String, Sample> resource(
      String namespace, String selector, String resource, @Nullable String container) {
    Map<String, Sample> samples = new HashMap<>();
    Object list =
        get("/apis/metrics.k8s.io/v1beta1/namespaces/" + namespace + "/pods" + query(selector));
    for (Map<String, Object> item : Trees.maps(list, "items")) {
      long sum = 0;
      boolean complete = true;
      boolean found = container == null;
      for (Map<String, Object> each : Trees.maps(item, "containers")) {
        if (container != null && !container.equals(each.get("name"))) {
          continue;
        }
        Quantity used = Quantity.tryParse(Trees.string(each, "usage", resource));
        found = true;
        complete &= used != null;
        sum += used == null ? 0 : used.milli();
      }
      if (complete && found) {
        samples.put(Trees.stringOr(item, "", "metadata", "name"), sample(item, sum));
      }
    }
    if (samples.isEmpty()) {
      throw new Unavailable(
          "unable to get metrics for resource "
              + resource
              + ": no metrics returned from resource metrics API");
    }
    return samples;
  }

  /** A custom metric of each pod. */
  Map<String, Sample> pods(
      String namespace, String selector, String metric, @Nullable String metricSelector) {
    Map<String, Sample> samples = new LinkedHashMap<>();
    String path =
        "/apis/custom.metrics.k8s.io/v1beta2/namespaces/%s/pods/*/%s%s"
            .formatted(namespace, encode(metric), query(selector, metricSelector));
    for (Map<String, Object> item : Trees.maps(get(path), "items")) {
      Quantity value = Quantity.tryParse(Trees.string(item, "value"));
      if (value != null) {
        samples.put(
            Trees.stringOr(item, "", "describedObject", "name"), sample(item, value.milli()));
      }
    }
    if (samples.isEmpty()) {
      throw new Unavailable("no metrics returned from custom metrics API");
    }
    return samples;
  }

  /** A custom metric of one object, in a path such as {@code services/web}. */
  long object(String namespace, String object, String metric, @Nullable String metricSelector) {
    String path =
        "/apis/custom.metrics.k8s.io/v1beta2/namespaces/%s/%s/%s%s"
            .formatted(namespace, object, encode(metric), query("", metricSelector));
    return sum(Trees.maps(get(path), "items"), "custom");
  }

  /** An external metric, summed over its series. */
  long external(String namespace, String metric, @Nullable String metricSelector) {
    String path =
        "/apis/external.metrics.k8s.io/v1beta1/namespaces/%s/%s%s"
            .formatted(
                namespace, encode(metric), query(metricSelector == null ? "" : metricSelector));
    return sum(Trees.maps(get(path), "items"), "external");
  }

  private static long sum(List<Map<String, Object>> items, String which) {
    if (items.isEmpty()) {
      throw new Unavailable("no metrics returned from " + which + " metrics API");
    }
    long sum = 0;
    for (Map<String, Object> item : items) {
      Quantity value = Quantity.tryParse(Trees.string(item, "value"));
      sum += value == null ? 0 : value.milli();
    }
    return sum;
  }

  private static Sample sample(Map<String, Object> item, long milli) {
    Instant time = Instant.EPOCH;
    Duration window = Duration.ofMinutes(1);
    try {
      time = Instant.parse(Trees.stringOr(item, "", "timestamp"));
      String text = Trees.stringOr(item, "60s", "window").replaceFirst("s$", "");
      window = Duration.ofMillis((long) (Double.parseDouble(text) * 1000));
    } catch (java.time.DateTimeException | NumberFormatException e) {
      // Old or odd: the pod is taken as it is.
      return new Sample(milli, time, window);
    }
    return new Sample(milli, time, window);
  }

  private @Nullable Object get(String path) {
    try {
      return Json.parse(api.call(ApiRequest.get(path)));
    } catch (ApiException e) {
      throw new Unavailable("unable to fetch metrics: " + e.getMessage());
    }
  }

  private static String query(String selector) {
    return selector.isEmpty() ? "" : "?labelSelector=" + encode(selector);
  }

  private static String query(String selector, @Nullable String metricSelector) {
    String query = query(selector);
    return metricSelector == null
        ? query
        : query + (query.isEmpty() ? "?" : "&") + "metricLabelSelector=" + encode(metricSelector);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
