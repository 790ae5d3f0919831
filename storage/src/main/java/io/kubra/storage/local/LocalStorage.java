package io.kubra.storage.local;

import io.kubra.api.status.ApiException;
import io.kubra.client.ApiClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.InformerFactory;
import io.kubra.client.volume.LocalVolumes;
import io.kubra.client.volume.VolumeAnnotations;
import io.kubra.client.volume.VolumeClaims;
import io.kubra.controllers.runtime.Controller;
import io.kubra.metrics.MetricRegistry;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.model.storage.v1.CSIDriver;
import io.kubra.model.storage.v1.CSIDriverSpec;
import io.kubra.model.storage.v1.StorageClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The cluster's default storage: its class, and the provisioner behind it. */
public final class LocalStorage implements AutoCloseable {
  /** The user that the provisioner acts as. */
  public static final String USER = "system:serviceaccount:kube-system:local-provisioner";

  /** The name of the class that is made at start. */
  public static final String CLASS = "standard";

  private static final String CLAIM = "claim:";
  private static final String VOLUME = "volume:";
  private static final String NODE = "node:";
  private static final String SETUP = "setup";
  private static final String CAPACITY = "capacity";

  private final ApiClient client;
  private final InformerFactory informers;
  private final EventRecorder events;
  private final LocalObjects objects;
  private final LocalProvisioning provisioning;
  private final LocalReclaim reclaim;
  private final LocalExpansion expansion;
  private final LocalCapacities capacities;
  private final Controller controller;

  private LocalStorage(ApiClient client, MetricRegistry metrics) {
    this.client = client;
    this.informers = new InformerFactory(client);
    this.events = new EventRecorder(client, LocalVolumes.PROVISIONER, "");
    this.objects = new LocalObjects(client, informers);
    this.provisioning = new LocalProvisioning(objects, client, events);
    this.reclaim = new LocalReclaim(objects, client, events);
    this.expansion = new LocalExpansion(objects, client, events);
    this.capacities = new LocalCapacities(objects, client, informers);
    // One worker: what one claim takes of a node, the next must see.
    this.controller =
        new Controller(metrics, "local_storage", 1, this::reconcile)
            .watch(objects.claims, c -> List.of(CLAIM + c.key()))
            .watch(objects.volumes, LocalStorage::touchedBy)
            .watch(objects.nodes, LocalStorage::touchedBy)
            .watch(objects.classes, this::touchedBy)
            .needs(capacities.informer);
    controller.enqueue(SETUP);
    controller.start();
    informers.start();
  }

  /**
   * Starts the provisioner over a client that acts as {@link #USER}.
   *
   * @param metrics where its queue is counted
   */
  public static LocalStorage start(ApiClient client, MetricRegistry metrics) {
    return new LocalStorage(client, metrics);
  }

  private static List<String> touchedBy(PersistentVolume volume) {
    if (!LocalVolumes.provisioned(volume)) {
      return List.of();
    }
    List<String> keys = new ArrayList<>(List.of(VOLUME + volume.key(), CAPACITY));
    var claim = volume.spec().claimRef();
    if (claim != null) {
      keys.add(CLAIM + claim.namespace() + "/" + claim.name());
    }
    return keys;
  }

  private List<String> touchedBy(StorageClass storageClass) {
    List<String> keys = new ArrayList<>(List.of(CAPACITY));
    objects.claims.list().stream()
        .filter(LocalProvisioning::wanted)
        .filter(c -> VolumeClaims.className(c).equals(storageClass.metadata().name()))
        .forEach(c -> keys.add(CLAIM + c.key()));
    return keys;
  }

  private static List<String> touchedBy(Node node) {
    return LocalObjects.offers(node) ? List.of(NODE + node.key(), CAPACITY) : List.of(CAPACITY);
  }

