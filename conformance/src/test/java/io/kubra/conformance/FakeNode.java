package io.kubra.conformance;

import io.kubra.api.json.Json;
import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import io.kubra.client.ApiResponse;
import io.kubra.client.ApiTransport;
import io.kubra.conformance.cluster.Kube;
import io.kubra.conformance.cluster.Named;
import io.kubra.transport.websocket.WebSocket;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Plays, in front of an API server in memory, what nodes and controllers do: namespaces get their
 * service account and go when deleted; pods are ready, or end well if they may not start again, at
 * once; commands and logs answer what the test says. A later rule goes before an earlier one.
 */
final class FakeNode implements ApiTransport {
  private record Effect(String request, Consumer<Map<String, Object>> then) {}

  private record Reply(String request, Function<ApiRequest, Optional<Answer>> reply) {}

  /** An answer that the server does not give itself. */
  record Answer(int status, String body) {}

  private final ApiClient server;
  private final Kube kube;
  private final List<Effect> effects = new ArrayList<>();
  private final List<Reply> replies = new ArrayList<>();
  private final AtomicInteger addresses = new AtomicInteger(1);
  private BiFunction<String, String, @Nullable String> commands = (pod, script) -> "";
  private Function<Map<String, Object>, String> podStatus = this::usualStatus;

  FakeNode(ApiClient server) {
    this.server = server;
    kube = new Kube(server);
    after("POST /api/v1/namespaces", this::account);
    after("POST .*/pods", pod -> status("/pods/", pod, podStatus.apply(pod)));
    after("DELETE /api/v1/namespaces/[^/]*", this::finalise);
    answer("GET .*/pods/[^/]*/log", "");
  }

  /** What happens at once after requests of a shape, such as {@code POST .*&#47;services}. */
  FakeNode after(String request, Consumer<Map<String, Object>> then) {
    effects.addFirst(new Effect(request, then));
    return this;
  }

  /** What requests of a shape are answered; empty passes them on to the server. */
  FakeNode answer(String request, Function<ApiRequest, Optional<Answer>> reply) {
    replies.addFirst(new Reply(request, reply));
    return this;
  }

  /** The text that requests of a shape are answered, such as {@code GET .*&#47;pods/x/log}. */
  FakeNode answer(String request, String text) {
    return answer(request, r -> Optional.of(new Answer(200, text)));
  }

  /** What a script in a pod prints; null lets it end with 1. */
  FakeNode commands(BiFunction<String, String, @Nullable String> output) {
    commands = output;
    return this;
  }

  /** The status that a new pod gets, as flow YAML; empty for none. */
  FakeNode pods(Function<Map<String, Object>, String> status) {
    podStatus = status;
    return this;
  }

  /** The status of a pod that does what it shall. */
  String usualStatus(Map<String, Object> pod) {
    if ("Never".equals(Trees.string(pod, "spec", "restartPolicy"))) {
      return "{phase: Succeeded}";
    }
    return "{phase: Running, podIP: %1$s, podIPs: [{ip: %1$s}], conditions: [{type: Ready, status: \"True\"}]}"
        .formatted("10.9.0." + addresses.getAndIncrement());
  }

  /**
   * Sets the status of an object of the core group.
   *
   * @param collection such as {@code /pods/}
   */
  void status(String collection, Map<String, Object> object, String yaml) {
    if (!yaml.isEmpty()) {
      String path = "/api/v1/namespaces/" + Named.namespace(object) + collection;
      patchStatus(path + Named.name(object), yaml);
    }
  }

  /** Merges fields given as flow YAML into the status of an object. */
  void patchStatus(String path, String yaml) {
    Map<String, Object> status = Yaml.parseObject(yaml.getBytes(StandardCharsets.UTF_8));
    byte[] patch = Json.write(Map.of("status", status));
    kube.merge(path + "/status", new String(patch, StandardCharsets.UTF_8));
  }

  private void account(Map<String, Object> namespace) {
    kube.create(
        "/api/v1/namespaces/" + Named.name(namespace) + "/serviceaccounts",
        Yaml.parseObject(
            "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default}}"
                .getBytes(StandardCharsets.UTF_8)));
  }

  private void finalise(Map<String, Object> namespace) {
    String path = "/api/v1/namespaces/" + Named.name(namespace);
    kube.find(path)
        .ifPresent(
            found -> {
              Trees.set(found, List.of(), "spec", "finalizers");
              kube.update(path + "/finalize", found);
            });
  }

  @Override
  public ApiResponse send(ApiRequest request) {
    String path = request.target().replaceAll("\\?.*", "");
    String shape = request.method() + " " + path;
    for (Reply reply : replies) {
      if (shape.matches(reply.request())) {
        Optional<Answer> answer = reply.reply().apply(request);
        if (answer.isPresent()) {
          return new Stored(
              answer.get().status(), answer.get().body().getBytes(StandardCharsets.UTF_8), "");
        }
      }
    }
    ApiResponse response = server.exchange(request);
    boolean trial = request.target().contains("dryRun=");
    if (request.method().equals("GET") || trial || response.status() >= 300) {
      return response;
    }
    Stored stored =
        new Stored(
            response.status(),
            response.readAll(),
            response.header("X-Kubernetes-PF-FlowSchema-UID"));
    for (Effect effect : effects) {
      if (shape.matches(effect.request())) {
        effect.then().accept(Json.parseObject(stored.bytes()));
        break;
      }
    }
    return stored;
  }

  @Override
  public WebSocket webSocket(String target, List<String> subprotocols) {
    String pod = target.replaceAll(".*/pods/([^/]*)/.*", "$1");
    String script = "";
    for (String part : target.substring(target.indexOf('?') + 1).split("&")) {
      if (part.startsWith("command=")) {
        script = URLDecoder.decode(part.substring("command=".length()), StandardCharsets.UTF_8);
      }
    }
    return new Command(commands.apply(pod, script));
  }

  @Override
  public void close() {}

  private record Stored(int status, byte[] bytes, String flowSchema) implements ApiResponse {
    @Override
    public String header(String name) {
      return name.equals("X-Kubernetes-PF-FlowSchema-UID") ? flowSchema : "";
    }

    @Override
    public InputStream body() {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public void close() {}
  }

  /** A command's output and end, in the frames of exec. */
  private static final class Command implements WebSocket {
    private final Deque<Frame> frames = new ArrayDeque<>();

    Command(@Nullable String output) {
      frames.add(frame(1, output == null ? "" : output));
      frames.add(
          frame(
              3,
              output == null
                  ? "{\"status\":\"Failure\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"1\"}]}}"
                  : "{\"status\":\"Success\"}"));
    }

    private static Frame frame(int channel, String text) {
      byte[] bytes = ("\0" + text).getBytes(StandardCharsets.UTF_8);
      bytes[0] = (byte) channel;
      return new Frame.Binary(bytes);
    }

    @Override
    public String subprotocol() {
      return "v4.channel.k8s.io";
    }

    @Override
    public @Nullable Frame receive() {
      return frames.poll();
    }

    @Override
    public void sendBinary(byte[]... chunks) {}

    @Override
    public void sendText(String text) {}

    @Override
    public void ping() {}

    @Override
    public void close(int code, String reason) {}

    @Override
    public int closeCode() {
      return 1000;
    }
  }
}
