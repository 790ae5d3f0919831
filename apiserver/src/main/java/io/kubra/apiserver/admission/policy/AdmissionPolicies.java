package io.kubra.apiserver.admission.policy;

import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.registry.ObjectReader;

/** The plugins that enforce policies. */
public final class AdmissionPolicies {
  private AdmissionPolicies() {}

  /** The plugin MutatingAdmissionPolicy. */
  public static AdmissionPlugin mutating(ObjectReader objects, Authorizer authorizer) {
    return new MutatingPolicies(objects, authorizer);
  }

  /** The plugin ValidatingAdmissionPolicy. */
  public static AdmissionPlugin validating(ObjectReader objects, Authorizer authorizer) {
    return new ValidatingPolicies(objects, authorizer);
  }
}
