package io.kubra.apiserver.health;

import io.kubra.apiserver.request.NonResourceEndpoint;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.request.RequestInfo;
import io.kubra.transport.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** {@code /metrics} in the Prometheus text format, under upstream's names. */
public final class Metrics implements NonResourceEndpoint {
  private final Map<Labels, LongAdder> requests = new ConcurrentHashMap<>();
  private final Map<String, Supplier<Number>> gauges = new ConcurrentHashMap<>();

  private record Labels(String verb, String group, String version, String resource, int code) {}

  /** Counts a request that has been served; code 0 stands for success. */
  public void request(RequestInfo info, int code) {
    if (!info.resourceRequest()) {
      return;
    }
    int shown = code == 0 ? (info.verb().equals("create") ? 201 : 200) : code;
    Labels labels =
        new Labels(
            info.verb(), info.group(), info.version(), info.resourceWithSubresource(), shown);
    LongAdder counter = requests.get(labels);
    if (counter == null) {
      // 404s are not counted by name, or anyone could fill the memory with names
      if (code == 404 && requests.size() > 5000) {
        return;
      }
      counter = requests.computeIfAbsent(labels, l -> new LongAdder());
    }
    counter.increment();
  }

  /** Adds a value that is read when the metrics are. */
  public void gauge(String name, Supplier<Number> value) {
    gauges.put(name, value);
  }

  @Override
  public boolean matches(String path) {
    return path.equals("/metrics");
  }

  @Override
  public void handle(RequestContext c) {
    StringBuilder text = new StringBuilder();
    text.append("# HELP apiserver_request_total Requests by verb, resource and response code.\n");
    text.append("# TYPE apiserver_request_total counter\n");
    requests.forEach(
        (l, count) ->
            text.append("apiserver_request_total{verb=\"")
                .append(escape(l.verb()))
                .append("\",group=\"")
                .append(escape(l.group()))
                .append("\",version=\"")
                .append(escape(l.version()))
                .append("\",resource=\"")
                .append(escape(l.resource()))
                .append("\",code=\"")
                .append(l.code())
                .append("\"} ")
                .append(count.sum())
                .append('\n'));
    new TreeMap<>(gauges)
        .forEach(
            (name, value) ->
                text.append("# TYPE ")
                    .append(name)
                    .append(" gauge\n")
                    .append(name)
                    .append(' ')
                    .append(value.get())
                    .append('\n'));
    c.exchange()
        .respond(
            200,
            HttpHeaders.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8"),
            text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String escape(String label) {
    return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
