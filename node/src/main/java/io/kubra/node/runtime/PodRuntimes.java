package io.kubra.node.runtime;

import io.kubra.node.cri.CriClient;
import io.kubra.node.cri.CriException;
import io.kubra.node.cri.v1.Cri;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Reads what the runtime has of a pod. */
public final class PodRuntimes {
  private final CriClient cri;

  /** Reads through the client. */
  public PodRuntimes(CriClient cri) {
    this.cri = cri;
  }

  /**
   * The sandboxes and containers of a pod.
   *
   * @throws CriException if the runtime cannot be asked
   */
  public PodRuntime read(String uid) {
    Map<String, String> ours = Map.of(Labels.POD_UID, uid);
    List<Cri.PodSandboxStatus> sandboxes = new ArrayList<>();
    for (Cri.PodSandbox sandbox : cri.podSandboxes(ours)) {
      try {
        sandboxes.add(cri.podSandboxStatus(sandbox.getId()));
      } catch (CriException e) {
        if (!e.notFound()) {
          throw e;
        }
      }
    }
    List<RuntimeContainer> containers = new ArrayList<>();
    for (Cri.Container container : cri.containers(ours)) {
      try {
        containers.add(
            new RuntimeContainer(
                container.getPodSandboxId(), cri.containerStatus(container.getId())));
      } catch (CriException e) {
        if (!e.notFound()) {
          throw e;
        }
      }
    }
    sandboxes.sort(
        Comparator.comparingLong(Cri.PodSandboxStatus::getCreatedAt)
            .thenComparing(s -> s.getMetadata().getAttempt())
            .reversed());
    containers.sort(
        Comparator.comparingLong((RuntimeContainer c) -> c.status().getCreatedAt()).reversed());
    return new PodRuntime(List.copyOf(sandboxes), List.copyOf(containers));
  }
}
