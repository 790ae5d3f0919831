package io.kubra.scheduler.plugin;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.ContainerImage;
import io.kubra.model.core.v1.Pod;
import io.kubra.scheduler.cluster.NodeState;
import io.kubra.scheduler.framework.ScorePlugin;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Prefers nodes that already hold the pod's images, the more so the larger they are. */
final class ImageLocality implements ScorePlugin {
  private static final long LEAST = 23L << 20;
  private static final long MOST_A_CONTAINER = 1000L << 20;

  @Override
  public String name() {
    return "ImageLocality";
  }

  @Override
  public int weight() {
    return 1;
  }

  @Override
  public long[] score(Pod pod, List<NodeState> nodes) {
    Set<String> wanted = new HashSet<>();
    for (Container container : pod.spec().containers()) {
      if (container.image() != null) {
        wanted.add(container.image());
      }
    }
    long most = MOST_A_CONTAINER * Math.max(1, pod.spec().containers().size());
    long[] scores = new long[nodes.size()];
    for (int i = 0; i < scores.length; i++) {
      var node = nodes.get(i).node();
      long bytes = 0;
      if (node != null) {
        for (ContainerImage image : node.status().images()) {
          if (image.sizeBytes() != null && image.names().stream().anyMatch(wanted::contains)) {
            bytes += image.sizeBytes();
          }
        }
      }
      scores[i] = MAX * (Math.clamp(bytes, LEAST, most) - LEAST) / (most - LEAST);
    }
    return scores;
  }
}
