package io.kubra.apiserver.admission.plugin;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.auth.Authorizer;

/** Who puts a certificate into a request needs the permission to sign for its signer. */
final class CertificateSigning implements AdmissionPlugin {
  private final Authorizer authorizer;

  CertificateSigning(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  @Override
  public String name() {
    return "CertificateSigning";
  }

  @Override
  public void validate(AdmissionContext context) {
    if (context.operation() != Operation.UPDATE
        || !context.subresource().equals("status")
        || !context.resource().gvr().resource().equals(Signers.REQUESTS)
        || !context.resource().gvr().group().equals(Signers.GROUP)) {
      return;
    }
    String before = Trees.stringOr(context.oldObject(), "", "status", "certificate");
    String after = Trees.stringOr(context.object(), "", "status", "certificate");
    String signer = Trees.stringOr(context.oldObject(), "", "spec", "signerName");
    if (!before.equals(after) && !Signers.may(authorizer, context.user(), "sign", signer)) {
      throw Refusal.forbidden(
          context, "user not permitted to sign requests with signerName \"%s\"".formatted(signer));
    }
  }
}
