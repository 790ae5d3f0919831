package io.kubra.apiserver.admission.plugin;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.Comparator;
import java.util.Map;

/** Ingresses that name no class get the default one; the newest if there are several. */
final class DefaultIngressClass implements AdmissionPlugin {
  private static final GroupResource CLASSES =
      new GroupResource("networking.k8s.io", "ingressclasses");
  private static final String DEFAULT = "ingressclass.kubernetes.io/is-default-class";
  private static final String OLD_CLASS = "kubernetes.io/ingress.class";
  private final ObjectReader objects;

  DefaultIngressClass(ObjectReader objects) {
    this.objects = objects;
  }

  @Override
  public String name() {
    return "DefaultIngressClass";
  }

  @Override
  public void mutate(AdmissionContext context) {
    Map<String, Object> ingress = context.object();
    if (ingress == null
        || context.operation() != Operation.CREATE
        || !context.isFor("networking.k8s.io", "ingresses")
        || Trees.get(ingress, "spec", "ingressClassName") != null
        || Trees.get(ingress, "metadata", "annotations", OLD_CLASS) != null) {
      return;
    }
    Comparator<Map<String, Object>> newest =
        Comparator.comparing(c -> Trees.stringOr(c, "", "metadata", "creationTimestamp"));
    Comparator<Map<String, Object>> byName =
        Comparator.comparing(c -> Trees.stringOr(c, "", "metadata", "name"));
    objects.list(CLASSES, null).stream()
        .filter(c -> "true".equals(Trees.string(c, "metadata", "annotations", DEFAULT)))
        .max(newest.thenComparing(byName.reversed()))
        .ifPresent(
            c ->
                Trees.set(
                    ingress,
                    Trees.stringOr(c, "", "metadata", "name"),
                    "spec",
                    "ingressClassName"));
  }
}
