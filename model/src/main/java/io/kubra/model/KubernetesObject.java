package io.kubra.model;

import io.kubra.model.meta.v1.ObjectMeta;

/** An object that the API server stores: it has a kind, an API version and metadata. */
public interface KubernetesObject extends ModelType {
  /** The group and version, for example {@code apps/v1}, or {@code v1} for the core group. */
  String apiVersion();

  /** The kind, for example {@code Pod}. */
  String kind();

  /** The metadata; never null. */
  ObjectMeta metadata();

  /** This object with other metadata. */
  KubernetesObject withMetadata(ObjectMeta metadata);

  /** {@code namespace/name}, or only the name for cluster-scoped objects. */
  default String key() {
    ObjectMeta m = metadata();
    return m.namespace().isEmpty() ? m.name() : m.namespace() + "/" + m.name();
  }
}
