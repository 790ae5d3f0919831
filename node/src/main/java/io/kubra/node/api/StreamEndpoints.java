package io.kubra.node.api;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Pod;
import io.kubra.node.container.EphemeralContainers;
import io.kubra.node.cri.CriClient;
import io.kubra.node.cri.CriException;
import io.kubra.node.cri.v1.Cri;
import io.kubra.node.runtime.PodRuntimes;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpExchange;
import java.util.List;
import java.util.stream.Stream;

/** Serves {@code /exec}, {@code /attach} and {@code /portForward}. */
final class StreamEndpoints {
  private static final List<String> TUNNELS =
      List.of("SPDY/3.1+portforward.k8s.io", "v2.portforward.k8s.io");

  private final PodLookup pods;
  private final CriClient cri;
  private final HttpClient http;
  private final StreamProxy proxy;

  StreamEndpoints(PodLookup pods, CriClient cri, HttpClient http) {
    this.pods = pods;
    this.cri = cri;
    this.http = http;
    this.proxy = new StreamProxy(http);
  }

  void exec(HttpExchange x, Pod pod, String container) throws Refusal {
    Query query = new Query(x.rawQuery());
    RemoteCommand.Wanted wanted = wanted(query);
    String id = pods.running(pod, container);
    List<String> command = query.all("command");
    if (command.isEmpty()) {
      throw new Refusal(400, "you must specify a command");
    }
    String url =
        url(
            () ->
                cri.exec(
                    Cri.ExecRequest.newBuilder()
                        .setContainerId(id)
                        .addAllCmd(command)
                        .setStdin(wanted.stdin())
                        .setStdout(wanted.stdout())
                        .setStderr(wanted.stderr() && !wanted.tty())
                        .setTty(wanted.tty())
                        .build()));
    join(x, wanted, url);
  }

  void attach(HttpExchange x, Pod pod, String container) throws Refusal {
    Query query = new Query(x.rawQuery());
    String id = pods.running(pod, container);
    // The terminal belongs to the container: it is attached with one if it has one.
    boolean tty =
        Stream.of(pod.spec().containers(), pod.spec().initContainers(), EphemeralContainers.of(pod))
            .flatMap(List::stream)
            .filter(c -> c.name().equals(container))
            .map(Container::tty)
            .anyMatch(Boolean.TRUE::equals);
    RemoteCommand.Wanted asked = wanted(query);
    RemoteCommand.Wanted wanted =
        new RemoteCommand.Wanted(asked.stdin(), asked.stdout(), asked.stderr() && !tty, tty);
    String url =
        url(
            () ->
                cri.attach(
                    Cri.AttachRequest.newBuilder()
                        .setContainerId(id)
                        .setStdin(wanted.stdin())
                        .setStdout(wanted.stdout())
                        .setStderr(wanted.stderr())
                        .setTty(tty)
                        .build()));
    join(x, wanted, url);
  }

  void portForward(HttpExchange x, Pod pod) throws Refusal {
    Cri.PodSandboxStatus sandbox = new PodRuntimes(cri).read(pod.metadata().uid()).readySandbox();
    if (sandbox == null) {
      throw new Refusal(404, "pod not found (\"" + pod.metadata().name() + "\")");
    }
    String url =
        url(
            () ->
                cri.portForward(
                    Cri.PortForwardRequest.newBuilder().setPodSandboxId(sandbox.getId()).build()));
    if (x.isUpgrade("websocket")) {
      String subprotocol =
          TUNNELS.stream()
              .filter(x.webSocketProtocols()::contains)
              .findFirst()
              .orElseThrow(() -> new Refusal(400, "unable to negotiate protocol"));
      proxy.tunnel(x, url, subprotocol);
    } else {
      requireSpdy(x);
      proxy.spdy(x, url);
    }
  }

  private static RemoteCommand.Wanted wanted(Query query) throws Refusal {
    RemoteCommand.Wanted wanted =
        new RemoteCommand.Wanted(
            query.flag("input") || query.flag("stdin"),
            query.flag("output") || query.flag("stdout"),
            query.flag("error") || query.flag("stderr"),
            query.flag("tty"));
    if (!wanted.stdin() && !wanted.stdout() && !wanted.stderr()) {
      throw new Refusal(400, "you must specify at least 1 of stdin, stdout, stderr");
    }
    return wanted;
  }

  private void join(HttpExchange x, RemoteCommand.Wanted wanted, String url) throws Refusal {
    if (x.isUpgrade("websocket")) {
      String subprotocol = RemoteCommand.subprotocol(x);
      if (subprotocol == null) {
        throw new Refusal(
            400, "unable to negotiate protocol: v5.channel.k8s.io and v4.channel.k8s.io are known");
      }
      new RemoteCommand(http, wanted).run(x, subprotocol, url);
    } else {
      requireSpdy(x);
      proxy.spdy(x, url);
    }
  }

  private static void requireSpdy(HttpExchange x) throws Refusal {
    if (!x.isUpgrade("SPDY/3.1")) {
      throw new Refusal(400, "unable to upgrade: missing upgrade headers in request");
    }
  }

  private interface Prepare {
    String url();
  }

  private static String url(Prepare prepare) throws Refusal {
    try {
      return prepare.url();
    } catch (CriException e) {
      throw new Refusal(e.notFound() ? 404 : 500, e.getMessage());
    }
  }
}
