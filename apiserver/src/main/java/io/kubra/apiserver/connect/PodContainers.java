package io.kubra.apiserver.connect;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.apiserver.request.RequestContext;
import java.util.List;
import java.util.Map;

/** Finds the pod and the container that a connection is about. */
final class PodContainers {
  private static final GroupResource PODS = new GroupResource("", "pods");

  private PodContainers() {}

  static Map<String, Object> pod(ObjectReader objects, RequestContext context) {
    return pod(objects, context.info().namespace(), context.info().name());
  }

  static Map<String, Object> pod(ObjectReader objects, String namespace, String name) {
    Map<String, Object> pod = objects.get(PODS, namespace, name);
    if (pod == null) {
      throw ApiException.notFound("", "pods", name);
    }
    return pod;
  }

  /** The container that is asked for; the only one if none is named. */
  static String container(Map<String, Object> pod, String wanted) {
    String podName = Trees.stringOr(pod, "", "metadata", "name");
    List<String> containers = names(pod, "containers");
    List<String> init = names(pod, "initContainers");
    if (wanted.isEmpty()) {
      if (containers.size() == 1) {
        return containers.getFirst();
      }
      if (containers.isEmpty()) {
        throw ApiException.badRequest(
            "a container name must be specified for pod %s".formatted(podName));
      }
      String or =
          init.isEmpty()
              ? ""
              : " or one of the init containers: [%s]".formatted(String.join(" ", init));
      throw ApiException.badRequest(
          "a container name must be specified for pod %s, choose one of: [%s]%s"
              .formatted(podName, String.join(" ", containers), or));
    }
    if (!containers.contains(wanted)
        && !init.contains(wanted)
        && !names(pod, "ephemeralContainers").contains(wanted)) {
      throw ApiException.badRequest(
          "container %s is not valid for pod %s".formatted(wanted, podName));
    }
    return wanted;
  }

  /** The pod's node. */
  static String node(Map<String, Object> pod) {
    String node = Trees.stringOr(pod, "", "spec", "nodeName");
    if (node.isEmpty()) {
      throw ApiException.badRequest(
          "pod %s does not have a host assigned"
              .formatted(Trees.stringOr(pod, "", "metadata", "name")));
    }
    return node;
  }

  private static List<String> names(Map<String, Object> pod, String list) {
    return Trees.maps(pod, "spec", list).stream()
        .map(container -> Trees.stringOr(container, "", "name"))
        .toList();
  }
}
