package io.kubra.storage.local;

import io.kubra.api.json.Json;
import io.kubra.api.quantity.Quantity;
import io.kubra.client.ApiClient;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.client.informer.InformerFactory;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.volume.LocalVolumes;
import io.kubra.client.volume.VolumeClaims;
import io.kubra.client.volume.VolumeMatch;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.storage.v1.StorageClass;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Local copies of what the provisioner looks at, and its words to nodes. */
final class LocalObjects {
  final SharedInformer<PersistentVolume> volumes;
  final SharedInformer<PersistentVolumeClaim> claims;
  final SharedInformer<StorageClass> classes;
  final SharedInformer<Node> nodes;
  private final ResourceClient<Node> nodeClient;

  LocalObjects(ApiClient client, InformerFactory informers) {
    volumes = informers.informer(PersistentVolume.RESOURCE);
    claims = informers.informer(PersistentVolumeClaim.RESOURCE);
    classes = informers.informer(StorageClass.RESOURCE);
    nodes = informers.informer(Node.RESOURCE);
    nodeClient = client.resource(Node.RESOURCE);
  }

  /** The node a local volume lies on, or null if it is gone. */
  @Nullable Node nodeOf(PersistentVolume volume) {
    for (Node node : nodes.list()) {
      if (VolumeMatch.reaches(node, volume)) {
        return node;
      }
    }
    return null;
  }

  /** Whether a node offers folders. */
  static boolean offers(Node node) {
    return node.metadata().annotations().containsKey(LocalVolumes.PATH);
  }

  /** The bytes that a node has left for volumes, counting those it has at their full size. */
  long left(Node node) {
    Quantity all = Quantity.tryParse(node.metadata().annotations().get(LocalVolumes.CAPACITY));
    long left = all == null ? 0 : all.value();
    for (PersistentVolume volume : volumes.list()) {
      if (LocalVolumes.provisioned(volume) && VolumeMatch.reaches(node, volume)) {
        left -= VolumeClaims.size(volume.spec().capacity()).value();
      }
    }
    return Math.max(0, left);
  }

  /** The classes that this provisioner serves. */
  List<StorageClass> ours() {
    return classes.list().stream()
        .filter(c -> c.provisioner().equals(LocalVolumes.PROVISIONER))
        .toList();
  }

  /** Asks a node about a volume; an empty request takes the last one away. */
  void ask(Node node, String volume, String request) {
    Map<String, @Nullable Object> annotation = new HashMap<>();
    annotation.put(LocalVolumes.annotation(volume), request.isEmpty() ? null : request);
    byte[] patch = Json.write(Map.of("metadata", Map.of("annotations", annotation)));
    var unused = nodeClient.patch("", node.metadata().name(), PatchType.MERGE, patch, null);
  }
}
