package io.kubra.node.cri;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kubra.node.cri.v1.ContainerdEvents;
import io.kubra.node.cri.v1.EventsGrpc;
import java.time.Duration;
import java.util.Iterator;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows containerd's event stream and tells which containers started or ended. Containerd offers
 * it in every version, on the socket of the CRI, while the CRI's own event stream is missing in
 * many. A runtime without it is found out once; then {@link #following()} stays false and the
 * caller has to look for itself.
 */
public final class RuntimeEvents implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RuntimeEvents.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final String NAMESPACE = "k8s.io";

  private final CriClient cri;
  private final Consumer<String> changed;
  private final Consumer<String> ended;
  private final Context.CancellableContext context = Context.current().withCancellation();
  private final Thread thread;
  private volatile boolean following;
  private volatile boolean closed;

  /**
   * Starts to follow.
   *
   * @param changed told the id of each container that started or ended, and the empty string
   *     whenever events may have been missed
   * @param ended told before that the id of each container that ended
   */
  public RuntimeEvents(CriClient cri, Consumer<String> changed, Consumer<String> ended) {
    this.cri = cri;
    this.changed = changed;
    this.ended = ended;
    this.thread = Thread.ofVirtual().name("runtime-events").start(this::run);
  }

  /** Whether events arrive at the moment. */
  public boolean following() {
    return following;
  }

  private void run() {
    while (!closed) {
      Context previous = context.attach();
      try {
        follow();
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
          LOG.info("the runtime has no event stream; containers are polled");
          return;
        }
        LOG.debug("event stream ended: {}", e.toString());
      } finally {
        following = false;
        context.detach(previous);
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void follow() {
    var request =
        ContainerdEvents.SubscribeRequest.newBuilder()
            .addFilters("namespace==" + NAMESPACE + ",topic~=^/tasks/")
            .build();
    Iterator<ContainerdEvents.Envelope> events =
        EventsGrpc.newBlockingStub(cri.channel()).withWaitForReady().subscribe(request);
    following = true;
    changed.accept("");
    while (events.hasNext()) {
      ContainerdEvents.Envelope event = events.next();
      switch (event.getTopic()) {
        case "/tasks/exit", "/tasks/start", "/tasks/oom" -> tell(event);
        default -> LOG.trace("event {}", event.getTopic());
      }
    }
  }

  private void tell(ContainerdEvents.Envelope event) {
    try {
      var task = ContainerdEvents.TaskExit.parseFrom(event.getEvent().getValue());
      boolean exit = event.getTopic().equals("/tasks/exit");
      boolean ofExec = exit && !task.getId().equals(task.getContainerId());
      if (exit && !ofExec) {
        ended.accept(task.getContainerId());
      }
      if (!ofExec) {
        changed.accept(task.getContainerId());
      }
    } catch (InvalidProtocolBufferException e) {
      LOG.debug("event {} cannot be read", event.getTopic(), e);
      changed.accept("");
    }
  }

  @Override
  public void close() {
    closed = true;
    var unused = context.cancel(null);
    thread.interrupt();
  }
}
