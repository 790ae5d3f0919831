package io.kubra.apiserver.admission.plugin;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.List;
import java.util.Map;

/** Ingresses that name no class get the default one; the newest if there are several. */
final class DefaultIngressClass implements AdmissionPlugin {
  private static final DefaultClass DEFAULT =
      new DefaultClass(
          new GroupResource("networking.k8s.io", "ingressclasses"),
          List.of("ingressclass.kubernetes.io/is-default-class"));
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
    DEFAULT.find(objects).ifPresent(name -> Trees.set(ingress, name, "spec", "ingressClassName"));
  }
}
