package io.kubra.controllers.volume;

import io.kubra.client.informer.SharedInformer;
import io.kubra.client.volume.VolumeClaims;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.model.core.v1.ObjectReference;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.storage.v1.StorageClass;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Local copies of what binding looks at. */
final class VolumeObjects {
  private static final String BY_CLAIM = "claim";
  private static final String UNBOUND = "unbound";

  final SharedInformer<PersistentVolume> volumes;
  final SharedInformer<PersistentVolumeClaim> claims;
  final SharedInformer<StorageClass> classes;
  final SharedInformer<Pod> pods;

  VolumeObjects(ControllerContext context) {
    volumes = context.informers().informer(PersistentVolume.RESOURCE);
    claims = context.informers().informer(PersistentVolumeClaim.RESOURCE);
    classes = context.informers().informer(StorageClass.RESOURCE);
    pods = context.informers().informer(Pod.RESOURCE);
    volumes.index(BY_CLAIM, VolumeObjects::claimKeys);
    claims.index(
        UNBOUND, c -> VolumeClaims.bound(c) ? List.of() : List.of(VolumeClaims.className(c)));
  }

  /** The key of the claim that a volume points to: none or one. */
  static List<String> claimKeys(PersistentVolume volume) {
    ObjectReference reference = volume.spec().claimRef();
    return reference == null ? List.of() : List.of(reference.namespace() + "/" + reference.name());
  }

  List<PersistentVolume> volumesFor(String claimKey) {
    return volumes.byIndex(BY_CLAIM, claimKey);
  }

  /** The claims of a class that are not bound yet; an empty name stands for no class. */
  List<PersistentVolumeClaim> unbound(String className) {
    return claims.byIndex(UNBOUND, className);
  }

  @Nullable StorageClass classOf(PersistentVolumeClaim claim) {
    String name = VolumeClaims.className(claim);
    return name.isEmpty() ? null : classes.get("", name);
  }

  /** The newest default class, and of these the first by name. */
  Optional<StorageClass> defaultClass() {
    Comparator<StorageClass> newest =
        Comparator.comparing(
            c -> Objects.requireNonNullElse(c.metadata().creationTimestamp(), Instant.MIN));
    return classes.list().stream()
        .filter(VolumeClaims::isDefault)
        .max(
            newest.thenComparing(
                Comparator.comparing((StorageClass c) -> c.metadata().name()).reversed()));
  }

  /** The names of pods that use a claim and have no node yet. */
  List<String> unplacedPodsOf(PersistentVolumeClaim claim) {
    return pods.list(claim.metadata().namespace()).stream()
        .filter(p -> Objects.requireNonNullElse(p.spec().nodeName(), "").isEmpty())
        .filter(p -> VolumeClaims.keysOf(p).contains(claim.key()))
        .map(p -> p.metadata().name())
        .sorted()
        .toList();
  }
}
