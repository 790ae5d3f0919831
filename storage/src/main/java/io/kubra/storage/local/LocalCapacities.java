package io.kubra.storage.local;

import io.kubra.api.status.ApiException;
import io.kubra.client.ApiClient;
import io.kubra.client.ResourceClient;
import io.kubra.client.informer.InformerFactory;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.volume.LocalVolumes;
import io.kubra.model.core.v1.Node;
import io.kubra.model.meta.v1.LabelSelector;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.model.storage.v1.CSIStorageCapacity;
import io.kubra.model.storage.v1.StorageClass;
import java.util.HashMap;
import java.util.Map;

/** Publishes what each node has left for each class, for the scheduler to read. */
final class LocalCapacities {
  private static final String NAMESPACE = "kube-system";
  private static final String LABEL = "local.kubra.io/provisioner";
  private static final String HOSTNAME = "kubernetes.io/hostname";

  final SharedInformer<CSIStorageCapacity> informer;
  private final LocalObjects objects;
  private final ResourceClient<CSIStorageCapacity> client;

  LocalCapacities(LocalObjects objects, ApiClient client, InformerFactory informers) {
    this.objects = objects;
    this.client = client.resource(CSIStorageCapacity.RESOURCE);
    this.informer = informers.informer(CSIStorageCapacity.RESOURCE);
  }

  void publish() {
    Map<String, CSIStorageCapacity> wanted = new HashMap<>();
    for (Node node : objects.nodes.list()) {
      if (!LocalObjects.offers(node)) {
        continue;
      }
      String left = Long.toString(objects.left(node));
      String host = node.metadata().labels().getOrDefault(HOSTNAME, node.metadata().name());
      for (StorageClass storageClass : objects.ours()) {
        String name = "local-" + storageClass.metadata().uid() + "-" + node.metadata().uid();
        wanted.put(
            name,
            CSIStorageCapacity.builder()
                .metadata(
                    ObjectMeta.builder()
                        .namespace(NAMESPACE)
                        .name(name)
                        .labels(Map.of(LABEL, LocalVolumes.PROVISIONER))
                        .build())
                .storageClassName(storageClass.metadata().name())
                .nodeTopology(LabelSelector.builder().matchLabels(Map.of(HOSTNAME, host)).build())
                .capacity(left)
                .build());
      }
    }
    for (CSIStorageCapacity known : informer.list()) {
      if (!known.metadata().labels().containsKey(LABEL)) {
        continue;
      }
      CSIStorageCapacity now = wanted.remove(known.metadata().name());
      if (now == null) {
        delete(known);
      } else if (!java.util.Objects.equals(now.capacity(), known.capacity())) {
        var unused = client.update(known.toBuilder().capacity(now.capacity()).build());
      }
    }
    wanted.values().forEach(this::create);
  }

  private void create(CSIStorageCapacity capacity) {
    try {
      var unused = client.create(capacity);
    } catch (ApiException e) {
      if (e.code() != 409) {
        throw e;
      }
    }
  }

  private void delete(CSIStorageCapacity capacity) {
    try {
      client.delete(capacity.metadata().namespace(), capacity.metadata().name());
    } catch (ApiException e) {
      if (e.code() != 404) {
        throw e;
      }
    }
  }
}
