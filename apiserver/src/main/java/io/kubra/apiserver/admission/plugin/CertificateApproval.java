package io.kubra.apiserver.admission.plugin;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.auth.Authorizer;

/** Who approves a certificate request needs the permission to do so for its signer. */
final class CertificateApproval implements AdmissionPlugin {
  private final Authorizer authorizer;

  CertificateApproval(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  @Override
  public String name() {
    return "CertificateApproval";
  }

  @Override
  public void validate(AdmissionContext context) {
    if (context.operation() != Operation.UPDATE
        || !context.subresource().equals("approval")
        || !context.resource().gvr().resource().equals(Signers.REQUESTS)
        || !context.resource().gvr().group().equals(Signers.GROUP)) {
      return;
    }
    String signer = Trees.stringOr(context.oldObject(), "", "spec", "signerName");
    if (!Signers.may(authorizer, context.user(), "approve", signer)) {
      throw Refusal.forbidden(
          context,
          "user not permitted to approve requests with signerName \"%s\"".formatted(signer));
    }
  }
}
