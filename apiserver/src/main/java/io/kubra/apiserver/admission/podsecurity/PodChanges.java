package io.kubra.apiserver.admission.podsecurity;

import io.kubra.api.tree.Trees;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells updates of pods that may violate a level anew from those that cannot. */
final class PodChanges {
  private static final List<String> CONTAINERS =
      List.of("initContainers", "containers", "ephemeralContainers");

  private PodChanges() {}

  /** Whether anything that controls look at may have changed. */
  static boolean significant(Map<String, Object> pod, @Nullable Map<String, Object> old) {
    if (old == null) {
      return true;
    }
    if (!Trees.equal(profiles(pod), profiles(old))) {
      return true;
    }
    for (String kind : CONTAINERS) {
      List<Map<String, Object>> now = Trees.maps(pod, "spec", kind);
      List<Map<String, Object>> before = Trees.maps(old, "spec", kind);
      if (now.size() != before.size()) {
        return true;
      }
      for (int i = 0; i < now.size(); i++) {
        if (!sameImage(now.get(i), before.get(i))
            || !Trees.equal(
                now.get(i).get("securityContext"), before.get(i).get("securityContext"))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean sameImage(Map<String, Object> now, Map<String, Object> before) {
    return Objects.equals(now.get("image"), before.get("image"))
        && Objects.equals(now.get("name"), before.get("name"));
  }

  private static Map<String, Object> profiles(Map<String, Object> pod) {
    Map<String, Object> found = new java.util.TreeMap<>();
    Map<String, Object> annotations = Trees.map(pod, "metadata", "annotations");
    if (annotations != null) {
      annotations.forEach(
          (key, value) -> {
            if (key.startsWith("container.apparmor.security.beta.kubernetes.io/")
                || key.startsWith("seccomp.security.alpha.kubernetes.io/")
                || key.startsWith("container.seccomp.security.alpha.kubernetes.io/")) {
              found.put(key, value);
            }
          });
    }
    return found;
  }
}