  private Duration reconcile(String key) {
    if (key.equals(SETUP)) {
      setUp();
    } else if (key.equals(CAPACITY)) {
      capacities.publish();
    } else if (key.startsWith(CLAIM)) {
      PersistentVolumeClaim claim = objects.claims.getByKey(key.substring(CLAIM.length()));
      if (claim != null && LocalProvisioning.wanted(claim)) {
        provisioning.provision(claim);
      } else if (claim != null) {
        expansion.expand(claim);
      }
    } else if (key.startsWith(VOLUME)) {
      PersistentVolume volume = objects.volumes.getByKey(key.substring(VOLUME.length()));
      if (volume != null && LocalVolumes.provisioned(volume)) {
        return reclaim.reclaim(volume);
      }
    } else {
      Node node = objects.nodes.getByKey(key.substring(NODE.length()));
      if (node != null) {
        heed(node);
      }
    }
    return Duration.ZERO;
  }

  /** Takes up the answers of a node; those that nobody waits for any more are cleaned up. */
  private void heed(Node node) {
    Map<String, PersistentVolumeClaim> waiting = new HashMap<>();
    for (PersistentVolumeClaim claim : objects.claims.list()) {
      if (LocalProvisioning.wanted(claim)) {
        waiting.put(LocalProvisioning.volumeName(claim), claim);
      }
    }
    // Claims that no scheduler has chosen a node for take the first that offers space.
    waiting.values().stream()
        .filter(c -> !c.metadata().annotations().containsKey(VolumeAnnotations.SELECTED_NODE))
        .forEach(c -> controller.enqueue(CLAIM + c.key()));
    node.metadata()
        .annotations()
        .forEach(
            (annotation, state) -> {
              String name = LocalVolumes.volume(annotation);
              if (name.isEmpty()) {
                return;
              }
              PersistentVolumeClaim claim = waiting.get(name);
              if (objects.volumes.get("", name) != null) {
                if (state.equals(LocalVolumes.CREATED)) {
                  objects.ask(node, name, "");
                } else {
                  controller.enqueue(VOLUME + name);
                }
              } else if (claim != null) {
                controller.enqueue(CLAIM + claim.key());
              } else if (state.equals(LocalVolumes.DELETED)
                  || state.startsWith(LocalVolumes.FAILED)) {
                objects.ask(node, name, "");
              } else if (state.equals(LocalVolumes.CREATED) && gone(name)) {
                // The claim was deleted while its folder was made: it has never been used.
                objects.ask(node, name, LocalVolumes.DELETE);
              }
            });
  }

  private boolean gone(String volume) {
    return client.resource(PersistentVolume.RESOURCE).find("", volume).isEmpty();
  }

  /** Makes the class, unless it is there, the default one if there is no other. */
  private void setUp() {
    create(
        CSIDriver.builder()
            .metadata(ObjectMeta.builder().name(LocalVolumes.PROVISIONER).build())
            .spec(
                CSIDriverSpec.builder()
                    .attachRequired(false)
                    .podInfoOnMount(false)
                    .storageCapacity(true)
                    .volumeLifecycleModes(List.of("Persistent"))
                    .build())
            .build(),
        CSIDriver.RESOURCE);
    boolean first = objects.classes.list().stream().noneMatch(VolumeClaims::isDefault);
    create(
        StorageClass.builder()
            .metadata(
                ObjectMeta.builder()
                    .name(CLASS)
                    .annotations(Map.of(VolumeAnnotations.DEFAULT_CLASS, Boolean.toString(first)))
                    .build())
            .provisioner(LocalVolumes.PROVISIONER)
            .reclaimPolicy("Delete")
            .volumeBindingMode("WaitForFirstConsumer")
            .allowVolumeExpansion(true)
            .build(),
        StorageClass.RESOURCE);
  }

  private <T extends io.kubra.model.KubernetesObject> void create(
      T object, io.kubra.model.ResourceType<T> type) {
    try {
      var unused = client.resource(type).create(object);
    } catch (ApiException e) {
      if (e.code() != 409) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    controller.close();
    informers.close();
    events.close();
    client.close();
  }
}
