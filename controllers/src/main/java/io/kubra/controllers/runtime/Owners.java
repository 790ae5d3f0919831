package io.kubra.controllers.runtime;

import io.kubra.model.KubernetesObject;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.model.meta.v1.OwnerReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Owner references as controllers write and read them. */
public final class Owners {
  private Owners() {}

  /** The reference by which {@code owner} controls an object. */
  public static OwnerReference controllerReference(KubernetesObject owner) {
    return OwnerReference.builder()
        .apiVersion(owner.apiVersion())
        .kind(owner.kind())
        .name(owner.metadata().name())
        .uid(owner.metadata().uid())
        .controller(true)
        .blockOwnerDeletion(true)
        .build();
  }

  /** The reference to the object's controller, or null. */
  public static @Nullable OwnerReference controllerOf(KubernetesObject object) {
    for (OwnerReference reference : object.metadata().ownerReferences()) {
      if (Boolean.TRUE.equals(reference.controller())) {
        return reference;
      }
    }
    return null;
  }

  /** Whether {@code owner} controls the object. */
  public static boolean controls(KubernetesObject owner, KubernetesObject object) {
    OwnerReference reference = controllerOf(object);
    return reference != null && reference.uid().equals(owner.metadata().uid());
  }

  /** The keys of the object's controller, if it has the given kind: none or one. */
  public static List<String> keysOf(KubernetesObject object, String kind) {
    OwnerReference reference = controllerOf(object);
    return reference != null && reference.kind().equals(kind)
        ? List.of(object.metadata().namespace() + "/" + reference.name())
        : List.of();
  }

  /** Metadata with a further owner. */
  public static ObjectMeta adopted(ObjectMeta metadata, KubernetesObject owner) {
    List<OwnerReference> references = new ArrayList<>(metadata.ownerReferences());
    references.add(controllerReference(owner));
    return metadata.toBuilder().ownerReferences(references).build();
  }

  /** Metadata without an owner. */
  public static ObjectMeta released(ObjectMeta metadata, KubernetesObject owner) {
    return metadata.toBuilder()
        .ownerReferences(
            metadata.ownerReferences().stream()
                .filter(r -> !r.uid().equals(owner.metadata().uid()))
                .toList())
        .build();
  }
}
