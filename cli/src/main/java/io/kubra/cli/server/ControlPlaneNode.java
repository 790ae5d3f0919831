package io.kubra.cli.server;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import io.kubra.client.ApiClient;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.model.coordination.v1.Lease;
import io.kubra.model.coordination.v1.LeaseSpec;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.NodeAddress;
import io.kubra.model.core.v1.NodeCondition;
import io.kubra.model.core.v1.NodeSpec;
import io.kubra.model.core.v1.NodeStatus;
import io.kubra.model.core.v1.NodeSystemInfo;
import io.kubra.model.core.v1.Taint;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.model.meta.v1.OwnerReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node that stands for the control plane. It takes no pods: it has no container runtime, its
 * capacity for pods is 0 and it carries the control plane's taint. It is kept alive by its Lease
 * like any other.
 */
final class ControlPlaneNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneNode.class);
  private static final String ROLE = "node-role.kubernetes.io/control-plane";
  private static final String LEASES = "kube-node-lease";
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final int STATUS_EVERY = 30;

  private final ResourceClient<Node> nodes;
  private final ResourceClient<Lease> leases;
  private final String name;
  private final String address;
  private final String version;
  private final Supplier<Map<String, String>> read;
  private Map<String, String> features = Map.of();
  private final InstantSource clock = InstantSource.system();
  private final Thread thread;

  /**
   * A node that is registered soon.
   *
   * @param features reads its feature labels, which may take a while: not before the start is over
   */
  ControlPlaneNode(
      ApiClient client,
      String name,
      String address,
      String version,
      Supplier<Map<String, String>> features) {
    this.nodes = client.resource(Node.RESOURCE);
    this.leases = client.resource(Lease.RESOURCE);
    this.name = name;
    this.address = address;
    this.version = version;
    this.read = features;
    this.thread = Thread.ofVirtual().name("control-plane-node").start(this::run);
  }

  private void run() {
    int beats = 0;
    features = read.get();
    while (!Thread.currentThread().isInterrupted()) {
      try {
        try {
          if (beats % STATUS_EVERY == 0) {
            publish();
          }
          renew();
          beats++;
        } catch (ApiException | UncheckedIOException e) {
          LOG.warn("the control plane's node is not up to date: {}", e.getMessage());
          beats = 0;
          Thread.sleep(Duration.ofSeconds(1));
          continue;
        }
        Thread.sleep(PERIOD);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void publish() {
    Node node = nodes.find("", name).orElse(null);
    if (node == null) {
      node =
          nodes.create(
              Node.builder()
                  .metadata(ObjectMeta.builder().name(name).labels(labels()).build())
                  .spec(
                      NodeSpec.builder()
                          .taints(List.of(Taint.builder().key(ROLE).effect("NoSchedule").build()))
                          .build())
                  .build());
    } else if (!node.metadata().labels().entrySet().containsAll(features.entrySet())) {
      byte[] patch = Json.write(Map.of("metadata", Map.of("labels", features)));
      node = nodes.patch("", name, PatchType.MERGE, patch, null);
    }
    nodes.updateStatus(node.withStatus(status(node)));
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>(features);
    labels.put("kubernetes.io/hostname", name);
    labels.put("kubernetes.io/os", "linux");
    labels.put("kubernetes.io/arch", architecture());
    labels.put(ROLE, "");
    labels.put("node.kubernetes.io/exclude-from-external-load-balancers", "");
    return labels;
  }

  private static String architecture() {
    return switch (System.getProperty("os.arch")) {
      case "aarch64" -> "arm64";
      case null, default -> "amd64";
    };
  }

  private NodeStatus status(Node node) {
    Map<String, String> resources = new LinkedHashMap<>();
    resources.put("cpu", Integer.toString(Runtime.getRuntime().availableProcessors()));
    resources.put("memory", line("/proc/meminfo", "MemTotal:").replaceAll("[^0-9]", "") + "Ki");
    resources.put("pods", "0");
    Instant now = clock.instant();
    List<NodeCondition> conditions = new ArrayList<>();
    conditions.add(
        condition(
            node,
            "MemoryPressure",
            "False",
            "KubeletHasSufficientMemory",
            "kubelet has sufficient memory available",
            now));
    conditions.add(
        condition(
            node,
            "DiskPressure",
            "False",
            "KubeletHasNoDiskPressure",
            "kubelet has no disk pressure",
            now));
    conditions.add(
        condition(
            node,
            "PIDPressure",
            "False",
            "KubeletHasSufficientPID",
            "kubelet has sufficient PID available",
            now));
    conditions.add(
        condition(node, "Ready", "True", "KubeletReady", "the control plane is running", now));
    return NodeStatus.builder()
        .capacity(resources)
        .allocatable(resources)
        .conditions(conditions)
        .addresses(
            List.of(
                NodeAddress.builder().type("InternalIP").address(address).build(),
                NodeAddress.builder().type("Hostname").address(name).build()))
        .nodeInfo(
            NodeSystemInfo.builder()
                .machineID(text("/etc/machine-id"))
                .systemUUID(text("/sys/class/dmi/id/product_uuid"))
                .bootID(text("/proc/sys/kernel/random/boot_id"))
                .kernelVersion(text("/proc/sys/kernel/osrelease"))
                .osImage(line("/etc/os-release", "PRETTY_NAME=").replace("\"", ""))
                .containerRuntimeVersion("none")
                .kubeletVersion(version)
                .kubeProxyVersion("")
                .operatingSystem("linux")
                .architecture(architecture())
                .build())
        .build();
  }

  private static NodeCondition condition(
      Node node, String type, String status, String reason, String message, Instant now) {
    Instant since = now;
    for (NodeCondition old : node.status().conditions()) {
      if (old.type().equals(type)
          && old.status().equals(status)
          && old.lastTransitionTime() != null) {
        since = old.lastTransitionTime();
      }
    }
    return NodeCondition.builder()
        .type(type)
        .status(status)
        .reason(reason)
        .message(message)
        .lastHeartbeatTime(now)
        .lastTransitionTime(since)
        .build();
  }

  private static String text(String file) {
    try {
      // Not readString: files below /proc/sys answer only the first of several reads.
      return String.join("\n", Files.readAllLines(Path.of(file))).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** What follows a prefix in a file. */
  private static String line(String file, String prefix) {
    return text(file)
        .lines()
        .filter(l -> l.startsWith(prefix))
        .map(l -> l.substring(prefix.length()).strip())
        .findFirst()
        .orElse("");
  }

  private void renew() {
    Lease lease = leases.find(LEASES, name).orElse(null);
    if (lease == null) {
      Node node = nodes.get("", name);
      leases.create(
          Lease.builder()
              .metadata(
                  ObjectMeta.builder()
                      .namespace(LEASES)
                      .name(name)
                      .ownerReferences(
                          List.of(
                              OwnerReference.builder()
                                  .apiVersion("v1")
                                  .kind("Node")
                                  .name(name)
                                  .uid(node.metadata().uid())
                                  .build()))
                      .build())
              .spec(
                  LeaseSpec.builder()
                      .holderIdentity(name)
                      .leaseDurationSeconds(40)
                      .renewTime(clock.instant())
                      .build())
              .build());
      return;
    }
    leases.update(lease.withSpec(lease.spec().toBuilder().renewTime(clock.instant()).build()));
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
