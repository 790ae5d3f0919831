package io.kubra.controllers.statefulset;

import io.kubra.api.status.ApiException;
import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.model.apps.v1.StatefulSet;
import io.kubra.model.core.v1.Pod;

/** Creates, corrects and deletes single pods of StatefulSets, with their claims and events. */
final class PodWriter {
  private final ResourceClient<Pod> client;
  private final ClaimControl claims;
  private final EventRecorder events;

  PodWriter(ResourceClient<Pod> client, ClaimControl claims, EventRecorder events) {
    this.client = client;
    this.claims = claims;
    this.events = events;
  }

  /** Creates a pod and its claims. */
  void create(StatefulSet set, Pod pod) {
    attempt(
        set,
        pod,
        "create",
        () -> {
          claims.create(set, pod);
          client.create(pod);
        });
    claims.retain(set, pod, false);
  }

  void delete(StatefulSet set, Pod pod) {
    attempt(
        set, pod, "delete", () -> client.delete(pod.metadata().namespace(), pod.metadata().name()));
  }

  /** Gives a pod what it must have: labels, claims, and the owners of those. */
  void correct(StatefulSet set, Pod pod) {
    Pod identified = Identity.identified(set, pod);
    if (!identified.equals(pod)) {
      attempt(set, pod, "update", () -> client.update(identified));
    }
    claims.create(set, pod);
    claims.retain(set, pod, false);
  }

  private void attempt(StatefulSet set, Pod pod, String verb, Runnable action) {
    String what =
        "%s Pod %s in StatefulSet %s".formatted(verb, pod.metadata().name(), set.metadata().name());
    String reason = Character.toUpperCase(verb.charAt(0)) + verb.substring(1);
    try {
      action.run();
      events.normal(set, "Successful" + reason, what + " successful");
    } catch (ApiException e) {
      // The cache is behind: it is there already, or already gone.
      if (e.code() != 409 && e.code() != 404) {
        events.warning(set, "Failed" + reason, what + " failed error: " + e.getMessage());
      }
      throw e;
    }
  }
}
