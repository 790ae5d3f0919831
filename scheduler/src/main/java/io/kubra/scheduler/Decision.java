package io.kubra.scheduler;

import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** The outcome for one pod. */
sealed interface Decision {
  /** The pod goes to a node. */
  record Assigned(String node) implements Decision {}

  /**
   * The pod can go nowhere, whatever the nodes are like.
   *
   * @param reason why, in upstream's words
   */
  record Refused(int nodes, String reason) implements Decision {
    /** The message that users see in the event and the PodScheduled condition. */
    String message() {
      return "0/%d nodes are available: %s.".formatted(nodes, reason);
    }
  }

  /**
   * No node can take the pod.
   *
   * @param reasons how many nodes each reason rules out
   */
  record Unschedulable(int nodes, Map<String, Integer> reasons) implements Decision {
    /** The message that users see in the event and the PodScheduled condition. */
    String message() {
      if (nodes == 0) {
        return "no nodes available to schedule pods";
      }
      StringJoiner parts = new StringJoiner(", ", "0/" + nodes + " nodes are available: ", ".");
      new TreeMap<>(reasons).forEach((reason, count) -> parts.add(count + " " + reason));
      return parts.toString();
    }
  }
}
