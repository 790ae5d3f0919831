package io.kubra.conformance.cluster;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.transport.websocket.WebSocket;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs pods and commands in them. */
public final class Pods {
  private static final String PROTOCOL = "v4.channel.k8s.io";
  private static final int OUT = 1;
  private static final int ERR = 2;
  private static final int STATUS = 3;

  private final Kube kube;
  private final Workspace workspace;
  private final Duration patience;

  /**
   * In a workspace.
   *
   * @param patience how long a pod may take to come up
   */
  public Pods(Kube kube, Workspace workspace, Duration patience) {
    this.kube = kube;
    this.workspace = workspace;
    this.patience = patience;
  }

  /** The path of a pod. */
  public static String path(String namespace, String name) {
    return "/api/v1/namespaces/" + namespace + "/pods/" + name;
  }

  /** Creates a pod and returns it as the server stored it. */
  public Map<String, Object> create(PodDraft draft) {
    return workspace.create(draft.tree());
  }

  /**
   * Creates a pod and waits until it is ready.
   *
   * @throws PodTrouble if it does not become so in time
   */
  public Map<String, Object> ready(PodDraft draft) throws InterruptedException {
    Map<String, Object> made = create(draft);
    return awaitReady(Named.namespace(made), Named.name(made));
  }

  /**
   * Waits until a pod is ready.
   *
   * @throws PodTrouble if it does not become so in time
   */
  public Map<String, Object> awaitReady(String namespace, String name) throws InterruptedException {
    String path = path(namespace, name);
    Optional<Map<String, Object>> ready =
        Await.some(patience, () -> kube.find(path).filter(p -> Named.condition(p, "Ready")));
    if (ready.isPresent()) {
      return ready.get();
    }
    throw new PodTrouble(
        name, "did not become ready within " + patience.toSeconds() + " s", state(namespace, name));
  }

  /**
   * Creates a pod that runs to its end, and returns what it printed.
   *
   * @throws PodTrouble if it does not end well in time
   */
  public String output(PodDraft draft) throws InterruptedException {
    Map<String, Object> made = create(draft.set("Never", "spec", "restartPolicy"));
    String namespace = Named.namespace(made);
    String name = Named.name(made);
    String phase = awaitEnd(namespace, name);
    if (phase.isEmpty()) {
      throw new PodTrouble(
          name, "did not end within " + patience.toSeconds() + " s", state(namespace, name));
    }
    String log = kube.text(path(namespace, name) + "/log");
    if (!phase.equals("Succeeded")) {
      throw new PodTrouble(name, "ended as " + phase, log.strip());
    }
    return log;
  }

  /** The phase in which a pod ended; empty if it did not end in time. */
  public String awaitEnd(String namespace, String name) throws InterruptedException {
    return Await.some(
            patience,
            () ->
                kube.find(path(namespace, name))
                    .map(p -> Trees.stringOr(p, "", "status", "phase"))
                    .filter(p -> p.equals("Succeeded") || p.equals("Failed")))
        .orElse("");
  }

  /** Why a pod is as it is, in one line: phase, conditions, waiting reasons, last events. */
  public String state(String namespace, String name) {
    Optional<Map<String, Object>> found = kube.find(path(namespace, name));
    if (found.isEmpty()) {
      return "it is gone";
    }
    Map<String, Object> pod = found.get();
    StringBuilder text = new StringBuilder("phase ");
    text.append(Trees.stringOr(pod, "Unknown", "status", "phase"));
    for (Map<String, Object> condition : Trees.maps(pod, "status", "conditions")) {
      if ("False".equals(Trees.string(condition, "status"))
          && Trees.string(condition, "message") != null) {
        text.append("; ").append(Trees.string(condition, "message"));
      }
    }
    for (Map<String, Object> container : Trees.maps(pod, "status", "containerStatuses")) {
      String reason = Trees.string(container, "state", "waiting", "reason");
      if (reason != null) {
        text.append("; ")
            .append(Trees.stringOr(container, "", "name"))
            .append(": ")
            .append(reason)
            .append(' ')
            .append(Trees.stringOr(container, "", "state", "waiting", "message"));
      }
    }
    return text.toString().strip();
  }

  /** The result of a command. */
  public record Result(int exitCode, String out, String err) {
    /** What it printed, without white space at the ends. */
    public String text() {
      return out.strip();
    }

    /** Whether it ended with 0. */
    public boolean ok() {
      return exitCode == 0;
    }
  }

  /** Runs a shell script in a container. */
  public Result shell(String namespace, String pod, Duration limit, String script) {
    return exec(namespace, pod, "main", limit, "/bin/sh", "-c", script);
  }

  /**
   * Runs a command in a container, over a WebSocket.
   *
   * @return exit code -1 if it did not end in time
   * @throws io.kubra.api.status.ApiException if the server refuses
   */
  public Result exec(
      String namespace, String pod, String container, Duration limit, String... command) {
    StringBuilder query = new StringBuilder(path(namespace, pod) + "/exec?stdout=true&stderr=true");
    query.append("&container=").append(Kube.encode(container));
    for (String word : command) {
      query.append("&command=").append(Kube.encode(word));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode = -1;
    try (WebSocket socket = kube.webSocket(query.toString(), List.of(PROTOCOL))) {
      Thread timer = Thread.startVirtualThread(() -> closeAfter(socket, limit));
      for (WebSocket.Frame frame = socket.receive(); frame != null; frame = socket.receive()) {
        if (frame instanceof WebSocket.Frame.Binary(byte[] bytes) && bytes.length > 0) {
          switch (bytes[0]) {
            case OUT -> out.write(bytes, 1, bytes.length - 1);
            case ERR -> err.write(bytes, 1, bytes.length - 1);
            case STATUS -> exitCode = exitCode(bytes);
            default -> {}
          }
        }
      }
      timer.interrupt();
    }
    return new Result(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static void closeAfter(WebSocket socket, Duration limit) {
    try {
      Thread.sleep(limit);
      socket.close();
    } catch (InterruptedException e) {
      // The command has ended.
    }
  }

  private static int exitCode(byte[] frame) {
    Object status = Json.parse(frame, 1, frame.length - 1);
    if ("Success".equals(Trees.string(status, "status"))) {
      return 0;
    }
    for (Map<String, Object> cause : Trees.maps(status, "details", "causes")) {
      if ("ExitCode".equals(Trees.string(cause, "reason"))) {
        return Integer.parseInt(Trees.stringOr(cause, "-1", "message"));
      }
    }
    return -1;
  }
}
