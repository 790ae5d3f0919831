package io.kubra.e2e;

import static io.kubra.e2e.TestCluster.awaitOutput;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What Services promise beyond an address that answers. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ServicesTest {
  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  /** Pods that tell their names: by HTTP, by UDP on 5353; and echo by TCP on 7. */
  private static final String PODS =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: APP}
      spec:
        replicas: REPLICAS
        selector: {matchLabels: {app: APP}}
        template:
          metadata: {labels: {app: APP}}
          spec:
            terminationGracePeriodSeconds: 1
            containers:
            - name: web
              image: IMAGE
              command: [/bin/init, --, /bin/sh, -c, "hostname > /www/index.html; exec /bin/httpd -f -p 80 -h /www"]
              readinessProbe: {exec: {command: [/bin/sh, -c, "[ ! -e /closed ]"]}, periodSeconds: 1, failureThreshold: 1}
            - name: udp
              image: IMAGE
              command: [/usr/bin/perl, -e, 'socket(S,2,2,17); bind(S,pack("S n x12",2,5353)) or die;
                while (defined($p = recv(S,$m,512,0))) { send(S,"$ENV{HOSTNAME}\\n",0,$p) }']
            - name: echo
              image: IMAGE
              command: [/bin/nc, -ll, -p, "7", -e, /bin/cat]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: APP}
      spec:
        type: NodePort
        selector: {app: APP}
        ports:
        - {name: web, port: 80}
        - {name: echo, port: 7}
        - {name: udp, port: 5353, protocol: UDP}
      """;

  private static Command kubectl;

  @BeforeAll
  static void makeNamespace() {
    kubectl = CLUSTER.namespace("services");
  }

  private static void run(String name, int replicas) {
    kubectl.runWith(
        PODS.replace("APP", name)
            .replace("REPLICAS", Integer.toString(replicas))
            .replace("IMAGE", TestImage.NAME),
        "apply",
        "-f",
        "-");
    kubectl.run("rollout", "status", "deployment/" + name, "--timeout=60s");
  }

  private static String node() {
    return CLUSTER
        .kubectl()
        .run(
            "get",
            "node",
            CLUSTER.name() + "-worker",
            "-o",
            "jsonpath={.status.addresses[?(@.type=='InternalIP')].address}");
  }

  private static int nodePort(String service, String port) {
    return Integer.parseInt(
        kubectl.run(
            "get",
            "service",
            service,
            "-o",
            "jsonpath={.spec.ports[?(@.name=='" + port + "')].nodePort}"));
  }

  /** The names of pods that answer so many requests from the host, over the node's port. */
  private static Set<String> answering(String service, int requests) throws IOException {
    String node = node();
    int port = nodePort(service, "web");
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < requests; i++) {
      try (Socket socket = new Socket()) {
        socket.setSoTimeout(5000);
        socket.connect(new InetSocketAddress(node, port), 5000);
        socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        names.add(answer.substring(answer.indexOf("\r\n\r\n") + 4).strip());
      }
    }
    return names;
  }

  @Test
  void aClientWithAffinityKeepsItsPodUntilThatIsNotReady() throws Exception {
    run("sticky", 3);
    await().untilAsserted(() -> assertThat(answering("sticky", 30)).hasSize(3));

    kubectl.run(
        "patch", "service", "sticky", "-p", "{\"spec\":{\"sessionAffinity\":\"ClientIP\"}}");
    await().untilAsserted(() -> assertThat(answering("sticky", 30)).hasSize(1));
    String chosen = answering("sticky", 1).iterator().next();
    String address = kubectl.run("get", "service", "sticky", "-o", "jsonpath={.spec.clusterIP}");
    String[] inside = {
      "exec",
      "deploy/sticky",
      "-c",
      "web",
      "--",
      "/bin/bash",
      "-c",
      "for i in 1 2 3 4 5 6 7 8 9 10; do exec 3<>/dev/tcp/"
          + address
          + "/80; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3; done"
    };
    assertThat(kubectl.run(inside).lines().filter(l -> l.startsWith("sticky-")).distinct())
        .hasSize(1);

    kubectl.run("exec", chosen, "-c", "web", "--", "/bin/sh", "-c", ": > /closed");
    await()
        .untilAsserted(() -> assertThat(answering("sticky", 10)).hasSize(1).doesNotContain(chosen));
    assertThat(
            kubectl.run(
                "get",
                "endpointslices",
                "-l",
                "kubernetes.io/service-name=sticky",
                "-o",
                "jsonpath={range .items[*].endpoints[*]}{.targetRef.name}={.conditions}{end}"))
        .contains(chosen + "={\"ready\":false,\"serving\":false,\"terminating\":false}");
    kubectl.run("exec", chosen, "-c", "web", "--", "/bin/rm", "/closed");
    String ready = "jsonpath={.items[*].endpoints[*].conditions.ready}";
    awaitOutput(
        kubectl,
        "true true true",
        "get",
        "endpointslices",
        "-l",
        "kubernetes.io/service-name=sticky",
        "-o",
        ready);
  }

  @Test
  void datagramsOfOneSocketFollowTheServiceToItsNextPod() throws Exception {
    run("datagrams", 1);
    InetSocketAddress server = new InetSocketAddress(node(), nodePort("datagrams", "udp"));
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(500);
      String first = ask(socket, server);
      assertThat(first).startsWith("datagrams-");

      kubectl.run("delete", "pod", first);

      await()
          .ignoreException(SocketTimeoutException.class)
          .untilAsserted(
              () -> assertThat(ask(socket, server)).startsWith("datagrams-").isNotEqualTo(first));
    }
    String address = kubectl.run("get", "service", "datagrams", "-o", "jsonpath={.spec.clusterIP}");
    awaitOutput(
        kubectl,
        "datagrams-",
        "exec",
        "deploy/datagrams",
        "-c",
        "web",
        "--",
        "/bin/bash",
        "-c",
        "exec 3<>/dev/udp/" + address + "/5353; echo >&3; timeout 2 head -n 1 <&3");
  }

  private static String ask(DatagramSocket socket, InetSocketAddress server) throws IOException {
    socket.send(new DatagramPacket(new byte[] {'?'}, 1, server));
    DatagramPacket answer = new DatagramPacket(new byte[512], 512);
    socket.receive(answer);
    return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8).strip();
  }

  @Test
  void anOpenConnectionOverANodePortOutlivesChangesOfTheService() throws Exception {
    run("session", 1);
    String node = node();
    int port = nodePort("session", "echo");
    // a rollout waits neither for the node's rules nor for the container that echoes
    try (Socket socket =
        await().ignoreExceptions().until(() -> echoing(node, port), Objects::nonNull)) {
      kubectl.run("scale", "deployment/session", "--replicas=3");
      kubectl.run("rollout", "status", "deployment/session", "--timeout=60s");
      kubectl.run(
          "patch", "service", "session", "-p", "{\"spec\":{\"externalTrafficPolicy\":\"Local\"}}");
      await().untilAsserted(() -> assertThat(answering("session", 30)).hasSize(3));

      echo(socket, "two");
    }
  }

  private static Socket echoing(String node, int port) throws IOException {
    Socket socket = new Socket(node, port);
    try {
      socket.setSoTimeout(5000);
      echo(socket, "one");
      return socket;
    } catch (IOException | AssertionError e) {
      socket.close();
      throw new IOException("nothing echoes yet", e);
    }
  }

  private static void echo(Socket socket, String word) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(word.getBytes(StandardCharsets.UTF_8));
    assertThat(socket.getInputStream().readNBytes(word.length()))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(word);
  }
}
