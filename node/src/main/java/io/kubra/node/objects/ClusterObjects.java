package io.kubra.node.objects;

import io.kubra.client.ApiClient;
import io.kubra.client.ListOptions;
import io.kubra.client.informer.SharedInformer;
import io.kubra.model.core.v1.ConfigMap;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Secret;
import io.kubra.model.core.v1.Service;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** All objects of the cluster that pods on this node need besides themselves. */
public final class ClusterObjects implements AutoCloseable {
  private final ApiClient client;
  private final ReferencedObjects<ConfigMap> configMaps;
  private final ReferencedObjects<Secret> secrets;
  private final SharedInformer<Service> services;

  /**
   * Follows what is needed through a client.
   *
   * @param known the folder where Services are kept for a start without the API server
   * @param podChanged told the uid of each pod that refers to a changed object
   */
  public ClusterObjects(ApiClient client, Path known, Consumer<String> podChanged) {
    this.client = client;
    this.configMaps = new ReferencedObjects<>(client.resource(ConfigMap.RESOURCE), podChanged);
    this.secrets = new ReferencedObjects<>(client.resource(Secret.RESOURCE), podChanged);
    this.services =
        new SharedInformer<>(client.resource(Service.RESOURCE), "", ListOptions.ALL)
            .remember(known.resolve("pods-services.json"), UnaryOperator.identity());
    services.start();
  }

  /** The connection to the cluster. */
  public ApiClient client() {
    return client;
  }

  /** A ConfigMap, or null. */
  public @Nullable ConfigMap configMap(String namespace, String name) {
    return configMaps.get(namespace, name);
  }

  /** A Secret, or null. */
  public @Nullable Secret secret(String namespace, String name) {
    return secrets.get(namespace, name);
  }

  /** The Services. */
  public SharedInformer<Service> services() {
    return services;
  }

  /** Follows what the pod refers to. */
  public void follow(Pod pod) {
    follow(pod.metadata().uid(), PodReferences.of(pod));
  }

  /** Stops following what only this pod refers to. */
  public void release(String podUid) {
    follow(podUid, PodReferences.NONE);
  }

  private void follow(String podUid, PodReferences references) {
    configMaps.refer(podUid, references.configMaps());
    secrets.refer(podUid, references.secrets());
  }

  @Override
  public void close() {
    configMaps.close();
    secrets.close();
    services.close();
  }
}
