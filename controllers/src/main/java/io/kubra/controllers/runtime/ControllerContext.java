package io.kubra.controllers.runtime;

import io.kubra.client.ApiClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.InformerFactory;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What every controller is given.
 *
 * @param client the connection to the API server
 * @param informers the shared local copies
 * @param clock the time that decisions are taken by
 */
public record ControllerContext(
    ApiClient client,
    InformerFactory informers,
    InstantSource clock,
    Map<String, EventRecorder> recorders) {

  /** A context on the system's clock. */
  public static ControllerContext of(ApiClient client) {
    return new ControllerContext(
        client, new InformerFactory(client), InstantSource.system(), new ConcurrentHashMap<>());
  }

  /** The recorder of a component. */
  public EventRecorder recorder(String component) {
    return recorders.computeIfAbsent(component, c -> new EventRecorder(client, c, ""));
  }
}
