package io.kubra.controllers;

import io.kubra.model.apps.v1.Deployment;
import io.kubra.model.apps.v1.DeploymentSpec;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodSpec;
import io.kubra.model.core.v1.PodTemplateSpec;
import io.kubra.model.meta.v1.LabelSelector;
import io.kubra.model.meta.v1.ObjectMeta;
import java.util.List;
import java.util.Map;

/** Small objects for tests. */
final class Workloads {
  private Workloads() {}

  static Map<String, String> labels(String app) {
    return Map.of("app", app);
  }

  static Deployment deployment(String namespace, String name, int replicas, String image) {
    return Deployment.builder()
        .metadata(ObjectMeta.builder().namespace(namespace).name(name).build())
        .spec(
            DeploymentSpec.builder()
                .replicas(replicas)
                .selector(LabelSelector.builder().matchLabels(labels(name)).build())
                .template(template(name, image))
                .build())
        .build();
  }

  static PodTemplateSpec template(String app, String image) {
    return PodTemplateSpec.builder()
        .metadata(ObjectMeta.builder().labels(labels(app)).build())
        .spec(spec(image))
        .build();
  }

  static PodSpec spec(String image) {
    return PodSpec.builder()
        .containers(List.of(Container.builder().name("main").image(image).build()))
        .build();
  }

  static Pod pod(String namespace, String name, String image) {
    return Pod.builder()
        .metadata(ObjectMeta.builder().namespace(namespace).name(name).labels(labels(name)).build())
        .spec(spec(image))
        .build();
  }
}
