package io.kubra.node.action;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.ExecAction;
import io.kubra.model.core.v1.GRPCAction;
import io.kubra.model.core.v1.HTTPGetAction;
import io.kubra.model.core.v1.HTTPHeader;
import io.kubra.model.core.v1.TCPSocketAction;
import io.kubra.node.action.v1.HealthGrpc;
import io.kubra.node.action.v1.HealthProto.HealthCheckRequest;
import io.kubra.node.action.v1.HealthProto.HealthCheckResponse.ServingStatus;
import io.kubra.node.cri.CriClient;
import io.kubra.node.cri.CriException;
import io.kubra.node.cri.v1.Cri;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Carries out single actions. Every call blocks until the outcome is known or the time is up. */
public final class Actions {
  private static final int MOST_OUTPUT = 10 << 10;

  private final CriClient cri;
  private final String agent;

  /**
   * Actions on this node.
   *
   * @param agent the User-Agent of HTTP requests
   */
  public Actions(CriClient cri, String agent) {
    this.cri = cri;
    this.agent = agent;
  }

  /** Runs a command in a container. */
  public Outcome exec(String containerId, ExecAction action, Duration timeout) {
    try {
      Cri.ExecSyncResponse response = cri.execSync(containerId, action.command(), timeout);
      String output = response.getStdout().concat(response.getStderr()).toStringUtf8();
      String shown = output.length() > MOST_OUTPUT ? output.substring(0, MOST_OUTPUT) : output;
      return response.getExitCode() == 0 ? new Outcome.Success(shown) : new Outcome.Failure(shown);
    } catch (CriException e) {
      if (e.timedOut()) {
        return new Outcome.Failure(
            "command timed out: \""
                + String.join(" ", action.command())
                + "\" timed out after "
                + timeout.toSeconds()
                + "s");
      }
      return new Outcome.Unknown(e.getMessage());
    }
  }

  /** Asks a web server. */
  public Outcome http(HTTPGetAction action, Container container, String podIp, Duration timeout) {
    String host = text(action.host(), podIp);
    String scheme = text(action.scheme(), "HTTP").toLowerCase(Locale.ROOT);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("User-Agent", agent);
    headers.put("Accept", "*/*");
    for (HTTPHeader header : action.httpHeaders()) {
      headers.keySet().removeIf(header.name()::equalsIgnoreCase);
      headers.put(header.name(), header.value());
    }
    try {
      int port = Ports.resolve(action.port(), container);
      String path = text(action.path(), "/");
      URI uri =
          new URI(scheme + "://" + host + ":" + port + (path.startsWith("/") ? path : "/" + path));
      HttpCall.Answer answer = new HttpCall(uri, headers, timeout).run();
      if (answer.status() >= 200 && answer.status() < 400) {
        return new Outcome.Success(
            answer.redirectedAway() == null
                ? "HTTP/1.1 " + answer.status()
                : "Probe terminated redirects, Response body: " + answer.redirectedAway());
      }
      return new Outcome.Failure("HTTP probe failed with statuscode: " + answer.status());
    } catch (IOException e) {
      return new Outcome.Failure(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException | URISyntaxException e) {
      return new Outcome.Unknown(String.valueOf(e.getMessage()));
    }
  }

  /** Opens a connection and closes it. */
  public Outcome tcp(TCPSocketAction action, Container container, String podIp, Duration timeout) {
    String host = text(action.host(), podIp);
    int port;
    try {
      port = Ports.resolve(action.port(), container);
    } catch (IllegalArgumentException e) {
      return new Outcome.Unknown(String.valueOf(e.getMessage()));
    }
    String where = "dial tcp " + host + ":" + port + ": ";
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), Math.toIntExact(timeout.toMillis()));
      return new Outcome.Success("");
    } catch (SocketTimeoutException e) {
      return new Outcome.Failure(where + "i/o timeout");
    } catch (ConnectException e) {
      return new Outcome.Failure(where + "connect: " + HttpCall.reason(e));
    } catch (IOException e) {
      return new Outcome.Failure(where + e.getMessage());
    }
  }

  /** Asks a gRPC server for its health. */
  public Outcome grpc(GRPCAction action, String podIp, Duration timeout) {
    String service = text(action.service(), "");
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(podIp, action.port())
            .usePlaintext()
            .userAgent(agent)
            .directExecutor()
            .build();
    try {
      ServingStatus status =
          HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
              .check(HealthCheckRequest.newBuilder().setService(service).build())
              .getStatus();
      return status == ServingStatus.SERVING
          ? new Outcome.Success("service healthy")
          : new Outcome.Failure("service unhealthy (responded with \"" + status + "\")");
    } catch (StatusRuntimeException e) {
      return new Outcome.Failure(grpcFailure(e, podIp, action.port(), timeout));
    } finally {
      channel.shutdownNow();
    }
  }

  private static String grpcFailure(
      StatusRuntimeException e, String host, int port, Duration timeout) {
    return switch (e.getStatus().getCode()) {
      case UNIMPLEMENTED ->
          "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): "
              + e.getStatus().getDescription();
      case DEADLINE_EXCEEDED ->
          "timeout: health rpc did not complete within " + timeout.toSeconds() + "s";
      case UNAVAILABLE ->
          "timeout: failed to connect service \""
              + host
              + ":"
              + port
              + "\" within "
              + timeout.toSeconds()
              + "s: "
              + cause(e.getStatus());
      default -> "error: health rpc probe failed: " + e.getMessage();
    };
  }

  private static @Nullable String cause(Status status) {
    return status.getCause() == null ? status.getDescription() : status.getCause().getMessage();
  }

  private static String text(@Nullable String value, String otherwise) {
    return value == null || value.isEmpty() ? otherwise : value;
  }
}
