package io.kubra.apiserver.admission.plugin;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.List;
import java.util.Map;

/** Claims that name no storage class get the default one; the newest if there are several. */
final class DefaultStorageClass implements AdmissionPlugin {
  private static final DefaultClass DEFAULT =
      new DefaultClass(
          new GroupResource("storage.k8s.io", "storageclasses"),
          List.of(
              "storageclass.kubernetes.io/is-default-class",
              "storageclass.beta.kubernetes.io/is-default-class"));
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
    DEFAULT.find(objects).ifPresent(name -> Trees.set(claim, name, "spec", "storageClassName"));
  }
}
