package io.kubra.controllers.ephemeralvolume;

import io.kubra.api.status.ApiException;
import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.volume.VolumeClaims;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.Owners;
import io.kubra.controllers.runtime.Pods;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.PersistentVolumeClaimTemplate;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Volume;
import io.kubra.model.meta.v1.ObjectMeta;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Makes a claim, owned by the pod, for each of its generic ephemeral volumes. The garbage collector
 * removes the claim with the pod.
 */
public final class EphemeralVolumeController implements AutoCloseable {
  private static final String ACCOUNT = "ephemeral-volume-controller";

  private final SharedInformer<Pod> pods;
  private final SharedInformer<PersistentVolumeClaim> claims;
  private final ResourceClient<PersistentVolumeClaim> client;
  private final EventRecorder events;
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public EphemeralVolumeController(ControllerContext context) {
    this.pods = context.informers().informer(Pod.RESOURCE);
    this.claims = context.informers().informer(PersistentVolumeClaim.RESOURCE);
    this.client = context.client(ACCOUNT).resource(PersistentVolumeClaim.RESOURCE);
    this.events = context.recorder(ACCOUNT, "ephemeral_volume");
    this.controller =
        context
            .controller("ephemeral_volume", 2, this::reconcile)
            .watch(pods, EphemeralVolumeController::keysOf)
            .watch(claims, c -> Owners.keysOf(c, "Pod"))
            .start();
  }

  private static List<String> keysOf(Pod pod) {
    return pod.spec().volumes().stream().anyMatch(v -> v.ephemeral() != null)
        ? List.of(pod.key())
        : List.of();
  }

  private Duration reconcile(String key) {
    Pod pod = pods.getByKey(key);
    if (pod == null || !Pods.active(pod)) {
      return Duration.ZERO;
    }
    for (Volume volume : pod.spec().volumes()) {
      var source = volume.ephemeral();
      PersistentVolumeClaimTemplate template = source == null ? null : source.volumeClaimTemplate();
      if (template != null) {
        provide(pod, volume, template);
      }
    }
    return Duration.ZERO;
  }

  private void provide(Pod pod, Volume volume, PersistentVolumeClaimTemplate template) {
    String namespace = pod.metadata().namespace();
    String name = Objects.requireNonNull(VolumeClaims.nameOf(pod, volume));
    PersistentVolumeClaim known = claims.get(namespace, name);
    if (known == null) {
      try {
        var unused = client.create(claim(pod, name, template));
        return;
      } catch (ApiException e) {
        if (e.code() == 409) {
          known = client.get(namespace, name);
        } else {
          events.warning(
              pod,
              "FailedBinding",
              "ephemeral volume %s: %s".formatted(volume.name(), e.getMessage()));
          throw e;
        }
      }
    }
    if (!VolumeClaims.belongsTo(known, pod)) {
      events.warning(
          pod,
          "FailedBinding",
          "ephemeral volume %s: PVC %s was not created for pod %s (pod is not owner)"
              .formatted(volume.name(), known.key(), pod.key()));
    }
  }

  private static PersistentVolumeClaim claim(
      Pod pod, String name, PersistentVolumeClaimTemplate template) {
    ObjectMeta given = template.metadata();
    return PersistentVolumeClaim.builder()
        .metadata(
            ObjectMeta.builder()
                .namespace(pod.metadata().namespace())
                .name(name)
                .labels(given.labels())
                .annotations(given.annotations())
                .ownerReferences(List.of(Owners.controllerReference(pod)))
                .build())
        .spec(template.spec())
        .build();
  }

  @Override
  public void close() {
    controller.close();
  }
}
