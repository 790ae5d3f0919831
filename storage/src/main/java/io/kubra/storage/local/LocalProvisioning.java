package io.kubra.storage.local;

import io.kubra.api.status.ApiException;
import io.kubra.client.ApiClient;
import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.volume.LocalVolumes;
import io.kubra.client.volume.VolumeAnnotations;
import io.kubra.client.volume.VolumeClaims;
import io.kubra.model.core.v1.LocalVolumeSource;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.NodeSelector;
import io.kubra.model.core.v1.NodeSelectorRequirement;
import io.kubra.model.core.v1.NodeSelectorTerm;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.PersistentVolumeSpec;
import io.kubra.model.core.v1.VolumeNodeAffinity;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.model.storage.v1.StorageClass;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the volume of one claim: first the folder on the node, then the object. */
final class LocalProvisioning {
  private static final String HOSTNAME = "kubernetes.io/hostname";

  private final LocalObjects objects;
  private final ResourceClient<PersistentVolume> volumes;
  private final ResourceClient<PersistentVolumeClaim> claims;
  private final EventRecorder events;

  LocalProvisioning(LocalObjects objects, ApiClient client, EventRecorder events) {
    this.objects = objects;
    this.volumes = client.resource(PersistentVolume.RESOURCE);
    this.claims = client.resource(PersistentVolumeClaim.RESOURCE);
    this.events = events;
  }

  static String volumeName(PersistentVolumeClaim claim) {
    return "pvc-" + claim.metadata().uid();
  }

  /** Whether a claim waits for a volume of this provisioner. */
  static boolean wanted(PersistentVolumeClaim claim) {
    return VolumeClaims.volumeName(claim).isEmpty()
        && claim.metadata().deletionTimestamp() == null
        && LocalVolumes.PROVISIONER.equals(
            claim.metadata().annotations().get(VolumeAnnotations.STORAGE_PROVISIONER));
  }

  void provision(PersistentVolumeClaim claim) {
    StorageClass storageClass = objects.classes.get("", VolumeClaims.className(claim));
    String name = volumeName(claim);
    if (storageClass == null || objects.volumes.get("", name) != null) {
      return;
    }
    Node node = node(claim, storageClass);
    if (node == null) {
      return;
    }
    String state = LocalVolumes.state(node, name);
    if (state.isEmpty()) {
      // The local copy may not show yet what has just been made.
      if (volumes.find("", name).isPresent()) {
        return;
      }
      String objection = objection(claim, node);
      if (!objection.isEmpty()) {
        refuse(claim, storageClass, objection);
        return;
      }
      events.normal(
          claim,
          "Provisioning",
          "External provisioner is provisioning volume for claim \"%s\"".formatted(claim.key()));
      objects.ask(node, name, LocalVolumes.CREATE);
    } else if (state.equals(LocalVolumes.CREATED)) {
      create(claim, storageClass, node);
      objects.ask(node, name, "");
      events.normal(claim, "ProvisioningSucceeded", "Successfully provisioned volume " + name);
    } else if (state.startsWith(LocalVolumes.FAILED)) {
      // Without a scheduler to choose another node, the answer stays and the claim waits.
      if (claim.metadata().annotations().containsKey(VolumeAnnotations.SELECTED_NODE)) {
        objects.ask(node, name, "");
      }
      refuse(claim, storageClass, state.substring(LocalVolumes.FAILED.length()));
    }
  }

  /** The chosen node; for a class that does not wait for pods, the one with the most space. */
  private @Nullable Node node(PersistentVolumeClaim claim, StorageClass storageClass) {
    String chosen = claim.metadata().annotations().get(VolumeAnnotations.SELECTED_NODE);
    if (chosen != null) {
      return objects.nodes.get("", chosen);
    }
    if (VolumeClaims.waitsForConsumer(storageClass)) {
      return null;
    }
    String name = volumeName(claim);
    List<Node> offering =
        objects.nodes.list().stream()
            .filter(LocalObjects::offers)
            .filter(n -> !Boolean.TRUE.equals(n.spec().unschedulable()))
            .toList();
    return offering.stream()
        .filter(n -> !LocalVolumes.state(n, name).isEmpty())
        .findFirst()
        .or(() -> offering.stream().max(Comparator.comparingLong(objects::left)))
        .orElse(null);
  }

