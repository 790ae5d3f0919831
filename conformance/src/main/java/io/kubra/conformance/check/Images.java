package io.kubra.conformance.check;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.cluster.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Finds what runs on a cluster by the images of its pods. */
public final class Images {
  private Images() {}

  /** A container of a pod, by its image. */
  public record Running(Map<String, Object> pod, String image) {
    /** The pod and what it runs. */
    @Override
    public String toString() {
      return Named.full(pod) + " runs " + image;
    }
  }

  /** The containers of all pods whose images are wanted. */
  public static List<Running> running(Context context, Predicate<String> wanted)
      throws InterruptedException {
    List<Running> found = new ArrayList<>();
    for (Map<String, Object> pod : context.list("/api/v1/pods")) {
      for (String image : images(Trees.maps(pod, "spec", "containers"))) {
        if (wanted.test(image)) {
          found.add(new Running(pod, image));
        }
      }
    }
    return found;
  }

  /** The images of containers. */
  public static List<String> images(List<Map<String, Object>> containers) {
    return containers.stream().map(c -> Trees.stringOr(c, "", "image")).toList();
  }
}
