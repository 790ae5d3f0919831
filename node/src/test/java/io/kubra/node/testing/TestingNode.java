package io.kubra.node.testing;

import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.client.ApiClient;
import io.kubra.client.ListOptions;
import io.kubra.model.Codec;
import io.kubra.model.core.v1.Event;
import io.kubra.model.core.v1.Namespace;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.node.NodeAgent;
import io.kubra.node.NodeAgentConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** An API server in memory, a containerd, and an agent between them. */
public final class TestingNode implements AutoCloseable {
  /** The node's name. */
  public static final String NAME = "node-1";

  private final TestingContainerd containerd;
  private final TestingApiServer server;
  private final ApiClient client;
  private NodeAgent agent;

  private TestingNode() throws IOException, InterruptedException {
    containerd = TestingContainerd.start();
    server = TestingApiServer.start();
    client =
        ApiClient.local(
            server.transport(),
            UserInfo.class,
            UserInfo.of("system:node:" + NAME, UserInfo.MASTERS),
            "kubelet");
    for (String name : List.of("default", "kube-node-lease")) {
      if (client.resource(Namespace.RESOURCE).find("", name).isEmpty()) {
        client
            .resource(Namespace.RESOURCE)
            .create(Namespace.builder().metadata(ObjectMeta.builder().name(name).build()).build());
      }
    }
    agent = NodeAgent.start(config());
  }

  /** Starts everything. */
  public static TestingNode start() throws IOException, InterruptedException {
    // Only a limit: on a busy machine containers may take their time.
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    return new TestingNode();
  }

  /** The control group below which the node has its own. */
  public String cgroup() {
    return "/kubra-test-" + containerd.number();
  }

  private NodeAgentConfig config() {
    Path root = containerd.directory().resolve("kubelet");
    return NodeAgentConfig.builder(NAME, client)
        .addresses(List.of("127.0.0.1"))
        .criSocket(containerd.socket())
        .paths(root, containerd.directory().resolve("pod-logs"))
        .cgroupRoot(cgroup() + "/kubepods")
        .dns(List.of("10.96.0.10"), "cluster.local")
        .build();
  }

  /** The cluster. */
  public ApiClient client() {
    return client;
  }

  /** The container runtime. */
  public TestingContainerd containerd() {
    return containerd;
  }

  /** The agent. */
  public NodeAgent agent() {
    return agent;
  }

  /** Ends the agent and starts another in its place. */
  public void restartAgent() throws IOException {
    agent.close();
    agent = NodeAgent.start(config());
  }

  /** Creates a pod from JSON, on this node. */
  public Pod create(String name, String spec) {
    String json =
        """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s","namespace":"default"},"spec":%s}
        """
            .formatted(name, spec);
    Pod pod = Codec.read(json.getBytes(StandardCharsets.UTF_8), Pod::read);
    return client
        .resource(Pod.RESOURCE)
        .create(pod.withSpec(pod.spec().toBuilder().nodeName(NAME).build()));
  }

  /** Reads a pod. */
  public Pod pod(String name) {
    return client.resource(Pod.RESOURCE).get("default", name);
  }

  /** Waits until a pod is as wanted. */
  public Pod await(String name, Predicate<Pod> wanted) throws InterruptedException {
    Instant end = Instant.now().plus(Duration.ofSeconds(60));
    while (true) {
      Pod pod = pod(name);
      if (wanted.test(pod)) {
        return pod;
      }
      if (Instant.now().isAfter(end)) {
        throw new AssertionError(
            "pod "
                + name
                + " did not get there: "
                + new String(pod.status().toJson(), StandardCharsets.UTF_8)
                + "\nevents: "
                + events(name));
      }
      Thread.sleep(20);
    }
  }

  /** Waits until a pod is ready. */
  public Pod awaitReady(String name) throws InterruptedException {
    return await(name, p -> condition(p, "Ready").equals("True"));
  }

  /** Waits until a pod is gone. */
  public void awaitGone(String name) throws InterruptedException {
    Instant end = Instant.now().plus(Duration.ofSeconds(60));
    while (client.resource(Pod.RESOURCE).find("default", name).isPresent()) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError(
            "pod "
                + name
                + " is still there: "
                + new String(pod(name).toJson(), StandardCharsets.UTF_8));
      }
      Thread.sleep(20);
    }
  }

  /** The status of a pod's condition, or the empty string. */
  public static String condition(Pod pod, String type) {
    return pod.status().conditions().stream()
        .filter(c -> c.type().equals(type))
        .map(c -> c.status())
        .findFirst()
        .orElse("");
  }

  /** The events about a pod: reasons and messages. */
  public List<String> events(String pod) {
    return client.resource(Event.RESOURCE).list("default", ListOptions.ALL).items().stream()
        .filter(e -> pod.equals(e.involvedObject().name()))
        .map(e -> e.reason() + ": " + e.message())
        .toList();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    agent.close();
    server.close();
    containerd.close();
    removeCgroups();
  }

  private void removeCgroups() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
      String[] fields = line.split(" ");
      Path group = Path.of(fields[1] + cgroup());
      if (fields[2].startsWith("cgroup") && Files.isDirectory(group)) {
        try (Stream<Path> tree = Files.walk(group)) {
          for (Path folder :
              tree.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList()) {
            Files.deleteIfExists(folder);
          }
        }
      }
    }
  }
}
