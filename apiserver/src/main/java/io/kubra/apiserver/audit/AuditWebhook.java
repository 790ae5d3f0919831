package io.kubra.apiserver.audit;

import io.kubra.apiserver.remote.RemoteException;
import io.kubra.apiserver.remote.RemoteService;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends events to another server, as an EventList; tries again a few times, then drops them. */
public final class AuditWebhook implements AuditSink {
  private static final Logger log = LoggerFactory.getLogger(AuditWebhook.class);
  private static final int ATTEMPTS = 5;
  private static final long FIRST_PAUSE_MILLIS = 200;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final RemoteService service;
  private final LongAdder lost;

  public AuditWebhook(RemoteService service, LongAdder lost) {
    this.service = service;
    this.lost = lost;
  }

  @Override
  public void accept(List<Map<String, Object>> events) {
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("kind", "EventList");
    list.put("apiVersion", "audit.k8s.io/v1");
    list.put("metadata", Map.of());
    list.put("items", List.copyOf(events));
    long pause = FIRST_PAUSE_MILLIS;
    for (int attempt = 1; ; attempt++) {
      try {
        service.post(list, TIMEOUT);
        return;
      } catch (RemoteException e) {
        if (attempt == ATTEMPTS || !e.passing()) {
          lost.add(events.size());
          log.error("{} audit events are lost: {}", events.size(), e.getMessage());
          return;
        }
      }
      try {
        TimeUnit.MILLISECONDS.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        lost.add(events.size());
        return;
      }
      pause *= 3;
    }
  }

  @Override
  public void close() {
    service.close();
  }
}
