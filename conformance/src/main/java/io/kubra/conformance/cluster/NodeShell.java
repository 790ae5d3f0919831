package io.kubra.conformance.cluster;

import java.util.Optional;

/** A way to nodes that run no pods, where the run has one. */
@FunctionalInterface
public interface NodeShell {
  /** No way. */
  NodeShell NONE = (node, script) -> Optional.empty();

  /**
   * Runs a shell script on a node, with {@code HOST} set to where the node's files are.
   *
   * @return what it printed; empty if there is no way to that node
   */
  Optional<String> run(String node, String script);
}
