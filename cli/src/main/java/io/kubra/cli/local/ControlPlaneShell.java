package io.kubra.cli.local;

import io.kubra.cli.process.Run;
import io.kubra.conformance.cluster.NodeShell;
import java.util.List;
import java.util.Optional;

/**
 * The way to a local cluster's control plane, whose node takes no pods: it is this host.
 *
 * @param cluster the cluster
 */
public record ControlPlaneShell(LocalCluster cluster) implements NodeShell {
  @Override
  public Optional<String> run(String node, String script) {
    if (!node.equals(cluster.controlPlaneNode())) {
      return Optional.empty();
    }
    Run.Result result =
        Run.attempt(
            List.of("/usr/bin/env", "HOST=", "STATE=" + cluster.state(), "/bin/sh", "-s"), script);
    return result.ok() ? Optional.of(result.output()) : Optional.empty();
  }
}
