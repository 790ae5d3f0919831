package io.kubra.apiserver.admission.plugin;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.Comparator;
import java.util.Map;

/** Claims that name no storage class get the default one; the newest if there are several. */
final class DefaultStorageClass implements AdmissionPlugin {
  private static final GroupResource CLASSES =
      new GroupResource("storage.k8s.io", "storageclasses");
  private static final String DEFAULT = "storageclass.kubernetes.io/is-default-class";
  private static final String BETA_DEFAULT = "storageclass.beta.kubernetes.io/is-default-class";
  private static final String BETA_CLASS = "volume.beta.kubernetes.io/storage-class";
  private final ObjectReader objects;

  DefaultStorageClass(ObjectReader objects) {
    this.objects = objects;
  }

  @Override
  public String name() {
    return "DefaultStorageClass";
  }

  @Override
  public void mutate(AdmissionContext context) {
    Map<String, Object> claim = context.object();
    if (claim == null
        || context.operation() != Operation.CREATE
        || !context.isFor("", "persistentvolumeclaims")
        || Trees.get(claim, "spec", "storageClassName") != null
        || Trees.get(claim, "metadata", "annotations", BETA_CLASS) != null) {
      return;
    }
    Comparator<Map<String, Object>> newest =
        Comparator.comparing(c -> Trees.stringOr(c, "", "metadata", "creationTimestamp"));
    Comparator<Map<String, Object>> byName =
        Comparator.comparing(c -> Trees.stringOr(c, "", "metadata", "name"));
    objects.list(CLASSES, null).stream()
        .filter(DefaultStorageClass::isDefault)
        .max(newest.thenComparing(byName.reversed()))
        .ifPresent(
            c ->
                Trees.set(
                    claim, Trees.stringOr(c, "", "metadata", "name"), "spec", "storageClassName"));
  }

  private static boolean isDefault(Map<String, Object> storageClass) {
    return "true".equals(Trees.string(storageClass, "metadata", "annotations", DEFAULT))
        || "true".equals(Trees.string(storageClass, "metadata", "annotations", BETA_DEFAULT));
  }
}
