package io.kubra.conformance.probe;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.PodDraft;
import java.util.Map;

/**
 * A client pod and server pods of a probe that speak over the network. A server answers pages on
 * port 8080: {@code /} with its own name and {@code /cgi-bin/who} with the address it sees.
 */
final class Traffic {
  /** The port on which servers answer pages. */
  static final int PORT = 8080;

  private static final String CLIENT = "client";
  private static final String SERVE =
      """
      mkdir -p /tmp/www/cgi-bin
      echo answer $HOSTNAME > /tmp/www/index.html
      cat > /tmp/www/cgi-bin/who <<'END'
      #!/bin/sh
      printf 'Content-Type: text/plain\\r\\n\\r\\n%s\\n' "$REMOTE_ADDR"
      END
      chmod +x /tmp/www/cgi-bin/who
      exec httpd -f -p 8080 -h /tmp/www
      """;

  private final Probe probe;

  /** Traffic of a probe that has no pods yet. */
  Traffic(Probe probe) {
    this.probe = probe;
  }

  /** A pod to make that serves pages; Services find it by {@code app: server}. */
  PodDraft server(String name) {
    return probe
        .pod(name, SERVE)
        .set("server", "metadata", "labels", "app")
        .main(
            "{readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1},"
                + " volumeMounts: [{name: tmp, mountPath: /tmp}]}")
        .spec("volumes: [{name: tmp, emptyDir: {}}]");
  }

  /** Makes a server and a client, waits for both and returns the server's address with port. */
  String pair() throws InterruptedException {
    probe.pods().create(server("server"));
    client();
    return address(probe.pods().awaitReady(probe.namespace(), "server")) + ":" + PORT;
  }

  /** Makes the client and waits for it. */
  Map<String, Object> client() throws InterruptedException {
    return probe.pods().ready(probe.waiting(CLIENT));
  }

  /** A pod's address. */
  static String address(Map<String, Object> pod) {
    return Trees.stringOr(pod, "", "status", "podIP");
  }

  /** Makes a Service of the servers; further fields as flow YAML. */
  Map<String, Object> service(String name, String fields) {
    return probe.create(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %s}
        spec: {selector: {app: server}, ports: [{name: http, port: 8080}], %s}
        """
            .formatted(name, fields));
  }

  /**
   * The body of a page, or empty. It is fetched with nc, since a static busybox's wget may crash.
   *
   * @param at address and port
   */
  String fetch(String at, String page) {
    int colon = at.lastIndexOf(':');
    String script =
        "printf 'GET %s HTTP/1.0\\r\\n\\r\\n' | nc -w 3 %s %s"
            .formatted(page, at.substring(0, colon), at.substring(colon + 1));
    String answer = probe.shell(CLIENT, script).out();
    int body = answer.indexOf("\r\n\r\n");
    return body < 0 ? "" : answer.substring(body).strip();
  }

  /** Whether a server answers there now. */
  boolean answers(String at) {
    return fetch(at, "/").startsWith("answer");
  }

  /** Whether a server comes to answer there soon. */
  boolean answersSoon(String at) throws InterruptedException {
    return Await.until(probe.soon(), () -> answers(at));
  }

  /** Whether the servers come not to answer there soon. */
  boolean fallsSilent(String at) throws InterruptedException {
    return Await.until(probe.soon(), () -> !answers(at));
  }

  /** Runs a script in the client. */
  String ask(String script) {
    return probe.shell(CLIENT, script).out();
  }
}
