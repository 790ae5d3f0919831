package io.kubra.node.api;

import io.kubra.model.core.v1.Pod;
import io.kubra.node.cri.CriClient;
import io.kubra.node.cri.CriException;
import io.kubra.node.cri.v1.Cri;
import io.kubra.node.logs.LogQuery;
import io.kubra.node.logs.LogReader;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.ResponseStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Serves {@code /containerLogs}. */
final class LogEndpoint {
  private static final long STATUS_NANOS = Duration.ofMillis(500).toNanos();

  private final PodLookup pods;
  private final CriClient cri;
  private final InstantSource clock;

  LogEndpoint(PodLookup pods, CriClient cri, InstantSource clock) {
    this.pods = pods;
    this.cri = cri;
    this.clock = clock;
  }

  void serve(HttpExchange x, String namespace, String podName, String container)
      throws Refusal, IOException {
    Query query = new Query(x.rawQuery());
    LogQuery wanted = parse(query);
    Pod pod = pods.pod(namespace, podName, "");
    String id = pods.logged(pod, container, wanted.previous());
    Cri.ContainerStatus status;
    try {
      status = cri.containerStatus(id);
    } catch (CriException e) {
      throw new Refusal(e.notFound() ? 404 : 500, e.getMessage());
    }
    Path file = Path.of(status.getLogPath());
    if (status.getLogPath().isEmpty() || !Files.isRegularFile(file)) {
      throw new Refusal(
          500,
          "failed to try resolving symlinks in path \"%s\": no such file or directory"
              .formatted(file));
    }
    AtomicBoolean gone = new AtomicBoolean();
    Thread reader = Thread.currentThread();
    x.onClose(
        () -> {
          if (gone.compareAndSet(false, true)) {
            reader.interrupt();
          }
        });
    try (ResponseStream out = x.start(200, HttpHeaders.of("Content-Type", "text/plain"))) {
      out.flush();
      Running running = new Running(id, gone);
      new LogReader(file, wanted, running::get, out.asOutputStream()).run();
      gone.set(true);
    }
  }

  /** Whether the container may still write, asked of the runtime now and then. */
  private final class Running {
    private final String id;
    private final AtomicBoolean gone;
    private boolean running = true;
    private long asked = System.nanoTime();

    Running(String id, AtomicBoolean gone) {
      this.id = id;
      this.gone = gone;
    }

    boolean get() {
      if (running && System.nanoTime() - asked > STATUS_NANOS) {
        asked = System.nanoTime();
        try {
          running = cri.containerStatus(id).getState() == Cri.ContainerState.CONTAINER_RUNNING;
        } catch (CriException e) {
          running = e.unavailable();
        }
      }
      return running && !gone.get();
    }
  }

  private LogQuery parse(Query query) throws Refusal {
    String stream = query.get("stream");
    return new LogQuery(
        query.flag("follow"),
        query.flag("previous"),
        query.flag("timestamps"),
        since(query),
        query.get("tailLines").equals("all") ? -1 : query.number("tailLines", -1),
        query.number("limitBytes", -1),
        !stream.equals("Stderr"),
        !stream.equals("Stdout"));
  }

  private @Nullable Instant since(Query query) throws Refusal {
    long seconds = query.number("sinceSeconds", -1);
    if (seconds >= 0) {
      return clock.instant().minusSeconds(seconds);
    }
    String time = query.get("sinceTime");
    if (time.isEmpty()) {
      return null;
    }
    try {
      return OffsetDateTime.parse(time).toInstant();
    } catch (DateTimeParseException e) {
      throw new Refusal(400, "cannot parse sinceTime \"" + time + "\"");
    }
  }
}
