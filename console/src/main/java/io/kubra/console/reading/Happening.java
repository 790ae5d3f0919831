package io.kubra.console.reading;

import io.kubra.client.ApiClient;
import io.kubra.client.ListOptions;
import io.kubra.model.core.v1.Event;
import io.kubra.model.core.v1.ObjectReference;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event of the cluster.
 *
 * @param age how long ago it last happened
 * @param object what it happened to, as {@code Pod/web-0}
 */
public record Happening(
    Instant last,
    String age,
    boolean warning,
    String reason,
    String namespace,
    String object,
    String message,
    int count) {

  /** The events of a namespace, or of all if it is empty; the latest first. */
  public static List<Happening> read(
      ApiClient api, String namespace, @Nullable String fieldSelector, Instant now, int most) {
    ListOptions options =
        fieldSelector == null ? ListOptions.ALL : ListOptions.ALL.withFields(fieldSelector);
    return api.resource(Event.RESOURCE).list(namespace, options).items().stream()
        .map(e -> of(e, now))
        .sorted(Comparator.comparing(Happening::last).reversed())
        .limit(most)
        .toList();
  }

  private static Happening of(Event event, Instant now) {
    Instant last = event.lastTimestamp();
    if (last == null && event.series() != null) {
      last = event.series().lastObservedTime();
    }
    if (last == null) {
      last = event.eventTime();
    }
    if (last == null) {
      last = Objects.requireNonNullElse(event.metadata().creationTimestamp(), Instant.EPOCH);
    }
    ObjectReference about = event.involvedObject();
    Integer count = event.series() == null ? event.count() : event.series().count();
    return new Happening(
        last,
        Ages.of(Duration.between(last, now)),
        "Warning".equals(event.type()),
        Objects.requireNonNullElse(event.reason(), ""),
        event.metadata().namespace(),
        about == null ? "" : about.kind() + "/" + about.name(),
        Objects.requireNonNullElse(event.message(), ""),
        count == null ? 1 : Math.max(1, count));
  }
}
