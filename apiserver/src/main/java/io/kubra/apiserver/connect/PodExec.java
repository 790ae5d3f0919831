package io.kubra.apiserver.connect;

import io.kubra.api.status.ApiException;
import io.kubra.api.status.FieldError;
import io.kubra.apiserver.node.NodeConnector;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.apiserver.request.ConnectHandler;
import io.kubra.apiserver.request.QueryParameters;
import io.kubra.apiserver.request.RequestContext;
import java.util.List;
import java.util.Map;

/** Serves {@code pods/exec} and {@code pods/attach}: the streams of a process in a container. */
public final class PodExec implements ConnectHandler {

  /** Whether a new process is started or the container's own is joined. */
  public enum Mode {
    EXEC("exec", "PodExecOptions"),
    ATTACH("attach", "PodAttachOptions");

    private final String path;
    private final String kind;

    Mode(String path, String kind) {
      this.path = path;
      this.kind = kind;
    }
  }

  private final Mode mode;
  private final ObjectReader objects;
  private final NodeConnector nodes;

  public PodExec(Mode mode, ObjectReader objects, NodeConnector nodes) {
    this.mode = mode;
    this.objects = objects;
    this.nodes = nodes;
  }

  @Override
  public void connect(RequestContext context) {
    QueryParameters query = context.query();
    List<String> command = query.all("command");
    if (mode == Mode.EXEC && command.isEmpty()) {
      throw ApiException.invalid("", mode.kind, "", List.of(FieldError.required("command", "")));
    }
    Map<String, Object> pod = PodContainers.pod(objects, context);
    String container = PodContainers.container(pod, query.get("container"));
    NodeConnector.Endpoint endpoint = nodes.endpoint(PodContainers.node(pod));
    if (!Upgrades.requested(context.exchange())) {
      throw ApiException.badRequest("Upgrade request required");
    }
    boolean terminal = query.flag("tty");
    NodeQuery uri =
        new NodeQuery(
                endpoint.base(),
                mode.path,
                context.info().namespace(),
                context.info().name(),
                container)
            .addAll("command", mode == Mode.EXEC ? command : List.of())
            .addFlag("input", query.flag("stdin"))
            .addFlag("output", byDefault(query, "stdout"))
            .addFlag("error", byDefault(query, "stderr") && !terminal)
            .addFlag("tty", terminal);
    Upgrades.pass(context.exchange(), endpoint.client(), uri.toUri());
  }

  private static boolean byDefault(QueryParameters query, String stream) {
    boolean anyNamed = query.has("stdin") || query.has("stdout") || query.has("stderr");
    return anyNamed ? query.flag(stream) : true;
  }
}
