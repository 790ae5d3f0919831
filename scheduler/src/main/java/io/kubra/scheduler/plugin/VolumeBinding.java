package io.kubra.scheduler.plugin;

import io.kubra.client.volume.VolumeClaims;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.Pod;
import io.kubra.scheduler.cluster.NodeState;
import io.kubra.scheduler.framework.FilterPlugin;
import io.kubra.scheduler.volume.PodClaims;
import io.kubra.scheduler.volume.VolumeReader;
import java.util.List;

/** Keeps pods from nodes that do not reach their volumes, or cannot get volumes for them. */
final class VolumeBinding implements FilterPlugin {
  private final VolumeReader reader;

  VolumeBinding(VolumeReader reader) {
    this.reader = reader;
  }

  @Override
  public String name() {
    return "VolumeBinding";
  }

  @Override
  public Filter prepare(Pod pod, List<NodeState> nodes) {
    if (VolumeClaims.keysOf(pod).isEmpty()) {
      return Filter.ACCEPT;
    }
    PodClaims claims = PodClaims.of(pod, reader);
    if (!claims.refusal().isEmpty()) {
      return new Refusal(claims.refusal());
    }
    return state -> {
      Node node = state.node();
      if (node == null) {
        return List.of();
      }
      return switch (claims.offer(node, reader)) {
        case PodClaims.Offer.Possible possible -> List.of();
        case PodClaims.Offer.Impossible(String reason) -> List.of(reason);
      };
    };
  }
}
