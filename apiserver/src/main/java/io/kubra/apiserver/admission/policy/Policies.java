package io.kubra.apiserver.admission.policy;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ChangeEvent;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policies of one kind that are in force, with their bindings, both in the order of their
 * names.
 *
 * @param <P> a policy
 */
final class Policies<P> {
  private static final Logger log = LoggerFactory.getLogger(Policies.class);
  private static final String GROUP = "admissionregistration.k8s.io";

  private final ObjectReader objects;
  private final GroupResource policyResource;
  private final GroupResource bindingResource;
  private final Function<Map<String, Object>, P> reader;
  private final Map<String, P> policies = new TreeMap<>();
  private final Map<String, Binding> bindings = new TreeMap<>();
  private volatile @Nullable List<Bound<P>> inForce;

  /** A policy with the bindings that put it in force. */
  record Bound<P>(P policy, List<Binding> bindings) {}

  /**
   * @param policies the resource of the policies
   * @param bindings the resource of the bindings
   */
  Policies(
      ObjectReader objects,
      String policies,
      String bindings,
      Function<Map<String, Object>, P> reader) {
    this.objects = objects;
    this.policyResource = new GroupResource(GROUP, policies);
    this.bindingResource = new GroupResource(GROUP, bindings);
    this.reader = reader;
  }

  /** Those with a binding. */
  List<Bound<P>> inForce() {
    List<Bound<P>> known = inForce;
    return known == null ? begin() : known;
  }

  private synchronized List<Bound<P>> begin() {
    List<Bound<P>> known = inForce;
    if (known == null) {
      objects.onChange(policyResource, e -> changed(e, policies, reader));
      objects.onChange(bindingResource, e -> changed(e, bindings, Binding::of));
      known = collect();
    }
    return known;
  }

  private synchronized <T> void changed(
      ChangeEvent event, Map<String, T> all, Function<Map<String, Object>, T> of) {
    String name = Trees.stringOr(event.object(), "", "metadata", "name");
    switch (event.type()) {
      case ADDED -> put(name, event.object(), all, of);
      case MODIFIED -> {
        // What did not change stays compiled.
        boolean same =
            event.previous() != null
                && Trees.equal(event.previous().get("spec"), event.object().get("spec"));
        if (!same) {
          put(name, event.object(), all, of);
        }
      }
      case DELETED -> all.remove(name);
    }
    if (inForce != null) {
      collect();
    }
  }

  private static <T> void put(
      String name,
      Map<String, Object> tree,
      Map<String, T> all,
      Function<Map<String, Object>, T> of) {
    try {
      all.put(name, of.apply(tree));
    } catch (ApiException e) {
      log.error("{} cannot be used: {}", name, e.message());
    }
  }

  private List<Bound<P>> collect() {
    List<Bound<P>> next = new ArrayList<>();
    policies.forEach(
        (name, policy) -> {
          List<Binding> own =
              bindings.values().stream().filter(b -> b.policy().equals(name)).toList();
          if (!own.isEmpty()) {
            next.add(new Bound<>(policy, own));
          }
        });
    inForce = List.copyOf(next);
    return next;
  }
}
