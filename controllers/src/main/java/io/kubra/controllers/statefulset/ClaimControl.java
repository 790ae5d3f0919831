package io.kubra.controllers.statefulset;

import io.kubra.api.status.ApiException;
import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.SharedInformer;
import io.kubra.controllers.runtime.Owners;
import io.kubra.model.KubernetesObject;
import io.kubra.model.apps.v1.StatefulSet;
import io.kubra.model.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.meta.v1.OwnerReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a set's pods: made before the pod, and owned after the retention policy (KEP-1847),
 * so that the garbage collector deletes them with the set, or with the pod that is scaled away.
 */
final class ClaimControl {
  private final SharedInformer<PersistentVolumeClaim> claims;
  private final ResourceClient<PersistentVolumeClaim> client;
  private final EventRecorder events;

  ClaimControl(
      SharedInformer<PersistentVolumeClaim> claims,
      ResourceClient<PersistentVolumeClaim> client,
      EventRecorder events) {
    this.claims = claims;
    this.client = client;
    this.events = events;
  }

  /** Creates the claims of a pod that are missing. */
  void create(StatefulSet set, Pod pod) {
    for (PersistentVolumeClaim claim : Identity.claims(set, Identity.ordinal(set, pod))) {
      PersistentVolumeClaim known = claims.getByKey(claim.key());
      if (known == null) {
        createOne(set, pod, claim);
      } else if (known.metadata().deletionTimestamp() != null) {
        throw ApiException.internal("pvc " + known.metadata().name() + " is being deleted");
      }
    }
  }

  private void createOne(StatefulSet set, Pod pod, PersistentVolumeClaim claim) {
    String names =
        "%s Pod %s in StatefulSet %s"
            .formatted(claim.metadata().name(), pod.metadata().name(), set.metadata().name());
    try {
      client.create(claim);
      events.normal(set, "SuccessfulCreate", "create Claim " + names + " success");
    } catch (ApiException e) {
      if (e.code() == 409) {
        return;
      }
      events.warning(
          set,
          "FailedCreate",
          "create Claim %s for Pod %s in StatefulSet %s failed error: %s"
              .formatted(
                  claim.metadata().name(),
                  pod.metadata().name(),
                  set.metadata().name(),
                  e.getMessage()));
      throw e;
    }
  }

  /** Whether a claim still belongs to an earlier pod of that name, with which it will go. */
  boolean stale(StatefulSet set, Pod pod) {
    for (PersistentVolumeClaim claim : Identity.claims(set, Identity.ordinal(set, pod))) {
      PersistentVolumeClaim known = claims.getByKey(claim.key());
      if (known == null) {
        continue;
      }
      for (OwnerReference owner : known.metadata().ownerReferences()) {
        if (owner.kind().equals("Pod")
            && owner.name().equals(pod.metadata().name())
            && !owner.uid().equals(pod.metadata().uid())) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Makes the owners of a pod's claims follow the policy.
   *
   * @param condemned whether the pod is to be scaled away
   */
  void retain(StatefulSet set, Pod pod, boolean condemned) {
    StatefulSetPersistentVolumeClaimRetentionPolicy policy =
        set.spec().persistentVolumeClaimRetentionPolicy();
    boolean withSet = policy != null && "Delete".equals(policy.whenDeleted());
    boolean withPod = policy != null && "Delete".equals(policy.whenScaled());
    KubernetesObject owner = withPod && condemned ? pod : withSet ? set : null;
    for (PersistentVolumeClaim claim : Identity.claims(set, Identity.ordinal(set, pod))) {
      PersistentVolumeClaim known = claims.getByKey(claim.key());
      if (known == null || known.metadata().deletionTimestamp() != null) {
        continue;
      }
      List<OwnerReference> owners = owners(set, pod, known, owner);
      if (!owners.equals(known.metadata().ownerReferences())) {
        client.update(
            known.withMetadata(known.metadata().toBuilder().ownerReferences(owners).build()));
      }
    }
  }

  private static List<OwnerReference> owners(
      StatefulSet set, Pod pod, PersistentVolumeClaim claim, @Nullable KubernetesObject owner) {
    List<OwnerReference> owners = new ArrayList<>();
    boolean foreign = false;
    boolean there = false;
    for (OwnerReference reference : claim.metadata().ownerReferences()) {
      boolean ours =
          reference.uid().equals(set.metadata().uid())
              || reference.uid().equals(pod.metadata().uid());
      boolean wanted = owner != null && reference.uid().equals(owner.metadata().uid());
      if (!ours || wanted) {
        owners.add(reference);
      }
      there |= wanted;
      foreign |= !ours && Boolean.TRUE.equals(reference.controller());
    }
    if (owner != null && !there && !foreign) {
      owners.add(Owners.controllerReference(owner));
    }
    return owners;
  }
}