  private String objection(PersistentVolumeClaim claim, Node node) {
    if (!LocalObjects.offers(node)) {
      return "node \"%s\" offers no local volumes".formatted(node.metadata().name());
    }
    if ("Block".equals(claim.spec().volumeMode())) {
      return "local volumes are folders; volumeMode Block is not supported";
    }
    if (claim.spec().dataSource() != null || claim.spec().dataSourceRef() != null) {
      return "local volumes cannot be made from a data source";
    }
    long left = objects.left(node);
    long wanted = VolumeClaims.requested(claim).value();
    return wanted > left
        ? "node \"%s\" has %d bytes left for volumes, %d are requested"
            .formatted(node.metadata().name(), left, wanted)
        : "";
  }

  /** Tells the user, and lets the scheduler choose again. */
  private void refuse(PersistentVolumeClaim claim, StorageClass storageClass, String why) {
    events.warning(
        claim,
        "ProvisioningFailed",
        "failed to provision volume with StorageClass \"%s\": %s"
            .formatted(storageClass.metadata().name(), why));
    Map<String, String> annotations = new LinkedHashMap<>(claim.metadata().annotations());
    if (annotations.remove(VolumeAnnotations.SELECTED_NODE) != null) {
      var unused =
          claims.update(
              claim.withMetadata(claim.metadata().toBuilder().annotations(annotations).build()));
    }
  }

  private void create(PersistentVolumeClaim claim, StorageClass storageClass, Node node) {
    String name = volumeName(claim);
    boolean delete = !"Retain".equals(storageClass.reclaimPolicy());
    String folder = node.metadata().annotations().getOrDefault(LocalVolumes.PATH, "");
    String host = node.metadata().labels().getOrDefault(HOSTNAME, node.metadata().name());
    ObjectMeta.Builder metadata =
        ObjectMeta.builder()
            .name(name)
            .annotations(Map.of(VolumeAnnotations.PROVISIONED_BY, LocalVolumes.PROVISIONER));
    if (delete) {
      metadata.finalizers(List.of(VolumeAnnotations.PROVISIONER_FINALIZER));
    }
    PersistentVolume volume =
        PersistentVolume.builder()
            .metadata(metadata.build())
            .spec(
                PersistentVolumeSpec.builder()
                    .capacity(Map.of("storage", VolumeClaims.requested(claim).toString()))
                    .accessModes(claim.spec().accessModes())
                    .volumeMode("Filesystem")
                    .persistentVolumeReclaimPolicy(
                        Objects.requireNonNullElse(storageClass.reclaimPolicy(), "Delete"))
                    .storageClassName(storageClass.metadata().name())
                    .mountOptions(storageClass.mountOptions())
                    .claimRef(VolumeClaims.reference(claim))
                    .local(LocalVolumeSource.builder().path(folder + "/" + name).build())
                    .nodeAffinity(only(host))
                    .build())
            .build();
    try {
      var unused = volumes.create(volume);
    } catch (ApiException e) {
      // Made before, and the annotation was not taken away.
      if (e.code() != 409) {
        throw e;
      }
    }
  }

  private static VolumeNodeAffinity only(String host) {
    return VolumeNodeAffinity.builder()
        .required(
            NodeSelector.builder()
                .nodeSelectorTerms(
                    List.of(
                        NodeSelectorTerm.builder()
                            .matchExpressions(
                                List.of(
                                    NodeSelectorRequirement.builder()
                                        .key(HOSTNAME)
                                        .operator("In")
                                        .values(List.of(host))
                                        .build()))
                            .build()))
                .build())
        .build();
  }
}
