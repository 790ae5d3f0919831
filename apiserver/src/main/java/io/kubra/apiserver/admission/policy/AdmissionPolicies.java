package io.kubra.apiserver.admission.policy;

import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.metrics.MetricRegistry;

/** The plugins that enforce policies. */
public final class AdmissionPolicies {
  private final ObjectReader objects;
  private final Authorizer authorizer;
  private final PolicyMetrics metrics;

  /** Follows the policies among the objects from the first write on. */
  public AdmissionPolicies(ObjectReader objects, Authorizer authorizer, MetricRegistry metrics) {
    this.objects = objects;
    this.authorizer = authorizer;
    this.metrics = new PolicyMetrics(metrics);
  }

  /** The plugin MutatingAdmissionPolicy. */
  public AdmissionPlugin mutating() {
    return new MutatingPolicies(objects, authorizer, metrics);
  }

  /** The plugin ValidatingAdmissionPolicy. */
  public AdmissionPlugin validating() {
    return new ValidatingPolicies(objects, authorizer, metrics);
  }

  /** Keeps those from making policies who may not read what the policies read. */
  public AdmissionPlugin parameterAccess() {
    return new ParameterAccess(objects, authorizer);
  }
}
