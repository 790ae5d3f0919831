package io.kubra.apiserver.rules.declared;

import io.kubra.apiserver.rules.KindRulesRegistry;

/** All kinds whose rules are declared. */
public final class DeclaredKinds {
  private DeclaredKinds() {}

  /** Adds the rules of these kinds to a registry. */
  public static void register(KindRulesRegistry registry) {
    RbacKinds.register(registry);
    NetworkKinds.register(registry);
    OtherKinds.register(registry);
  }
}
