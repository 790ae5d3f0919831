package io.kubra.cli.config;

import java.io.ByteArrayInputStream;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The line of a key of the outermost object, for messages only. */
final class KeyLine {
  private KeyLine() {}

  /** The line, from 1. */
  static Optional<Integer> of(byte[] yaml, String key) {
    try {
      return new Compose(LoadSettings.builder().build())
          .composeInputStream(new ByteArrayInputStream(yaml))
          .filter(MappingNode.class::isInstance)
          .map(MappingNode.class::cast)
          .flatMap(
              map ->
                  map.getValue().stream()
                      .map(NodeTuple::getKeyNode)
                      .filter(node -> node instanceof ScalarNode s && s.getValue().equals(key))
                      .findFirst())
          .flatMap(node -> node.getStartMark())
          .map(mark -> mark.getLine() + 1);
    } catch (YamlEngineException e) {
      return Optional.empty();
    }
  }
}
