package io.kubra.apiserver.admission.plugin;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.Operation;
import java.util.List;
import java.util.Map;

/** New claims and volumes get the finalizers that keep them while they are in use. */
final class StorageObjectInUseProtection implements AdmissionPlugin {
  private static final String CLAIM = "kubernetes.io/pvc-protection";
  private static final String VOLUME = "kubernetes.io/pv-protection";

  @Override
  public String name() {
    return "StorageObjectInUseProtection";
  }

  @Override
  public void mutate(AdmissionContext context) {
    Map<String, Object> object = context.object();
    if (object == null || context.operation() != Operation.CREATE) {
      return;
    }
    if (context.isFor("", "persistentvolumeclaims")) {
      protect(object, CLAIM);
    } else if (context.isFor("", "persistentvolumes")) {
      protect(object, VOLUME);
    }
  }

  private static void protect(Map<String, Object> object, String finalizer) {
    List<Object> finalizers = Trees.ensureList(object, "metadata", "finalizers");
    if (!finalizers.contains(finalizer)) {
      finalizers.add(finalizer);
    }
  }
}
