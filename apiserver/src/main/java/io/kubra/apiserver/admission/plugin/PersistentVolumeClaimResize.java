package io.kubra.apiserver.admission.plugin;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.quantity.Quantity;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Claims may ask for more only if they are bound and their class allows it. */
final class PersistentVolumeClaimResize implements AdmissionPlugin {
  private static final GroupResource CLASSES =
      new GroupResource("storage.k8s.io", "storageclasses");
  private static final String BETA_CLASS = "volume.beta.kubernetes.io/storage-class";
  private final ObjectReader objects;

  PersistentVolumeClaimResize(ObjectReader objects) {
    this.objects = objects;
  }

  @Override
  public String name() {
    return "PersistentVolumeClaimResize";
  }

  @Override
  public void validate(AdmissionContext context) {
    if (context.operation() != Operation.UPDATE || !context.isFor("", "persistentvolumeclaims")) {
      return;
    }
    Map<String, Object> claim = context.object();
    Map<String, Object> old = context.oldObject();
    Quantity size = size(claim);
    Quantity before = size(old);
    if (size == null || before == null || size.compareTo(before) <= 0) {
      return;
    }
    if (!"Bound".equals(Trees.string(old, "status", "phase"))) {
      throw Refusal.forbidden(context, "Only bound persistent volume claims can be expanded");
    }
    String className = className(claim);
    if (className.isEmpty()
        || !className.equals(className(old))
        || !Trees.bool(objects.get(CLASSES, "", className), "allowVolumeExpansion")) {
      throw Refusal.forbidden(
          context,
          "only dynamically provisioned pvc can be resized and the storageclass that provisions"
              + " the pvc must support resize");
    }
  }

  private static @Nullable Quantity size(@Nullable Map<String, Object> claim) {
    Object size = Trees.get(claim, "spec", "resources", "requests", "storage");
    return size == null ? null : Quantity.tryParse(size.toString());
  }

  private static String className(@Nullable Map<String, Object> claim) {
    String beta = Trees.string(claim, "metadata", "annotations", BETA_CLASS);
    return beta != null ? beta : Trees.stringOr(claim, "", "spec", "storageClassName");
  }
}
