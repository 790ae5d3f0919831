package io.kubra.controllers.disruption;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import io.kubra.client.informer.SharedInformer;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.Owners;
import io.kubra.controllers.runtime.ServerResources;
import io.kubra.model.KubernetesObject;
import io.kubra.model.apps.v1.Deployment;
import io.kubra.model.apps.v1.ReplicaSet;
import io.kubra.model.apps.v1.StatefulSet;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.ReplicationController;
import io.kubra.model.meta.v1.OwnerReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many pods the controllers of pods want: known kinds from the cache, others by scale. */
final class Scales {
  private final ApiClient api;
  private final SharedInformer<Deployment> deployments;
  private final SharedInformer<ReplicaSet> replicaSets;
  private final SharedInformer<StatefulSet> statefulSets;
  private final SharedInformer<ReplicationController> replicationControllers;

  Scales(ControllerContext context, ApiClient api) {
    this.api = api;
    this.deployments = context.informers().informer(Deployment.RESOURCE);
    this.replicaSets = context.informers().informer(ReplicaSet.RESOURCE);
    this.statefulSets = context.informers().informer(StatefulSet.RESOURCE);
    this.replicationControllers = context.informers().informer(ReplicationController.RESOURCE);
  }

  List<SharedInformer<?>> sources() {
    return List.of(deployments, replicaSets, statefulSets, replicationControllers);
  }

  /**
   * The sum over the controllers of the pods, each counted once; pods without one count nothing.
   *
   * @throws IllegalStateException if a controller has no scale
   */
  int expected(List<Pod> pods) {
    Map<String, Integer> byController = new HashMap<>();
    for (Pod pod : pods) {
      OwnerReference owner = Owners.controllerOf(pod);
      if (owner != null && !byController.containsKey(owner.uid())) {
        scale(pod, owner, byController);
      }
    }
    return byController.values().stream().mapToInt(Integer::intValue).sum();
  }

  private void scale(Pod pod, OwnerReference owner, Map<String, Integer> found) {
    String namespace = pod.metadata().namespace();
    switch (owner.apiVersion() + "/" + owner.kind()) {
      case "apps/v1/ReplicaSet" -> {
        ReplicaSet set = same(replicaSets.get(namespace, owner.name()), owner);
        OwnerReference above = set == null ? null : Owners.controllerOf(set);
        if (set != null && above != null && above.kind().equals("Deployment")) {
          Deployment deployment = same(deployments.get(namespace, above.name()), above);
          if (deployment != null) {
            found.put(above.uid(), replicas(deployment.spec().replicas()));
            // The ReplicaSets of one Deployment are not counted beside it.
            found.put(owner.uid(), 0);
            return;
          }
        }
        put(found, owner, set == null ? null : set.spec().replicas(), set != null);
      }
      case "apps/v1/StatefulSet" -> {
        StatefulSet set = same(statefulSets.get(namespace, owner.name()), owner);
        put(found, owner, set == null ? null : set.spec().replicas(), set != null);
      }
      case "v1/ReplicationController" -> {
        ReplicationController rc = same(replicationControllers.get(namespace, owner.name()), owner);
        put(found, owner, rc == null ? null : rc.spec().replicas(), rc != null);
      }
      default -> found.put(owner.uid(), byScale(namespace, owner));
    }
  }

  private static <T extends KubernetesObject> @Nullable T same(
      @Nullable T object, OwnerReference owner) {
    return object != null && object.metadata().uid().equals(owner.uid()) ? object : null;
  }

  private static void put(
      Map<String, Integer> found, OwnerReference owner, @Nullable Integer count, boolean exists) {
    if (exists) {
      found.put(owner.uid(), replicas(count));
    }
  }

  private static int replicas(@Nullable Integer count) {
    return count == null ? 1 : count;
  }

  private int byScale(String namespace, OwnerReference owner) {
    String failure = "%s does not implement the scale subresource".formatted(owner.kind());
    for (ServerResources.Resource resource : ServerResources.list(api)) {
      String version =
          resource.group().isEmpty()
              ? resource.version()
              : resource.group() + "/" + resource.version();
      if (resource.kind().equals(owner.kind()) && version.equals(owner.apiVersion())) {
        try {
          Object scale =
              Json.parse(
                  api.call(
                      ApiRequest.get(resource.path(namespace) + "/" + owner.name() + "/scale")));
          return (int) Trees.integerOr(scale, 0, "spec", "replicas");
        } catch (ApiException e) {
          throw new IllegalStateException(e.code() == 404 ? failure : e.getMessage(), e);
        }
      }
    }
    throw new IllegalStateException(failure);
  }
}
