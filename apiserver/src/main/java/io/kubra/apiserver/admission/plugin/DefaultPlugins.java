package io.kubra.apiserver.admission.plugin;

import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.rbac.EscalationCheck;
import io.kubra.apiserver.rbac.RbacAuthorizer;
import io.kubra.apiserver.registry.ObjectAccess;
import java.util.ArrayList;
import java.util.List;

/** The plugins that are on unless configured otherwise. */
public final class DefaultPlugins {
  private DefaultPlugins() {}

  /**
   * All plugins, in the order in which they are to be called.
   *
   * @param privilegedInSandbox whether privileged pods must run in a sandbox
   */
  public static List<AdmissionPlugin> create(
      ObjectAccess objects,
      Authorizer authorizer,
      RbacAuthorizer rbac,
      boolean privilegedInSandbox) {
    List<AdmissionPlugin> plugins = new ArrayList<>(base(objects, authorizer, rbac));
    if (privilegedInSandbox) {
      // The RuntimeClass plugin then gives the pod what the chosen class brings.
      plugins.addFirst(new PrivilegedSandbox(objects));
    }
    return plugins;
  }

  private static List<AdmissionPlugin> base(
      ObjectAccess objects, Authorizer authorizer, RbacAuthorizer rbac) {
    return List.of(
        new NamespaceLifecycle(objects),
        new LimitRanger(objects),
        new ServiceAccount(objects),
        new NodeRestriction(objects),
        new TaintNodesByCondition(),
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
        // Last: what it books should also be stored.
        new ResourceQuota(objects));
  }
}
