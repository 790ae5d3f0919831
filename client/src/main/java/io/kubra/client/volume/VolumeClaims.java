package io.kubra.client.volume;

import io.kubra.api.quantity.Quantity;
import io.kubra.model.core.v1.ObjectReference;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Volume;
import io.kubra.model.meta.v1.OwnerReference;
import io.kubra.model.storage.v1.StorageClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is asked of claims, volumes and classes again and again. */
public final class VolumeClaims {
  private VolumeClaims() {}

  /** The class a claim names; empty for none. */
  public static String className(PersistentVolumeClaim claim) {
    String beta = claim.metadata().annotations().get(VolumeAnnotations.BETA_STORAGE_CLASS);
    return beta != null ? beta : Objects.requireNonNullElse(claim.spec().storageClassName(), "");
  }

  /** The class a volume belongs to; empty for none. */
  public static String className(PersistentVolume volume) {
    String beta = volume.metadata().annotations().get(VolumeAnnotations.BETA_STORAGE_CLASS);
    return beta != null ? beta : Objects.requireNonNullElse(volume.spec().storageClassName(), "");
  }

  /** The volume a claim names; empty for none. */
  public static String volumeName(PersistentVolumeClaim claim) {
    return Objects.requireNonNullElse(claim.spec().volumeName(), "");
  }

  /** The size a claim asks for. */
  public static Quantity requested(PersistentVolumeClaim claim) {
    var resources = claim.spec().resources();
    return size(resources == null ? Map.of() : resources.requests());
  }

  /** The storage of a map of amounts; zero if it is not there. */
  public static Quantity size(Map<String, String> amounts) {
    Quantity size = Quantity.tryParse(amounts.get("storage"));
    return size == null ? Quantity.ZERO : size;
  }

  /** Whether the controller has finished binding the claim. */
  public static boolean bound(PersistentVolumeClaim claim) {
    return !volumeName(claim).isEmpty()
        && claim.metadata().annotations().containsKey(VolumeAnnotations.BIND_COMPLETED);
  }

  /** Whether a volume points to a claim; one without a uid was bound to the name in advance. */
  public static boolean pointsTo(PersistentVolume volume, PersistentVolumeClaim claim) {
    ObjectReference reference = volume.spec().claimRef();
    return reference != null
        && claim.metadata().name().equals(reference.name())
        && claim.metadata().namespace().equals(reference.namespace())
        && (uid(reference).isEmpty() || claim.metadata().uid().equals(reference.uid()));
  }

  /** The uid of a reference; empty for none. */
  public static String uid(ObjectReference reference) {
    return Objects.requireNonNullElse(reference.uid(), "");
  }

  /** Whether volumes of a class are made or bound only once a pod needs them. */
  public static boolean waitsForConsumer(@Nullable StorageClass storageClass) {
    return storageClass != null && "WaitForFirstConsumer".equals(storageClass.volumeBindingMode());
  }

  /** Whether a class is a default one. */
  public static boolean isDefault(StorageClass storageClass) {
    Map<String, String> annotations = storageClass.metadata().annotations();
    return "true".equals(annotations.get(VolumeAnnotations.DEFAULT_CLASS))
        || "true".equals(annotations.get(VolumeAnnotations.BETA_DEFAULT_CLASS));
  }

  /** The claim behind a volume of a pod; null if it is of another kind. */
  public static @Nullable String nameOf(Pod pod, Volume volume) {
    var source = volume.persistentVolumeClaim();
    if (source != null) {
      return source.claimName();
    }
    return volume.ephemeral() != null ? pod.metadata().name() + "-" + volume.name() : null;
  }

  /** The keys of all claims a pod uses. */
  public static List<String> keysOf(Pod pod) {
    List<String> keys = new ArrayList<>();
    for (Volume volume : pod.spec().volumes()) {
      String name = nameOf(pod, volume);
      if (name != null) {
        keys.add(pod.metadata().namespace() + "/" + name);
      }
    }
    return keys;
  }

  /** Whether a claim was made for an ephemeral volume of this very pod. */
  public static boolean belongsTo(PersistentVolumeClaim claim, Pod pod) {
    for (OwnerReference owner : claim.metadata().ownerReferences()) {
      if (Boolean.TRUE.equals(owner.controller()) && owner.uid().equals(pod.metadata().uid())) {
        return true;
      }
    }
    return false;
  }

  /** How a volume names the claim it is bound to: this very object, by its uid. */
  public static ObjectReference reference(PersistentVolumeClaim claim) {
    return ObjectReference.builder()
        .apiVersion(claim.apiVersion())
        .kind(claim.kind())
        .namespace(claim.metadata().namespace())
        .name(claim.metadata().name())
        .uid(claim.metadata().uid())
        .resourceVersion(claim.metadata().resourceVersion())
        .build();
  }
}
