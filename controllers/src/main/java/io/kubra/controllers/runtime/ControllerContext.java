package io.kubra.controllers.runtime;

import io.kubra.client.ApiClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.InformerFactory;
import io.kubra.metrics.MetricRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What every controller is given: shared local copies of what the cluster holds, and for its writes
 * a client under the controller's own account, which may do no more than that controller needs.
 */
public final class ControllerContext implements AutoCloseable {
  private static final String ACCOUNT = "system:serviceaccount:kube-system:";
  private static final String READER = "system:kube-controller-manager";

  private final Function<String, ApiClient> connect;
  private final Map<String, ApiClient> clients = new ConcurrentHashMap<>();
  private final Map<String, EventRecorder> recorders = new ConcurrentHashMap<>();
  private final InformerFactory informers;
  private final InstantSource clock;
  private final MetricRegistry metrics;

  /**
   * A context over connections to the API server.
   *
   * @param connect makes a client that acts as the user of the given name
   * @param clock the time that decisions are taken by
   * @param metrics where the controllers' queues and requests are counted
   */
  public ControllerContext(
      Function<String, ApiClient> connect, InstantSource clock, MetricRegistry metrics) {
    this.connect = user -> connect.apply(user).counted(metrics);
    this.clock = clock;
    this.metrics = metrics;
    this.informers = new InformerFactory(this.connect.apply(READER));
  }

  /** A controller with a queue of this name, not started yet. */
  public Controller controller(String name, int workers, Reconciler reconciler) {
    return new Controller(metrics, name, workers, reconciler);
  }

  /** The client of a controller's account in {@code kube-system}. */
  public ApiClient client(String account) {
    return clients.computeIfAbsent(account, a -> connect.apply(ACCOUNT + a));
  }

  /** The shared local copies; a controller adds its indexes and handlers before they start. */
  public InformerFactory informers() {
    return informers;
  }

  /** The time that decisions are taken by. */
  public InstantSource clock() {
    return clock;
  }

  /** A recorder of events by a component, written under a controller's account. */
  public EventRecorder recorder(String account, String component) {
    return recorders.computeIfAbsent(
        component, c -> new EventRecorder(client(account), component, ""));
  }

  /** Ends informers, recorders and connections. */
  @Override
  public void close() {
    informers.close();
    recorders.values().forEach(EventRecorder::close);
    clients.values().forEach(ApiClient::close);
    informers.client().close();
  }
}
