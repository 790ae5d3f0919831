package io.kubra.apiserver;

import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.storage.AdmissionChain;
import java.util.List;

/**
 * Stands in for the admission chain while the server is put together: the plugins need access to
 * the objects, and that access comes from the writer that calls them.
 */
final class LateAdmission implements AdmissionPlugin {
  volatile AdmissionChain plugins = new AdmissionChain(List.of());

  @Override
  public String name() {
    return "chain";
  }

  @Override
  public void mutate(AdmissionContext context) {
    plugins.mutate(context);
  }

  @Override
  public void validate(AdmissionContext context) {
    plugins.validate(context);
  }
}
