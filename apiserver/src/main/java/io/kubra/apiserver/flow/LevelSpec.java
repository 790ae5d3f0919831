package io.kubra.apiserver.flow;

import io.kubra.api.tree.Trees;
import java.util.Map;

/**
 * A PriorityLevelConfiguration.
 *
 * @param exempt whether its requests never wait
 * @param shares its part of the server's seats, relative to the other levels
 * @param lendablePercent how much of its seats others may use
 * @param borrowingPercent how much beyond its seats it may use of others; negative for any number
 * @param queues how many queues it has; 0 if requests are refused rather than queued
 * @param handSize among how many queues a flow chooses
 * @param queueLength how many requests may wait in one queue
 */
record LevelSpec(
    String name,
    String uid,
    boolean exempt,
    long shares,
    long lendablePercent,
    long borrowingPercent,
    int queues,
    int handSize,
    int queueLength) {

  /** Reads a PriorityLevelConfiguration object. */
  static LevelSpec of(Map<String, Object> tree) {
    String name = Trees.stringOr(tree, "", "metadata", "name");
    String uid = Trees.stringOr(tree, "", "metadata", "uid");
    if ("Exempt".equals(Trees.string(tree, "spec", "type"))) {
      return new LevelSpec(
          name,
          uid,
          true,
          Trees.integerOr(tree, 0, "spec", "exempt", "nominalConcurrencyShares"),
          Trees.integerOr(tree, 0, "spec", "exempt", "lendablePercent"),
          -1,
          0,
          0,
          0);
    }
    Map<String, Object> limited = Trees.map(tree, "spec", "limited");
    Map<String, Object> queuing = Trees.map(limited, "limitResponse", "queuing");
    boolean queued = "Queue".equals(Trees.string(limited, "limitResponse", "type"));
    return new LevelSpec(
        name,
        uid,
        false,
        Trees.integerOr(limited, 30, "nominalConcurrencyShares"),
        Trees.integerOr(limited, 0, "lendablePercent"),
        Trees.integerOr(limited, -1, "borrowingLimitPercent"),
        queued ? number(queuing, 64, "queues") : 0,
        queued ? number(queuing, 8, "handSize") : 0,
        queued ? number(queuing, 50, "queueLengthLimit") : 0);
  }

  private static int number(
      @org.jspecify.annotations.Nullable Map<String, Object> tree, int otherwise, String field) {
    return (int) Math.clamp(Trees.integerOr(tree, otherwise, field), 1, 10_000_000);
  }
}
