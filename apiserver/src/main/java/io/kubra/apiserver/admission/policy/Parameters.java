package io.kubra.apiserver.admission.policy;

import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.api.selector.LabelSelector;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.cel.CelException;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the parameters of policies. */
final class Parameters {
  private static final List<@Nullable Map<String, Object>> NONE = Collections.singletonList(null);
  private final ObjectReader objects;

  Parameters(ObjectReader objects) {
    this.objects = objects;
  }

  /**
   * The parameters of a binding for a request; the policy is evaluated for each of them. Null
   * stands for no parameters: the policy or the binding asks for none.
   *
   * @throws CelException if they cannot be found
   */
  List<@Nullable Map<String, Object>> find(
      @Nullable GroupVersionKind kind, Binding binding, String requestNamespace) {
    Binding.ParamReference reference = binding.reference();
    if (kind == null || reference == null) {
      return NONE;
    }
    ResourceInfo resource = objects.resourceOf(kind);
    if (resource == null) {
      throw new CelException(
          "paramKind kind `"
              + "&ParamKind{APIVersion:%s,Kind:%s,}".formatted(kind.groupVersion(), kind.kind())
              + "` not known");
    }
    String namespace = namespace(resource, reference, requestNamespace);
    List<@Nullable Map<String, Object>> found = new ArrayList<>();
    LabelSelector selector = reference.selector();
    if (selector == null) {
      Map<String, Object> only = objects.get(resource, namespace, reference.name());
      if (only != null) {
        found.add(only);
      }
    } else {
      for (Map<String, Object> one :
          objects.list(resource, resource.namespaced() ? namespace : null)) {
        if (selector.matches(Trees.map(one, "metadata", "labels"))) {
          found.add(one);
        }
      }
    }
    if (found.isEmpty() && reference.denyMissing()) {
      throw new CelException(
          "no params found for policy binding with `Deny` parameterNotFoundAction");
    }
    return found;
  }

  private static String namespace(
      ResourceInfo resource, Binding.ParamReference reference, String requestNamespace) {
    if (!resource.namespaced()) {
      if (!reference.namespace().isEmpty()) {
        throw new CelException(
            "paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
      }
      return "";
    }
    String namespace = reference.namespace().isEmpty() ? requestNamespace : reference.namespace();
    if (namespace.isEmpty()) {
      throw new CelException(
          "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
    }
    return namespace;
  }
}
