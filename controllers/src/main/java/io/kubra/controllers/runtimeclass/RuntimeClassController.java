package io.kubra.controllers.runtimeclass;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.client.informer.SharedInformer;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.NodeRuntimeHandler;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.model.node.v1.Overhead;
import io.kubra.model.node.v1.RuntimeClass;
import io.kubra.model.node.v1.Scheduling;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Labels each node with the handlers that its status reports, and creates the RuntimeClass of each
 * handler that is known, whose pods go to the nodes so labelled. A class that exists, whoever made
 * it, is left as it is.
 */
public final class RuntimeClassController implements AutoCloseable {
  /** The prefix of the labels; the handler's name follows and the value is {@code true}. */
  public static final String LABEL = "runtime.kubra.io/";

  private static final String ACCOUNT = "runtimeclass-controller";

  /** The names that RuntimeClasses usually have, by their handlers. */
  private static final Map<String, String> CLASSES =
      Map.of("runc", "runc", "crun", "crun", "runsc", "gvisor", "kata", "kata");

  /** What a sandbox needs for itself, measured (bench/README.md). */
  private static final Map<String, Map<String, String>> OVERHEADS =
      Map.of("runsc", Map.of("memory", "64Mi"), "kata", Map.of("memory", "160Mi", "cpu", "250m"));

  private final SharedInformer<Node> nodes;
  private final SharedInformer<RuntimeClass> classes;
  private final ResourceClient<Node> nodeClient;
  private final ResourceClient<RuntimeClass> classClient;
  private final Controller controller;

  /** Starts the controller. */
  public RuntimeClassController(ControllerContext context) {
    this.nodes = context.informers().informer(Node.RESOURCE);
    this.classes = context.informers().informer(RuntimeClass.RESOURCE);
    this.nodeClient = context.client(ACCOUNT).resource(Node.RESOURCE);
    this.classClient = context.client(ACCOUNT).resource(RuntimeClass.RESOURCE);
    this.controller = context.controller("runtimeclass", 1, this::reconcile);
    controller.watch(nodes).start();
  }

  private Duration reconcile(String name) {
    Node node = nodes.get("", name);
    if (node == null || node.metadata().deletionTimestamp() != null) {
      return Duration.ZERO;
    }
    Set<String> handlers =
        node.status().runtimeHandlers().stream()
            .map(NodeRuntimeHandler::name)
            .filter(handler -> handler != null && !handler.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new));
    label(node, handlers);
    for (String handler : handlers) {
      String runtimeClass = CLASSES.get(handler);
      if (runtimeClass != null && classes.get("", runtimeClass) == null) {
        create(runtimeClass, handler);
      }
    }
    return Duration.ZERO;
  }

  private void label(Node node, Set<String> handlers) {
    Map<String, @Nullable Object> changes = new HashMap<>();
    for (String key : node.metadata().labels().keySet()) {
      if (key.startsWith(LABEL) && !handlers.contains(key.substring(LABEL.length()))) {
        changes.put(key, null);
      }
    }
    for (String handler : handlers) {
      if (!"true".equals(node.metadata().labels().get(LABEL + handler))) {
        changes.put(LABEL + handler, "true");
      }
    }
    if (!changes.isEmpty()) {
      byte[] patch = Json.write(Map.of("metadata", Map.of("labels", changes)));
      nodeClient.patch("", node.metadata().name(), PatchType.MERGE, patch, null);
    }
  }

  private void create(String name, String handler) {
    RuntimeClass.Builder runtimeClass =
        RuntimeClass.builder()
            .metadata(ObjectMeta.builder().name(name).build())
            .handler(handler)
            .scheduling(Scheduling.builder().nodeSelector(Map.of(LABEL + handler, "true")).build());
    Map<String, String> overhead = OVERHEADS.get(handler);
    if (overhead != null) {
      runtimeClass.overhead(Overhead.builder().podFixed(overhead).build());
    }
    try {
      classClient.create(runtimeClass.build());
    } catch (ApiException e) {
      if (!e.is("AlreadyExists")) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    controller.close();
  }
}
