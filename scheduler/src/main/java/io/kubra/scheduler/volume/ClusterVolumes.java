package io.kubra.scheduler.volume;

import io.kubra.api.quantity.Quantity;
import io.kubra.client.informer.EventHandler;
import io.kubra.client.informer.InformerFactory;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.volume.VolumeAnnotations;
import io.kubra.client.volume.VolumeClaims;
import io.kubra.model.KubernetesObject;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.storage.v1.CSIDriver;
import io.kubra.model.storage.v1.CSIStorageCapacity;
import io.kubra.model.storage.v1.StorageClass;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The cluster's volumes as informers show them, overlaid by what is decided but not yet shown. */
public final class ClusterVolumes implements VolumeReader {
  private final SharedInformer<PersistentVolumeClaim> claims;
  private final SharedInformer<PersistentVolume> volumes;
  private final SharedInformer<StorageClass> classes;
  private final SharedInformer<CSIDriver> drivers;
  private final SharedInformer<CSIStorageCapacity> capacities;
  private final Map<String, PersistentVolumeClaim> assumedClaims = new ConcurrentHashMap<>();
  private final Map<String, PersistentVolume> assumedVolumes = new ConcurrentHashMap<>();
  private final Object changes = new Object();

  /**
   * Follows the cluster's volumes.
   *
   * @param changed told of every change that may let a pod be placed
   */
  public ClusterVolumes(InformerFactory informers, Runnable changed) {
    claims = informers.informer(PersistentVolumeClaim.RESOURCE);
    volumes = informers.informer(PersistentVolume.RESOURCE);
    classes = informers.informer(StorageClass.RESOURCE);
    drivers = informers.informer(CSIDriver.RESOURCE);
    capacities = informers.informer(CSIStorageCapacity.RESOURCE);
    claims.addHandler(new Wake<>(changed, ClusterVolumes::helps));
    volumes.addHandler(new Wake<>(changed, ClusterVolumes::helps));
    classes.addHandler(new Wake<>(changed, (old, now) -> true));
    drivers.addHandler(new Wake<>(changed, (old, now) -> true));
    capacities.addHandler(new Wake<>(changed, ClusterVolumes::helps));
  }

  /** A claim helps pods when it gets its volume or loses the node chosen for another pod. */
  private static boolean helps(PersistentVolumeClaim old, PersistentVolumeClaim now) {
    boolean chosen = old.metadata().annotations().containsKey(VolumeAnnotations.SELECTED_NODE);
    return VolumeClaims.bound(old) != VolumeClaims.bound(now)
        || (chosen && !now.metadata().annotations().containsKey(VolumeAnnotations.SELECTED_NODE));
  }

  /** A volume helps pods when it becomes free or reaches other nodes. */
  private static boolean helps(PersistentVolume old, PersistentVolume now) {
    boolean free = "Available".equals(now.status().phase());
    return (free && !"Available".equals(old.status().phase()))
        || !Objects.equals(old.spec().nodeAffinity(), now.spec().nodeAffinity())
        || !old.metadata().labels().equals(now.metadata().labels())
        || (free && !old.spec().equals(now.spec()));
  }

  /** Space helps pods when there is more of it. */
  private static boolean helps(CSIStorageCapacity old, CSIStorageCapacity now) {
    return size(now.capacity()).compareTo(size(old.capacity())) > 0
        || size(now.maximumVolumeSize()).compareTo(size(old.maximumVolumeSize())) > 0;
  }

  private static Quantity size(@Nullable String text) {
    Quantity size = Quantity.tryParse(text);
    return size == null ? Quantity.ZERO : size;
  }

  private final class Wake<T extends KubernetesObject> implements EventHandler<T> {
    private final Runnable changed;
    private final BiPredicate<T, T> helps;

    Wake(Runnable changed, BiPredicate<T, T> helps) {
      this.changed = changed;
      this.helps = helps;
    }

    @Override
    public void onAdd(T object) {
      changed.run();
      tell();
    }

    @Override
    public void onUpdate(T old, T object) {
      if (helps.test(old, object)) {
        changed.run();
      }
      tell();
    }

    @Override
    public void onDelete(T object) {
      // What goes away helps no pod, but may end the waiting of one.
      tell();
    }

    private void tell() {
      synchronized (changes) {
        changes.notifyAll();
      }
    }
  }

  /** Waits for the first lists. */
  public void awaitSynced() throws InterruptedException {
    for (SharedInformer<?> informer : List.of(claims, volumes, classes, drivers, capacities)) {
      informer.awaitSynced(Duration.ofDays(1));
    }
  }

  /** Waits for any change, but not for long. */
  void awaitChange() throws InterruptedException {
    synchronized (changes) {
      changes.wait(1000);
    }
  }

  /** The claim as the API server shows it. */
  @Nullable PersistentVolumeClaim shown(PersistentVolumeClaim claim) {
    return claims.getByKey(claim.key());
  }

  void assume(PersistentVolumeClaim claim) {
    assumedClaims.put(claim.key(), claim);
  }

  void assume(PersistentVolume volume) {
    assumedVolumes.put(volume.key(), volume);
  }

  void forget(PersistentVolumeClaim claim) {
    assumedClaims.remove(claim.key());
  }

  void forget(PersistentVolume volume) {
    assumedVolumes.remove(volume.key());
  }

  @Override
  public @Nullable PersistentVolumeClaim claim(String namespace, String name) {
    PersistentVolumeClaim shown = claims.get(namespace, name);
    PersistentVolumeClaim assumed = shown == null ? null : assumedClaims.get(shown.key());
    return assumed == null ? shown : assumed;
  }

  @Override
  public @Nullable PersistentVolume volume(String name) {
    PersistentVolume assumed = assumedVolumes.get(name);
    return assumed == null ? volumes.get("", name) : assumed;
  }

  @Override
  public List<PersistentVolume> volumes() {
    List<PersistentVolume> all = volumes.list();
    all.replaceAll(v -> assumedVolumes.getOrDefault(v.key(), v));
    return all;
  }

  @Override
  public @Nullable StorageClass storageClass(String name) {
    return classes.get("", name);
  }

  @Override
  public @Nullable CSIDriver driver(String name) {
    return drivers.get("", name);
  }

  @Override
  public List<CSIStorageCapacity> capacities() {
    return capacities.list();
  }
}
