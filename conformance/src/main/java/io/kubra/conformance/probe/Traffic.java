package io.kubra.conformance.probe;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.PodDraft;
import java.util.Map;
import java.util.TreeMap;

/**
 * A client pod and server pods of a probe that speak over the network. A server answers pages on
 * port 8080: {@code /} with its own name and {@code /cgi-bin/who} with the address it sees; port
 * 9000 sends back what it gets. It is ready while it has no file {@code /tmp/sick}. Nothing listens
 * on UDP, as busybox has no program for that: what arrives is counted by the server's kernel.
 */
final class Traffic {
  /** The port on which servers answer pages. */
  static final int PORT = 8080;

  /** The port on which servers send back bytes. */
  static final int ECHO = 9000;

  /** The port to which datagrams are sent. */
  static final int UDP = 9999;

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
      nc -ll -p 9000 -e cat &
      exec httpd -f -p 8080 -h /tmp/www
      """;

  private static final String READY = "test ! -e /tmp/sick && nc -w 1 127.0.0.1 8080 < /dev/null";

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
            "{readinessProbe: {exec: {command: [/bin/sh, -c, \""
                + READY
                + "\"]}, periodSeconds: 1,"
                + " failureThreshold: 1}, volumeMounts: [{name: tmp, mountPath: /tmp}]}")
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
        spec: {selector: {app: server}, %s, ports: [{name: http, port: 8080}, {name: echo, port: 9000},
                      {name: datagrams, port: 9999, protocol: UDP}]}
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

  /** Makes servers with the names given, and waits for all. */
  void servers(String... names) throws InterruptedException {
    for (String name : names) {
      probe.pods().create(server(name));
    }
    for (String name : names) {
      probe.pods().awaitReady(probe.namespace(), name);
    }
  }

  /**
   * How often each server answers when a number of new connections is made, one after the other.
   *
   * @param at address and port
   */
  Map<String, Integer> shares(String at, int connections) {
    int colon = at.lastIndexOf(':');
    String script =
        "i=0; while [ $i -lt %d ]; do i=$((i+1)); printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 2 %s %s | tail -n 1; done"
            .formatted(connections, at.substring(0, colon), at.substring(colon + 1));
    Map<String, Integer> shares = new TreeMap<>();
    for (String line : ask(script).lines().toList()) {
      if (line.startsWith("answer ")) {
        shares.merge(line.substring("answer ".length()).strip(), 1, Integer::sum);
      }
    }
    return shares;
  }

  /** The longest time without an answer, in seconds, of a stream of requests. */
  double longestGap(String at, int seconds) {
    int colon = at.lastIndexOf(':');
    String script =
        """
        now() { awk '{print int($1*100)}' /proc/uptime; }
        first=$(now); last=$first; longest=0; t=$first
        while [ $((t-first)) -lt %d ]; do
          if printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 1 %s %s | grep -q answer; then
            t=$(now); gap=$((t-last)); last=$t
          else
            t=$(now); gap=$((t-last))
          fi
          [ $gap -gt $longest ] && longest=$gap
        done
        echo $longest
        """
            .formatted(seconds * 100, at.substring(0, colon), at.substring(colon + 1));
    String text = ask(script).strip();
    return text.matches("\\d+") ? Long.parseLong(text) / 100.0 : seconds;
  }

  /** Whether bytes sent there come back as they were, those of a TLS handshake among them. */
  boolean echoes(String address) {
    String script =
        "printf '\\026\\003\\001raw' | nc -w 2 %s %d | od -An -tx1".formatted(address, ECHO);
    return ask(script).replaceAll("\\s", "").equals("160301726177");
  }

  /** Sends datagrams from one port for a second; they ask for a file whose name has that length. */
  void datagrams(String address, int length) {
    ask(
        "timeout 1 tftp -b 8000 -g -r $(printf '%%0%dd' 0) -l /dev/null %s %d; true"
            .formatted(length, address, UDP));
  }

  /** What a server's kernel counted: datagrams that arrived, and those put together of pieces. */
  record Counted(long datagrams, long reassembled) {}

  /** What a server's kernel has counted so far. */
  Counted counted(String server) {
    String script =
        "awk '/^Udp: [0-9]/ {u=$2+$3} /^Ip: [0-9]/ {r=$16} END {print u, r}' /proc/net/snmp";
    String[] fields = probe.shell(server, script).text().split(" ", -1);
    return fields.length == 2 && fields[0].matches("\\d+") && fields[1].matches("\\d+")
        ? new Counted(Long.parseLong(fields[0]), Long.parseLong(fields[1]))
        : new Counted(0, 0);
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
