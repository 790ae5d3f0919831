package io.kubra.node.objects;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.EnvFromSource;
import io.kubra.model.core.v1.EnvVar;
import io.kubra.model.core.v1.LocalObjectReference;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Volume;
import io.kubra.model.core.v1.VolumeProjection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The objects a pod's spec names, by {@code namespace/name}.
 *
 * @param configMaps the ConfigMaps
 * @param secrets the Secrets
 */
public record PodReferences(Set<String> configMaps, Set<String> secrets) {
  /** No object. */
  public static final PodReferences NONE = new PodReferences(Set.of(), Set.of());

  /** Collects the references of a pod. */
  public static PodReferences of(Pod pod) {
    PodReferences found = new PodReferences(new LinkedHashSet<>(), new LinkedHashSet<>());
    String namespace = pod.metadata().namespace();
    for (LocalObjectReference secret : pod.spec().imagePullSecrets()) {
      add(found.secrets, namespace, secret.name());
    }
    Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream())
        .forEach(c -> found.addContainer(namespace, c));
    pod.spec().volumes().forEach(v -> found.addVolume(namespace, v));
    return found;
  }

  private void addContainer(String namespace, Container container) {
    for (EnvFromSource from : container.envFrom()) {
      if (from.configMapRef() != null) {
        add(configMaps, namespace, from.configMapRef().name());
      }
      if (from.secretRef() != null) {
        add(secrets, namespace, from.secretRef().name());
      }
    }
    for (EnvVar env : container.env()) {
      var from = env.valueFrom();
      if (from != null && from.configMapKeyRef() != null) {
        add(configMaps, namespace, from.configMapKeyRef().name());
      }
      if (from != null && from.secretKeyRef() != null) {
        add(secrets, namespace, from.secretKeyRef().name());
      }
    }
  }

  private void addVolume(String namespace, Volume volume) {
    if (volume.configMap() != null) {
      add(configMaps, namespace, volume.configMap().name());
    }
    if (volume.secret() != null) {
      add(secrets, namespace, volume.secret().secretName());
    }
    if (volume.projected() != null) {
      for (VolumeProjection source : volume.projected().sources()) {
        if (source.configMap() != null) {
          add(configMaps, namespace, source.configMap().name());
        }
        if (source.secret() != null) {
          add(secrets, namespace, source.secret().name());
        }
      }
    }
  }

  private static void add(Set<String> set, String namespace, @Nullable String name) {
    if (name != null && !name.isEmpty()) {
      set.add(namespace + "/" + name);
    }
  }
}
