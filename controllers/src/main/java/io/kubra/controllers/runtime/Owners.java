package io.kubra.controllers.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kubra.api.status.ApiException;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.model.KubernetesObject;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.model.meta.v1.OwnerReference;
import java.util.List;
import java.util.stream.Collectors;
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

  /** Whether the server still has the owner, and nobody deletes it. */
  public static <O extends KubernetesObject> boolean lives(ResourceClient<O> owners, O owner) {
    return owners
        .find(owner.metadata().namespace(), owner.metadata().name())
        .filter(o -> o.metadata().uid().equals(owner.metadata().uid()))
        .filter(o -> o.metadata().deletionTimestamp() == null)
        .isPresent();
  }

  /**
   * Makes {@code owner} the object's controller.
   *
   * @throws io.kubra.api.status.ApiException if the object has another controller by now, is
   *     another object or is gone
   */
  public static <T extends KubernetesObject> T adopt(
      ResourceClient<T> client, T object, KubernetesObject owner) {
    return adopt(client, object, owner, List.of());
  }

  /** Makes {@code owner} the object's controller and adds finalizers. */
  static <T extends KubernetesObject> T adopt(
      ResourceClient<T> client, T object, KubernetesObject owner, List<String> finalizers) {
    String reference = new String(controllerReference(owner).toJson(), UTF_8);
    return patch(
        client,
        object,
        reference,
        finalizers.isEmpty() ? "" : ",\"finalizers\":" + array(finalizers));
  }

  /** Takes {@code owner} out of the object's owners, if the object is still there. */
  public static <T extends KubernetesObject> void release(
      ResourceClient<T> client, T object, KubernetesObject owner) {
    release(client, object, owner, List.of());
  }

  /** Takes {@code owner} out of the object's owners, and finalizers off it. */
  static <T extends KubernetesObject> void release(
      ResourceClient<T> client, T object, KubernetesObject owner, List<String> finalizers) {
    try {
      patch(
          client,
          object,
          "{\"$patch\":\"delete\",\"uid\":\"" + owner.metadata().uid() + "\"}",
          finalizers.isEmpty()
              ? ""
              : ",\"$deleteFromPrimitiveList/finalizers\":" + array(finalizers));
    } catch (ApiException e) {
      // Gone, or a namesake with another uid by now.
      if (e.code() != 404 && e.code() != 409 && e.code() != 422) {
        throw e;
      }
    }
  }

  private static String array(List<String> values) {
    return values.stream().collect(Collectors.joining("\",\"", "[\"", "\"]"));
  }

  /** A strategic merge patch of one owner; the uid in it protects a namesake. */
  private static <T extends KubernetesObject> T patch(
      ResourceClient<T> client, T object, String reference, String more) {
    ObjectMeta m = object.metadata();
    String body =
        "{\"metadata\":{\"uid\":\"%s\",\"ownerReferences\":[%s]%s}}"
            .formatted(m.uid(), reference, more);
    return client.patch(m.namespace(), m.name(), PatchType.STRATEGIC, body.getBytes(UTF_8), null);
  }
}
