package io.kubra.apiserver.admission.plugin;

import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.podsecurity.PodSecurity;
import io.kubra.apiserver.admission.podsecurity.PodSecurityConfig;
import io.kubra.apiserver.admission.policy.AdmissionPolicies;
import io.kubra.apiserver.admission.webhook.AdmissionWebhooks;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.rbac.EscalationCheck;
import io.kubra.apiserver.rbac.RbacAuthorizer;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.metrics.MetricRegistry;
import java.util.ArrayList;
import java.util.List;

/** The plugins that are on unless configured otherwise. */
public final class DefaultPlugins {
  private DefaultPlugins() {}

  /**
   * All plugins, in the order in which they are to be called.
   *
   * @param privilegedInSandbox whether privileged pods must run in a sandbox
   * @param podSecurity what is asked of pods in namespaces without labels, and who is exempt
   * @param metrics where decisions are counted
   */
  public static List<AdmissionPlugin> create(
      ObjectAccess objects,
      Authorizer authorizer,
      RbacAuthorizer rbac,
      AdmissionWebhooks webhooks,
      boolean privilegedInSandbox,
      PodSecurityConfig podSecurity,
      MetricRegistry metrics) {
    PodSecurity security = new PodSecurity(objects, podSecurity, metrics);
    List<AdmissionPlugin> plugins =
        new ArrayList<>(
            base(
                objects,
                authorizer,
                rbac,
                webhooks,
                new AdmissionPolicies(objects, authorizer, metrics),
                security));
    if (privilegedInSandbox) {
      // The RuntimeClass plugin then gives the pod what the chosen class brings.
      plugins.addFirst(new PrivilegedSandbox(objects));
    }
    return plugins;
  }

  private static List<AdmissionPlugin> base(
      ObjectAccess objects,
      Authorizer authorizer,
      RbacAuthorizer rbac,
      AdmissionWebhooks webhooks,
      AdmissionPolicies policies,
      PodSecurity podSecurity) {
    return List.of(
        new NamespaceLifecycle(objects),
        new LimitRanger(objects),
        new ServiceAccount(objects),
        new NodeRestriction(objects),
        new TaintNodesByCondition(),
        podSecurity,
        new Priority(objects),
        new DefaultTolerationSeconds(),
        new DefaultStorageClass(objects),
        new StorageObjectInUseProtection(),
        new PersistentVolumeClaimResize(objects),
        new RuntimeClass(objects),
        new CertificateApproval(authorizer),
        new CertificateSigning(authorizer),
        new CertificateSubjectRestriction(),
        new DefaultIngressClass(objects),
        new EscalationCheck(rbac, authorizer),
        policies.mutating(),
        webhooks.mutating(),
        policies.parameterAccess(),
        policies.validating(),
        webhooks.validating(),
        // Last: what it books should also be stored.
        new ResourceQuota(objects));
  }
}
