package io.kubra.node.registration;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import io.kubra.client.ApiClient;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.model.core.v1.ContainerImage;
import io.kubra.model.core.v1.DaemonEndpoint;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.NodeAddress;
import io.kubra.model.core.v1.NodeCondition;
import io.kubra.model.core.v1.NodeDaemonEndpoints;
import io.kubra.model.core.v1.NodeRuntimeHandler;
import io.kubra.model.core.v1.NodeSpec;
import io.kubra.model.core.v1.NodeStatus;
import io.kubra.model.core.v1.NodeSystemInfo;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.node.cri.CriClient;
import io.kubra.node.cri.CriException;
import io.kubra.node.cri.v1.Cri;
import io.kubra.node.runtime.RuntimeHealth;
import io.kubra.node.system.HostFacts;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the node and keeps its status current: looked at every ten seconds, sent when something
 * changed and every five minutes. Until the node is ready it looks more often, so that a new node
 * can be used at once.
 */
public final class NodeReporter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeReporter.class);
  private static final Duration LOOK = Duration.ofSeconds(10);
  private static final Duration LOOK_UNTIL_READY = Duration.ofMillis(250);
  private static final Duration SEND = Duration.ofMinutes(5);
  private static final int MOST_IMAGES = 50;

  /** Labels that tell of the machine, and go when it no longer has what they tell. */
  private static final String FEATURES = "feature.node.kubernetes.io/";

  private final ResourceClient<Node> nodes;
  private final NodeSettings settings;
  private final NodeCapacity capacity;
  private final CriClient cri;
  private final RuntimeHandlers handlers;
  private final NodeConditions conditions;
  private final InstantSource clock;
  private final Semaphore nudge = new Semaphore(0);
  private final Thread thread;
  private @Nullable NodeStatus sent;
  private Instant sentAt = Instant.EPOCH;
  private boolean registered;

  /** Starts to register and report. */
  public NodeReporter(
      ApiClient client,
      NodeSettings settings,
      NodeCapacity capacity,
      CriClient cri,
      RuntimeHealth runtime,
      Path disk,
      InstantSource clock) {
    this.nodes = client.resource(Node.RESOURCE);
    this.settings = settings;
    this.capacity = capacity;
    this.cri = cri;
    this.handlers = new RuntimeHandlers(cri, clock);
    this.conditions = new NodeConditions(runtime, disk);
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("node-status").start(this::run);
  }

  /** Looks now. */
  public void nudge() {
    nudge.release();
  }

  private void run() {
    try {
      while (true) {
        boolean ready = false;
        try {
          if (!registered) {
            register();
            registered = true;
          }
          ready = report();
        } catch (ApiException | UncheckedIOException e) {
          LOG.debug("node status not sent: {}", e.toString());
          registered &= !(e instanceof ApiException refused && refused.code() == 404);
        } catch (RuntimeException e) {
          LOG.error("node status not sent", e);
        }
        Duration pause = ready ? LOOK : LOOK_UNTIL_READY;
        var unused = nudge.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        nudge.drainPermits();
      }
    } catch (InterruptedException e) {
      LOG.trace("node status ends");
    }
  }

  private void register() {
    Map<String, String> labels = new LinkedHashMap<>(settings.labels());
    labels.put("kubernetes.io/hostname", settings.name());
    labels.put("kubernetes.io/os", "linux");
    labels.put("kubernetes.io/arch", HostFacts.architecture());
    labels.put("beta.kubernetes.io/os", "linux");
    labels.put("beta.kubernetes.io/arch", HostFacts.architecture());
    Node node =
        Node.builder()
            .metadata(
                ObjectMeta.builder()
                    .name(settings.name())
                    .labels(labels)
                    .annotations(settings.annotations())
                    .build())
            .spec(NodeSpec.builder().taints(settings.taints()).build())
            .status(status(List.of()))
            .build();
    try {
      Node created = nodes.create(node);
      LOG.info("registered node {}", settings.name());
      sent = created.status();
    } catch (ApiException e) {
      if (e.code() != 409) {
        throw e;
      }
      Node known = nodes.get("", settings.name());
      sent = known.status();
      Map<String, @Nullable Object> missing = new LinkedHashMap<>(labels);
      missing.entrySet().removeAll(known.metadata().labels().entrySet());
      for (String key : known.metadata().labels().keySet()) {
        if (key.startsWith(FEATURES) && !labels.containsKey(key)) {
          missing.put(key, null);
        }
      }
      if (!missing.isEmpty()) {
        Map<String, Object> patch = Map.of("metadata", Map.of("labels", missing));
        nodes.patch("", settings.name(), PatchType.STRATEGIC, Json.write(patch), null);
      }
    }
    sentAt = Instant.EPOCH;
  }

  /** Sends the status if it is time; true if the node is ready. */
  private boolean report() {
    NodeStatus before = sent == null ? NodeStatus.empty() : sent;
    NodeStatus now = status(before.conditions());
    boolean due = Duration.between(sentAt, clock.instant()).compareTo(SEND) >= 0;
    if (due || !comparable(before).equals(comparable(now))) {
      Map<String, Object> patch = new LinkedHashMap<>();
      patch.put("status", Json.parseObject(now.toJson()));
      nodes.patch("", settings.name(), PatchType.STRATEGIC, Json.write(patch), "status");
      sent = now;
      sentAt = clock.instant();
    }
    return now.conditions().stream()
        .anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
  }

  /** The parts whose change is news: a heartbeat's time alone is not. */
  private static NodeStatus comparable(NodeStatus status) {
    List<NodeCondition> conditions =
        status.conditions().stream()
            .filter(c -> !c.type().equals("NetworkUnavailable"))
            .map(c -> c.toBuilder().lastHeartbeatTime(null).build())
            .toList();
    return NodeStatus.builder()
        .conditions(conditions)
        .addresses(status.addresses())
        .capacity(status.capacity())
        .allocatable(status.allocatable())
        .images(status.images())
        .nodeInfo(status.nodeInfo())
        .runtimeHandlers(status.runtimeHandlers())
        .build();
  }

  private NodeStatus status(List<NodeCondition> before) {
    List<NodeAddress> addresses = new ArrayList<>();
    for (String address : settings.addresses()) {
      addresses.add(NodeAddress.builder().type("InternalIP").address(address).build());
    }
    addresses.add(NodeAddress.builder().type("Hostname").address(settings.name()).build());
    return NodeStatus.builder()
        .addresses(addresses)
        .capacity(capacity.capacity())
        .allocatable(capacity.allocatable())
        .conditions(conditions.now(before, clock.instant()))
        .daemonEndpoints(
            NodeDaemonEndpoints.builder()
                .kubeletEndpoint(DaemonEndpoint.builder().Port(settings.apiPort()).build())
                .build())
        .nodeInfo(info())
        .images(images())
        .runtimeHandlers(handlers())
        .build();
  }

  private NodeSystemInfo info() {
    String runtime = "";
    try {
      Cri.VersionResponse version = cri.version();
      runtime =
          version.getRuntimeName() + "://" + version.getRuntimeVersion().replaceFirst("^v", "");
    } catch (CriException e) {
      NodeSystemInfo known = sent == null ? null : sent.nodeInfo();
      runtime = known == null ? "" : known.containerRuntimeVersion();
    }
    return NodeSystemInfo.builder()
        .machineID(HostFacts.machineId())
        .systemUUID(HostFacts.systemUuid())
        .bootID(HostFacts.bootId())
        .kernelVersion(HostFacts.kernelVersion())
        .osImage(HostFacts.osImage())
        .containerRuntimeVersion(runtime)
        .kubeletVersion(settings.version())
        .kubeProxyVersion("")
        .operatingSystem("linux")
        .architecture(HostFacts.architecture())
        .build();
  }

  private List<NodeRuntimeHandler> handlers() {
    try {
      return handlers.now();
    } catch (CriException e) {
      return sent == null ? List.of() : sent.runtimeHandlers();
    }
  }

  private List<ContainerImage> images() {
    try {
      return cri.images().stream()
          .sorted(Comparator.comparingLong(Cri.Image::getSize).reversed())
          .limit(MOST_IMAGES)
          .map(NodeReporter::image)
          .filter(image -> !image.names().isEmpty())
          .toList();
    } catch (CriException e) {
      return sent == null ? List.of() : sent.images();
    }
  }

  private static ContainerImage image(Cri.Image image) {
    List<String> names = new ArrayList<>(image.getRepoDigestsList());
    names.addAll(image.getRepoTagsList());
    return ContainerImage.builder().names(names).sizeBytes(image.getSize()).build();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
