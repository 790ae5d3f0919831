package io.kubra.apiserver.nodeauth;

import io.kubra.api.tree.Trees;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a pod refers to, of the kinds that its node may read for it. */
final class PodReferences {
  private static final List<String> CONTAINER_LISTS =
      List.of("initContainers", "containers", "ephemeralContainers");

  /** An object that is referred to; the resource is the plural. */
  record Reference(String resource, String namespace, String name) {}

  private final String namespace;
  private final Set<Reference> found = new HashSet<>();

  private PodReferences(String namespace) {
    this.namespace = namespace;
  }

  static Set<Reference> of(Map<String, Object> pod) {
    PodReferences references = new PodReferences(Trees.stringOr(pod, "", "metadata", "namespace"));
    references.collect(pod);
    return references.found;
  }

  private void collect(Map<String, Object> pod) {
    add("serviceaccounts", Trees.string(pod, "spec", "serviceAccountName"));
    for (Map<String, Object> secret : Trees.maps(pod, "spec", "imagePullSecrets")) {
      add("secrets", Trees.string(secret, "name"));
    }
    for (String list : CONTAINER_LISTS) {
      for (Map<String, Object> container : Trees.maps(pod, "spec", list)) {
        for (Map<String, Object> env : Trees.maps(container, "env")) {
          add("secrets", Trees.string(env, "valueFrom", "secretKeyRef", "name"));
          add("configmaps", Trees.string(env, "valueFrom", "configMapKeyRef", "name"));
        }
        for (Map<String, Object> env : Trees.maps(container, "envFrom")) {
          add("secrets", Trees.string(env, "secretRef", "name"));
          add("configmaps", Trees.string(env, "configMapRef", "name"));
        }
      }
    }
    String podName = Trees.stringOr(pod, "", "metadata", "name");
    for (Map<String, Object> volume : Trees.maps(pod, "spec", "volumes")) {
      volume(podName, volume);
    }
    for (Map<String, Object> status : Trees.maps(pod, "status", "resourceClaimStatuses")) {
      add("resourceclaims", Trees.string(status, "resourceClaimName"));
    }
    for (Map<String, Object> claim : Trees.maps(pod, "spec", "resourceClaims")) {
      add("resourceclaims", Trees.string(claim, "resourceClaimName"));
    }
  }

  private void volume(String podName, Map<String, Object> volume) {
    add("secrets", Trees.string(volume, "secret", "secretName"));
    add("configmaps", Trees.string(volume, "configMap", "name"));
    add("persistentvolumeclaims", Trees.string(volume, "persistentVolumeClaim", "claimName"));
    if (volume.get("ephemeral") != null) {
      add("persistentvolumeclaims", podName + "-" + Trees.stringOr(volume, "", "name"));
    }
    for (Map<String, Object> source : Trees.maps(volume, "projected", "sources")) {
      add("secrets", Trees.string(source, "secret", "name"));
      add("configmaps", Trees.string(source, "configMap", "name"));
    }
    for (String kind : List.of("flexVolume", "cephfs", "iscsi", "rbd", "scaleIO", "storageos")) {
      add("secrets", Trees.string(volume, kind, "secretRef", "name"));
    }
    add("secrets", Trees.string(volume, "csi", "nodePublishSecretRef", "name"));
    add("secrets", Trees.string(volume, "azureFile", "secretName"));
  }

  private void add(String resource, @Nullable String name) {
    if (name != null && !name.isEmpty()) {
      found.add(new Reference(resource, namespace, name));
    }
  }
}
