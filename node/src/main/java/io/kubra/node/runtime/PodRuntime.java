package io.kubra.node.runtime;

import io.kubra.node.cri.v1.Cri;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the runtime has of one pod.
 *
 * @param sandboxes the newest first
 * @param containers the newest first
 */
public record PodRuntime(List<Cri.PodSandboxStatus> sandboxes, List<RuntimeContainer> containers) {
  /** Nothing. */
  public static final PodRuntime NONE = new PodRuntime(List.of(), List.of());

  /** The newest sandbox if it is alive. */
  public Cri.@Nullable PodSandboxStatus readySandbox() {
    return !sandboxes.isEmpty() && ready(sandboxes.getFirst()) ? sandboxes.getFirst() : null;
  }

  private static boolean ready(Cri.PodSandboxStatus sandbox) {
    return sandbox.getState() == Cri.PodSandboxState.SANDBOX_READY;
  }

  /** The addresses of the newest sandbox. */
  public List<String> ips() {
    if (sandboxes.isEmpty()) {
      return List.of();
    }
    return ips(sandboxes.getFirst());
  }

  /** The addresses of a sandbox. */
  public static List<String> ips(Cri.PodSandboxStatus sandbox) {
    List<String> ips = new ArrayList<>();
    Cri.PodSandboxNetworkStatus network = sandbox.getNetwork();
    if (!network.getIp().isEmpty()) {
      ips.add(network.getIp());
    }
    network.getAdditionalIpsList().forEach(ip -> ips.add(ip.getIp()));
    return ips;
  }

  /** The newest container of a name, or null. */
  public @Nullable RuntimeContainer latest(String name) {
    for (RuntimeContainer container : containers) {
      if (container.name().equals(name)) {
        return container;
      }
    }
    return null;
  }

  /** The newest container of a name within a sandbox, or null. */
  public @Nullable RuntimeContainer latest(String name, String sandbox) {
    for (RuntimeContainer container : containers) {
      if (container.name().equals(name) && container.sandbox().equals(sandbox)) {
        return container;
      }
    }
    return null;
  }

  /** All containers of a name, the newest first. */
  public List<RuntimeContainer> all(String name) {
    return containers.stream().filter(c -> c.name().equals(name)).toList();
  }

  /** Whether any process of the pod runs. */
  public boolean anyRunning() {
    return containers.stream().anyMatch(RuntimeContainer::running);
  }
}
