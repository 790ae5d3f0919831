package io.kubra.client.events;

import io.kubra.api.status.ApiException;
import io.kubra.client.ApiClient;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.model.KubernetesObject;
import io.kubra.model.core.v1.Event;
import io.kubra.model.core.v1.EventSource;
import io.kubra.model.core.v1.ObjectReference;
import io.kubra.model.meta.v1.ObjectMeta;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records Events about objects. Recording never blocks and never fails: events are sent by one
 * virtual thread; when too many wait, new ones are dropped. An event that repeats raises the count
 * of the one already stored.
 */
public final class EventRecorder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final int WAITING = 1000;
  private static final int REMEMBERED = 4096;
  private static final int MESSAGE_LIMIT = 1024;

  private record Key(ObjectReference about, String type, String reason, String message) {}

  private record Stored(String namespace, String name, int count) {}

  private final ResourceClient<Event> events;
  private final String component;
  private final String host;
  private final InstantSource clock;
  private final LinkedBlockingQueue<Key> waiting = new LinkedBlockingQueue<>(WAITING);
  private final AtomicLong sequence = new AtomicLong(System.nanoTime());
  private final Map<Key, Stored> stored =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Stored> eldest) {
          return size() > REMEMBERED;
        }
      };
  private final Thread thread;
  private volatile boolean closed;

  /**
   * A recorder that names its source.
   *
   * @param component the component that reports, for example {@code kubelet}
   * @param host the node it runs on, or empty
   */
  public EventRecorder(ApiClient client, String component, String host) {
    this.events = client.resource(Event.RESOURCE);
    this.component = component;
    this.host = host;
    this.clock = InstantSource.system();
    this.thread = Thread.ofVirtual().name("events-" + component).start(this::run);
  }

  /** Records something expected. */
  public void normal(KubernetesObject about, String reason, String message) {
    record(reference(about), "Normal", reason, message);
  }

  /** Records something that needs attention. */
  public void warning(KubernetesObject about, String reason, String message) {
    record(reference(about), "Warning", reason, message);
  }

  /** Records an event about whatever the reference names, for example one container of a pod. */
  public void record(ObjectReference about, String type, String reason, String message) {
    String text =
        message.length() > MESSAGE_LIMIT
            ? message.substring(0, MESSAGE_LIMIT - 3) + "..."
            : message;
    if (!closed && !waiting.offer(new Key(about, type, reason, text))) {
      LOG.warn("too many events wait; dropped {} about {}", reason, about.name());
    }
  }

  /** A reference to an object as events carry it. */
  public static ObjectReference reference(KubernetesObject object) {
    ObjectMeta m = object.metadata();
    ObjectReference.Builder reference =
        ObjectReference.builder()
            .apiVersion(object.apiVersion())
            .kind(object.kind())
            .name(m.name())
            .uid(m.uid())
            .resourceVersion(m.resourceVersion());
    if (!m.namespace().isEmpty()) {
      reference.namespace(m.namespace());
    }
    return reference.build();
  }

  private void run() {
    try {
      while (!closed) {
        Key key = waiting.take();
        try {
          send(key);
        } catch (ApiException | UncheckedIOException e) {
          LOG.debug("event {} about {} not stored: {}", key.reason, key.about.name(), e.toString());
        }
      }
    } catch (InterruptedException e) {
      LOG.trace("recorder of {} ends", component);
    }
  }

  private void send(Key key) {
    // The version is not part of what makes two events the same.
    Key same =
        new Key(
            key.about.toBuilder().resourceVersion(null).build(), key.type, key.reason, key.message);
    Stored known = stored.get(same);
    if (known != null && raiseCount(same, known)) {
      return;
    }
    var now = clock.instant();
    String namespace = key.about.namespace() == null ? "default" : key.about.namespace();
    String name = "%s.%x".formatted(String.valueOf(key.about.name()), sequence.incrementAndGet());
    Event created =
        events.create(
            Event.builder()
                .metadata(ObjectMeta.builder().namespace(namespace).name(name).build())
                .involvedObject(key.about)
                .type(key.type)
                .reason(key.reason)
                .message(key.message)
                .source(
                    EventSource.builder()
                        .component(component)
                        .host(host.isEmpty() ? null : host)
                        .build())
                .reportingComponent(component)
                .reportingInstance(host)
                .firstTimestamp(now)
                .lastTimestamp(now)
                .count(1)
                .build());
    stored.put(same, new Stored(namespace, created.metadata().name(), 1));
  }

  private boolean raiseCount(Key key, Stored known) {
    int count = known.count + 1;
    String time =
        DateTimeFormatter.ISO_INSTANT.format(clock.instant().truncatedTo(ChronoUnit.SECONDS));
    String patch = "{\"count\":" + count + ",\"lastTimestamp\":\"" + time + "\"}";
    try {
      events.patch(
          known.namespace,
          known.name,
          PatchType.STRATEGIC,
          patch.getBytes(StandardCharsets.UTF_8),
          null);
      stored.put(key, new Stored(known.namespace, known.name, count));
      return true;
    } catch (ApiException e) {
      if (e.code() == 404) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
